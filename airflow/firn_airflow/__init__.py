"""Firn's pipelines as Airflow DAGs, and the requests that run them on EMR.

``from firn_airflow import dags`` imports Airflow; the other modules need none.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "dags":
        from firn_airflow.factory import dags

        return dags
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

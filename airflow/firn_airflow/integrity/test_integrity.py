"""What has to hold of any project before it is deployed."""

from __future__ import annotations

import socket
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def test_every_pipeline_can_be_read(made: dict[str, Any]) -> None:
    broken = [dag.doc_md for dag in made.values() if "firn-broken" in dag.tags]
    assert not broken, "\n".join(broken)


def test_there_is_a_pipeline(made: dict[str, Any]) -> None:
    assert [name for name, dag in made.items() if dag.has_task("load")]


def test_airflow_can_store_every_dag(made: dict[str, Any]) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in made.values():
        DagSerialization.validate_schema(DagSerialization.to_dict(dag))


def test_no_two_pipelines_write_one_table(made: dict[str, Any]) -> None:
    writers: dict[str, str] = {}
    for name, dag in made.items():
        for task in dag.tasks:
            for asset in task.outlets:
                other = writers.setdefault(asset.uri, name)
                assert other == name, f"{asset.uri} is written by {other} and by {name}"


def test_reading_the_project_asks_no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    from firn_airflow import dags

    def refused(*_: object) -> None:
        raise AssertionError("a connection was opened while the DAGs were made")

    monkeypatch.setattr(socket.socket, "connect", refused)
    option = request.config.getoption
    assert dags(option("--project"), profile=option("--profile"), target=option("--target"))

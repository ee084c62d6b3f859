"""The options of the integrity tests; loaded by ``-p``, so that other tests of the same Python know nothing of them."""

from __future__ import annotations

from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("firn")
    group.addoption("--project", required=True, help="the folder of firn.yaml and the pipelines")
    group.addoption("--profile", default=None)
    group.addoption("--target", default="local", help="local, serverless, ec2 or eks")


@pytest.fixture(scope="session")
def made(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The DAGs that Airflow would see."""
    from firn_airflow import dags

    option = request.config.getoption
    return dags(option("--project"), profile=option("--profile"), target=option("--target"))

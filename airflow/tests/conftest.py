"""Airflow of the tests: its home under target/, SQLite, no examples; every address is on 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE = Path(__file__).resolve().parent.parent
WORK = MODULE / "target" / "work"

shutil.rmtree(WORK, ignore_errors=True)
(WORK / "dags").mkdir(parents=True)
os.environ.update(
    AIRFLOW_HOME=str(WORK / "airflow"),
    AIRFLOW__CORE__DAGS_FOLDER=str(WORK / "dags"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    # On a busy machine an import takes longer than the half minute that Airflow gives it.
    AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT="300",
    AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT="600",
    AIRFLOW__API_AUTH__JWT_SECRET="only-for-tests-" * 5,
    PYTHONPATH=str(MODULE),
    PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    # Commands end before the second compiler would pay.
    FIRN_JAVA_OPTS="-XX:TieredStopAtLevel=1",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=str(WORK / "none"),
    AWS_SHARED_CREDENTIALS_FILE=str(WORK / "none"),
)
sys.path.insert(0, str(MODULE))

import pytest  # noqa: E402
from standin import StandIn  # noqa: E402


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's tables, made once."""
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)


@pytest.fixture(scope="session")
def all_of_aws() -> Iterator[StandIn]:
    stand_in = StandIn()
    os.environ["AWS_ENDPOINT_URL"] = stand_in.url
    yield stand_in
    stand_in.close()
    requests = MODULE / "target" / "requests"
    requests.mkdir(exist_ok=True)
    (requests / "orchestrator.txt").write_text("".join(f"{line}\n" for line in sorted(stand_in.actions)))


@pytest.fixture
def aws(all_of_aws: StandIn) -> StandIn:
    all_of_aws.forget()
    return all_of_aws

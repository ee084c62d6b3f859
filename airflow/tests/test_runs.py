"""DAGs run by Airflow against stand-ins of AWS: the request that arrives, and the state that each end leads to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from airflow.sdk import TaskInstanceState
from airflow.utils.session import create_session
from conftest import WORK
from projects import CLICKS, SHOP, write

from firn_airflow import dags

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime(2026, 11, 21, 0, 5, tzinfo=timezone.utc)
TARGETS = ["ec2", "serverless", "eks"]

pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture(scope="session")
def project() -> Path:
    """The two lines that a user writes, for each target; in the folder of DAGs, since a test run reads it again."""
    folder = write(WORK / "project", clicks=CLICKS, shop=SHOP)
    for target in TARGETS:
        text = (
            "from firn_airflow import dags\n"
            f"globals().update(dags({str(folder)!r}, profile='prod', target='{target}', prefix='{target}_', poll=1,"
            " pool='default_pool'))\n"
        )
        (WORK / "dags" / f"{target}.py").write_text(text)
    return folder


def _made(project: Path, target: str) -> dict:
    return dags(project, profile="prod", target=target, prefix=f"{target}_", poll=1, pool="default_pool")


def _states(run) -> dict[str, tuple[str, int]]:
    with create_session() as session:
        found = run.get_task_instances(session=session)
        return {f"{ti.task_id}{ti.map_index if ti.map_index >= 0 else ''}": (ti.state, ti.try_number) for ti in found}


def _comparable(parameters: dict) -> dict:
    text = re.sub(r"(2026-11-20|run|latest)-[0-9a-f]{12}", "KEY", json.dumps(parameters))
    text = re.sub(r"(clicks|shop)([-/])(2026-11-20|latest)\b", r"\1\2KEY", text)
    return {name: value for name, value in json.loads(text).items() if name != "clientToken"}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("kind", "name"), [("dump", "clicks"), ("topics", "shop")])
def test_the_request_that_arrives_is_the_golden_one(aws, project: Path, target: str, kind: str, name: str) -> None:
    run = _made(project, target)[f"{target}_{name}"].test(logical_date=DAY)
    assert _states(run) == {"load": (TaskInstanceState.SUCCESS, 1)}
    (started,) = aws.started
    golden = json.loads((GOLDEN / f"{kind}-{target}.txt").read_text().split("\n\n")[-1])
    assert _comparable(started["parameters"]) == _comparable(golden)


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [*((target, 3, "the quality gate closed (exit 3)") for target in TARGETS), ("eks", 2, "configuration is wrong (exit 2)")],
)  # fmt: skip
def test_a_closed_gate_and_a_wrong_configuration_fail_at_once(
    aws, project: Path, capfd, target: str, code: int, said: str
) -> None:
    aws.codes, aws.reason, aws.polls_until_end = [code], "7 of 100 lines are bad", 1
    run = _retrying(_made(project, target)[f"{target}_clicks"])
    assert run.state == "failed"
    assert _states(run) == {"load": (TaskInstanceState.FAILED, 1)}
    assert len(aws.started) == 1
    log = "".join(capfd.readouterr())
    assert re.search(re.escape(said) + ".*: 7 of 100 lines are bad", log)


@pytest.mark.parametrize(("target", "late"), [("ec2", 1), ("serverless", 4), ("eks", 1)])
def test_a_late_source_is_asked_again_by_a_new_job(aws, project: Path, target: str, late: int) -> None:
    aws.codes, aws.reason = [4] * late + [0], "2026-11-20 has no files yet"
    run = _retrying(_made(project, target)[f"{target}_clicks"])
    assert _states(run) == {"load": (TaskInstanceState.SUCCESS, late + 1)}
    assert len({json.dumps(started["parameters"]) for started in aws.started}) == late + 1


def test_other_failures_are_final_after_three_tries(aws, project: Path) -> None:
    aws.codes, aws.lose_results = [1], True
    run = _retrying(_made(project, "serverless")["serverless_clicks"])
    assert _states(run) == {"load": (TaskInstanceState.FAILED, 3)}
    assert len(aws.started) == 3


def test_a_job_that_ends_well_without_a_result_is_a_failure(aws, project: Path) -> None:
    aws.lose_results = True
    run = _retrying(_made(project, "serverless")["serverless_clicks"])
    assert run.state == "failed"


@pytest.mark.parametrize("target", TARGETS)
def test_upkeep_runs_for_each_table_that_health_names(aws, project: Path, target: str) -> None:
    aws.result = [{"table": "lake.web.clicks"}, {"table": "lake.shop.orders"}]
    run = _made(project, target)[f"{target}_firn-maintenance"].test(logical_date=DAY)
    assert run.state == "success"
    assert _states(run) == {name: (TaskInstanceState.SUCCESS, 1) for name in ("tables", "maintain0", "maintain1")}
    commands = [_command(started) for started in aws.started]
    assert commands[0] == ["health", "pipelines/clicks.yaml", "pipelines/shop.yaml"]
    assert sorted(commands[1:]) == [["maintain", "all", "lake.shop.orders"], ["maintain", "all", "lake.web.clicks"]]


def test_a_stopped_application_is_started(aws, project: Path) -> None:
    aws.application = "STOPPED"
    run = _made(project, "serverless")["serverless_clicks"].test(logical_date=DAY)
    assert run.state == "success"
    assert aws.application == "STARTED"
    assert len(aws.started) == 1


def test_a_day_asked_for_by_hand(aws, project: Path) -> None:
    dag = _made(project, "eks")["eks_clicks"]
    dag.test(logical_date=DAY, run_conf={"date": "2026-02-03"})
    assert _command(aws.started[0])[-2:] == ["--date", "2026-02-03"]


def test_airflow_dags_test_from_the_command_line(aws, project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "dags", "test", "serverless_clicks", "2026-11-21T00:05:00+00:00"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert _command(aws.started[0]) == ["run", "pipelines/clicks.yaml", "--date", "2026-11-20"]


def _retrying(dag):
    """Runs a DAG as a test whose retries come at once."""
    for task in dag.tasks:
        task.retry_delay = task.retry_delay / 3600
        task.retry_exponential_backoff = 0
    return dag.test(logical_date=DAY)


def _command(started: dict) -> list[str]:
    parameters = started["parameters"]
    if started["kind"] == "emr":
        words = parameters["Steps"][0]["HadoopJarStep"]["Args"]
        words = words[words.index("s3://firn-lake/firn/firn.jar") + 1 :]
    else:
        (driver,) = parameters["jobDriver"].values()
        words = driver["entryPointArguments"]
    return words[: words.index("--project")]

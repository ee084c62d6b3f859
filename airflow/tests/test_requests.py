"""The request for a document: word for word as in golden/, and one that AWS's own models accept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator
from projects import document

from firn_airflow import spark
from firn_airflow.errors import ConfigError
from firn_airflow.requests import build
from firn_airflow.sizing import size_job

GOLDEN = Path(__file__).parent / "golden"
SUBMIT = Path(__file__).parent.parent / "firn_airflow" / "submit.py"
CASES = [(kind, target) for kind in ("dump", "topics") for target in ("ec2", "serverless", "eks")]


def _submit(written: dict, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SUBMIT)] if written.get("print") else [sys.executable, str(SUBMIT)],
        input=json.dumps(written),
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(("kind", "target"), CASES)
def test_print_is_the_golden_file_and_needs_nothing_installed(kind: str, target: str) -> None:
    done = _submit(document(kind, target))
    assert (done.stderr, done.returncode) == ("", 0)
    golden = GOLDEN / f"{kind}-{target}.txt"
    if os.environ.get("FIRN_WRITE_GOLDEN"):
        golden.write_text(done.stdout)
    assert done.stdout == golden.read_text()


@pytest.mark.parametrize(("kind", "target"), CASES)
def test_the_models_of_aws_accept_it(kind: str, target: str) -> None:
    request = build(document(kind, target), "2026-11-20")
    operation = "RunJobFlow" if target == "ec2" else "StartJobRun"
    model = botocore.session.get_session().get_service_model(request.service).operation_model(operation)
    report = ParamValidator().validate(request.parameters, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    unknown = set(request.parameters) - set(model.input_shape.members)
    assert unknown == set()


def test_a_cluster_has_room_for_the_driver_and_all_executors() -> None:
    parameters = build(document("dump", "ec2"), "x").parameters
    core = parameters["Instances"]["InstanceFleets"][1]
    # Spark 33 cores: 9 executors and the driver of four cores each, on nodes of 16.
    assert core["TargetOnDemandCapacity"] == 48
    assert parameters["ManagedScalingPolicy"]["ComputeLimits"]["MaximumCapacityUnits"] == 48
    assert parameters["Steps"][0]["ActionOnFailure"] == "TERMINATE_CLUSTER"
    assert parameters["Instances"]["KeepJobFlowAliveWhenNoSteps"] is False


def test_the_same_attempt_has_the_same_token_and_another_has_another() -> None:
    one, again, other = (build(document("dump", "eks"), key).parameters["clientToken"] for key in ("a", "a", "b"))
    assert one == again != other
    assert len(one) <= 64


def test_half_of_the_sla_is_enough() -> None:
    # 2,500 GiB = 2,684.4 GB; (3 h - 10 min) x 8 MB/s = 81.6 GB per core.
    assert size_job(document("dump", "ec2")["pipeline"], "ec2").executors == 9
    assert size_job(document("dump", "ec2")["pipeline"], "ec2", 10**9).executors == 1


def test_measured_bytes_win_over_the_daily_volume_and_the_floor_is_told() -> None:
    pipeline = {"source": {"type": "json-dump"}}
    assert "planned for 64 GiB" in size_job(pipeline, "serverless").reasons[0]
    assert (
        size_job({**pipeline, "schedule": {"daily-volume": "1GB"}}, "eks", 5 * 1024**4)
        .reasons[0]
        .startswith("5,120 GiB were")
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"emr": {}}, "emr.jar is missing"),
        ({"target": "lambda"}, 'target "lambda" is none of ec2, serverless, eks'),
    ],
)
def test_what_is_missing_is_named(change: dict, message: str) -> None:
    done = _submit({**document("dump", "serverless"), **change})
    assert done.returncode == 2
    assert message in done.stderr


def test_a_variable_that_is_not_set_is_named() -> None:
    written = document("dump", "serverless")
    written["emr"]["jar"] = "${env:FIRN_JAR}"
    with pytest.raises(ConfigError, match=r"emr.jar holds \$\{env:FIRN_JAR\}, which is not set here"):
        build(written, "x")


def test_only_releases_that_the_jar_was_built_for() -> None:
    assert spark.check_release("emr-spark-8.2.0") == "emr-spark-8.2.0"
    with pytest.raises(ConfigError, match="emr.release emr-7.14.0 is not one .* emr-spark-8.1.0 .Spark 4.1.1"):
        spark.check_release("emr-7.14.0")


def test_an_sla_that_no_job_can_keep_is_refused() -> None:
    late = {"source": {"type": "json-dump"}, "schedule": {"sla": "20m"}}
    with pytest.raises(ConfigError, match="schedule.sla of 20 min is too short for ec2: .* or use serverless"):
        size_job(late, "ec2")
    huge = {"source": {"type": "json-dump"}, "schedule": {"sla": "1h", "daily-volume": "900TB"}}
    with pytest.raises(ConfigError, match="raise schedule.sla or split the pipeline"):
        size_job(huge, "eks")


@pytest.mark.parametrize("target", ["ec2", "serverless", "eks"])
@pytest.mark.parametrize("code", [0, 3, 4])
def test_submit_ends_with_the_runs_own_exit_code(aws, target: str, code: int) -> None:
    aws.codes, aws.reason = [code], "said by the run"
    done = _submit(document("dump", target, print=False), FIRN_POLL_SECONDS="0.01")
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["reason"] == "said by the run"
    golden = json.loads((GOLDEN / f"dump-{target}.txt").read_text().split("\n\n")[-1])
    assert _without_key(aws.started[0]["parameters"]) == _without_key(golden)


def test_submit_without_a_result_fails_and_says_where_it_should_be(aws) -> None:
    aws.codes, aws.lose_results = [1], True
    done = _submit(document("topics", "serverless", print=False), FIRN_POLL_SECONDS="0.01")
    assert done.returncode == 1
    assert "FAILED, and there is no s3://firn-lake/results/shop/latest-" in done.stderr


def _without_key(parameters: dict) -> dict:
    """The key of an attempt, which is new each time, taken out."""
    text = re.sub(r"2026-11-20-[0-9a-f]{12}", "2026-11-20", json.dumps(parameters))
    return {name: value for name, value in json.loads(text).items() if name != "clientToken"}


def test_the_aws_cli_is_used_where_there_is_no_boto3(tmp_path: Path) -> None:
    tool = tmp_path / "aws"
    tool.write_text(
        f"""#!{sys.executable}
import json, sys
words = sys.argv[1:]
open({str(tmp_path / "calls.txt")!r}, "a").write(" ".join(words[:2]) + "\\n")
if words[1] == "create-cluster":
    steps = json.loads(words[words.index("--steps") + 1])
    open({str(tmp_path / "args.json")!r}, "w").write(json.dumps(steps[0]["Args"]))
    print(json.dumps({{"ClusterId": "j-1"}}))
elif words[1] == "describe-cluster":
    number = words[words.index("--cluster-id") + 1]
    print(json.dumps({{"Cluster": {{"Id": number, "Status": {{"State": "TERMINATED"}}}}}}))
else:
    open(words[-1], "w").write(json.dumps({{"exit": 0, "code": "OK"}}))
"""
    )
    tool.chmod(0o755)
    written = json.dumps(document("dump", "ec2", print=False))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SUBMIT)],
        input=written,
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "calls.txt").read_text() == "emr create-cluster\nemr describe-cluster\ns3api get-object\n"
    golden = json.loads((GOLDEN / "dump-ec2.txt").read_text().split("\n\n")[-1])
    sent = json.dumps(json.loads((tmp_path / "args.json").read_text()))
    assert re.sub("2026-11-20-[0-9a-f]{12}", "2026-11-20", sent) == json.dumps(
        golden["Steps"][0]["HadoopJarStep"]["Args"]
    )


def test_neither_boto3_nor_the_cli(tmp_path: Path) -> None:
    written = json.dumps(document("dump", "ec2", print=False))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SUBMIT)],
        input=written,
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "there is neither boto3 nor the AWS CLI" in done.stderr

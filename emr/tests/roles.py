"""The roles as the templates make them, and what was recorded of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from iam import Request
from stacks import ACCOUNT, REGION, Stack

MODULE = Path(__file__).parent.parent
SAMPLE = MODULE / "policies" / "recorded"
RECORDED = (MODULE.parent / "tests" / "target" / "requests", MODULE.parent / "airflow" / "target" / "requests")
NAMES = ("ingest", "maintenance", "analyst", "orchestrator")


def deployed() -> dict[str, list[dict[str, Any]]]:
    """The statements of each role, with the stacks named as emr/README.md names them."""
    exports: dict[str, str] = {}
    Stack("base.yaml", "firn-base", exports, BucketPrefix="firn", Databases="github,shop")
    roles = Stack("roles.yaml", "firn-roles", exports, Databases="github,shop", Registry="firn", Secrets="firn/")
    orchestrator = Stack(
        "orchestrator.yaml",
        "firn-orchestrator",
        exports,
        Application="00f1abcdefgh",
        ServiceRole=f"arn:aws:iam::{ACCOUNT}:role/firn-emr-service",
        VirtualCluster="vc0abcdefgh",
        EksRole=f"arn:aws:iam::{ACCOUNT}:role/firn-eks-ingest",
    )
    return {
        "ingest": roles.role("Ingest"),
        "maintenance": roles.role("Maintenance"),
        "analyst": roles.role("Analyst"),
        "orchestrator": orchestrator.role("Orchestrator"),
    }


def sample(role: str) -> list[Request]:
    """What was recorded when policies/recorded was written."""
    return _requests(SAMPLE.glob(f"{role}*.txt"))


def recorded(role: str) -> list[Request]:
    """What this build's end-to-end tests recorded, if they ran."""
    return _requests(file for folder in RECORDED for file in folder.glob(f"{role}*.txt"))


def unrecorded(role: str) -> dict[str, str]:
    """What a role may do though no test does it: the reason, by statement and action."""
    reasons = yaml.safe_load((MODULE / "policies" / "unrecorded.yaml").read_text())
    return {right: why for roles, rights in reasons.items() if role in roles.split(", ") for right, why in rights.items()}


def _requests(files: Any) -> list[Request]:
    lines = {line for file in files for line in file.read_text().splitlines() if line}
    return [request for line in sorted(lines) for request in _with_context(_placed(line))]


def _placed(line: str) -> str:
    """The tests give each lake one bucket, in which raw/ stands for the bucket of raw files."""
    placed = re.sub(r"arn:aws:s3:::[^/ ]+/raw/", "arn:aws:s3:::firn-raw/", line)
    return re.sub(r"arn:aws:s3:::(?!firn-raw/)[^/ ]+", "arn:aws:s3:::firn-lake", placed)


def _with_context(line: str) -> list[Request]:
    """A line with what the request says beside it; a role is passed to every service that takes it."""
    action = line.split(" ")[0]
    if action == "iam:PassRole":
        service = line.endswith("/firn-emr-service")
        services = ["elasticmapreduce.amazonaws.com"] if service else ["emr-serverless.amazonaws.com", "ec2.amazonaws.com"]
        return [Request.parse(line, **{"iam:PassedToService": name}) for name in services]
    context = {
        "elasticmapreduce:RunJobFlow": {"aws:RequestTag/firn-pipeline": "clicks"},
        "elasticmapreduce:AddTags": {"aws:RequestTag/firn-pipeline": "clicks"},
        "emr-containers:StartJobRun": {
            "emr-containers:ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/firn-eks-ingest"
        },
    }.get(action, {"aws:ResourceTag/firn-pipeline": "clicks"} if action.startswith("elasticmapreduce:") else {})
    return [Request.parse(line, **context)]


def glue(kind: str) -> str:
    return f"arn:aws:glue:{REGION}:{ACCOUNT}:{kind}"

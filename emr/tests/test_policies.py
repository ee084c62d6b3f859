"""Roles may do what their jobs were seen to do, and nothing that nobody gave a reason for."""

from __future__ import annotations

import pytest
from iam import Request, actions, allows, matching
from roles import NAMES, deployed, glue, recorded, sample, unrecorded
from stacks import ACCOUNT, KEY, REGION

ROLES = deployed()
LAKE = "arn:aws:s3:::firn-lake"
RAW = "arn:aws:s3:::firn-raw"


@pytest.mark.parametrize("role", NAMES)
def test_all_that_was_recorded_is_allowed(role: str) -> None:
    requests = sample(role) + recorded(role)

    assert requests
    refused = [f"{request.action} {request.resource}" for request in requests if not allows(ROLES[role], request)]
    assert refused == [], f"the role {role} lacks rights, see emr/templates"


@pytest.mark.parametrize("role", NAMES)
def test_all_that_is_allowed_was_recorded_or_has_a_reason(role: str) -> None:
    used = {
        f"{statement['Sid']} {request.action}"
        for request in sample(role)
        for statement in matching(ROLES[role], request)
    }
    granted = {f"{statement['Sid']} {action}" for statement in ROLES[role] for action in actions(statement)}
    reasons = unrecorded(role)

    assert not [right for right in granted if "*" in right], "a wildcard of actions grants what nobody listed"
    assert granted - used == set(reasons), "policies/unrecorded.yaml lists what is granted and not recorded, no more"
    assert all(reasons.values())


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        ("analyst", "s3:PutObject", f"{LAKE}/warehouse/github.db/push_event/data/a.parquet"),
        ("analyst", "s3:DeleteObject", f"{LAKE}/warehouse/github.db/push_event/data/a.parquet"),
        ("analyst", "s3:GetObject", f"{LAKE}/state/github-events/ledger.json"),
        ("analyst", "s3:GetObject", f"{LAKE}/project/firn.yaml"),
        ("analyst", "s3:GetObject", f"{RAW}/2026-11-20/a.json.gz"),
        ("analyst", "glue:UpdateTable", glue("table/github/push_event")),
        ("analyst", "glue:GetTable", glue("table/payroll/salary")),
        ("analyst", "kms:GenerateDataKey", KEY),
        ("ingest", "s3:DeleteObject", f"{LAKE}/project/firn.yaml"),
        ("ingest", "s3:DeleteObject", f"{LAKE}/results/github-events/x/run-result.json"),
        ("ingest", "s3:PutObject", f"{LAKE}/firn/firn.jar"),
        ("ingest", "s3:PutObject", f"{LAKE}/project/firn.yaml"),
        ("ingest", "s3:DeleteObject", f"{RAW}/2026-11-20/a.json.gz"),
        ("ingest", "s3:PutObject", f"{RAW}/2026-11-20/a.json.gz"),
        ("ingest", "glue:DeleteTable", glue("table/github/push_event")),
        ("ingest", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other/db-AbCdEf"),
        ("ingest", "glue:UpdateTable", glue("table/payroll/salary")),
        ("ingest", "glue:CreateDatabase", glue("database/payroll")),
        ("maintenance", "s3:GetObject", f"{RAW}/2026-11-20/a.json.gz"),
        ("maintenance", "s3:ListBucket", RAW),
        ("maintenance", "s3:DeleteObject", f"{RAW}/2026-11-20/a.json.gz"),
        ("maintenance", "s3:PutObject", f"{LAKE}/firn/firn.jar"),
        ("maintenance", "glue:CreateTable", glue("table/github/new")),
        ("maintenance", "glue:DeleteTable", glue("table/github/push_event")),
        ("maintenance", "glue:UpdateTable", glue("table/payroll/salary")),
        ("orchestrator", "s3:GetObject", f"{LAKE}/warehouse/github.db/push_event/data/a.parquet"),
        ("orchestrator", "s3:PutObject", f"{LAKE}/results/github-events/x/run-result.json"),
        (
            "orchestrator",
            "emr-serverless:StartJobRun",
            f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/00f1zzzzzzzz",
        ),
    ],
)
def test_what_a_role_must_not_do(role: str, action: str, resource: str) -> None:
    assert not allows(ROLES[role], Request(action, resource))


@pytest.mark.parametrize("role", NAMES)
@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"])
@pytest.mark.parametrize("resource", ["arn:aws:s3:::firn-lake-2/warehouse/a", "arn:aws:s3:::payroll/a", "arn:aws:s3:::payroll"])
def test_nobody_touches_another_bucket(role: str, action: str, resource: str) -> None:
    assert not allows(ROLES[role], Request(action, resource))


@pytest.mark.parametrize("role", NAMES)
@pytest.mark.parametrize("action", ["glue:UpdateTable", "glue:CreateTable"])
def test_nobody_writes_to_another_account(role: str, action: str) -> None:
    assert not allows(ROLES[role], Request(action, f"arn:aws:glue:{REGION}:999999999999:table/github/push_event"))


@pytest.mark.parametrize("role", NAMES)
def test_nobody_gives_themselves_more(role: str) -> None:
    admin = f"arn:aws:iam::{ACCOUNT}:role/admin"
    services = ["emr-serverless.amazonaws.com", "ec2.amazonaws.com", "elasticmapreduce.amazonaws.com", "lambda.amazonaws.com"]

    assert not any(
        allows(ROLES[role], Request("iam:PassRole", admin, {"iam:PassedToService": service})) for service in services
    )
    assert not allows(ROLES[role], Request("iam:AttachRolePolicy", admin))
    assert not allows(ROLES[role], Request("sts:AssumeRole", admin))


@pytest.mark.parametrize(
    ("role", "service", "allowed"),
    [
        ("firn-ingest", "emr-serverless.amazonaws.com", True),
        ("firn-maintenance", "ec2.amazonaws.com", True),
        ("firn-ingest", "lambda.amazonaws.com", False),
        ("firn-ingest", "elasticmapreduce.amazonaws.com", False),
        ("firn-emr-service", "ec2.amazonaws.com", False),
        ("firn-analyst", "emr-serverless.amazonaws.com", False),
    ],
)
def test_the_orchestrator_passes_a_role_only_where_it_belongs(role: str, service: str, allowed: bool) -> None:
    request = Request("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{role}", {"iam:PassedToService": service})

    assert allows(ROLES["orchestrator"], request) is allowed


def test_the_orchestrator_ends_only_clusters_of_firn() -> None:
    cluster = f"arn:aws:elasticmapreduce:{REGION}:{ACCOUNT}:cluster/j-1"
    end = "elasticmapreduce:TerminateJobFlows"

    assert allows(ROLES["orchestrator"], Request(end, cluster, {"aws:ResourceTag/firn-pipeline": "clicks"}))
    assert not allows(ROLES["orchestrator"], Request(end, cluster, {"aws:ResourceTag/team": "data"}))


def test_on_eks_only_the_jobs_own_role() -> None:
    start = "emr-containers:StartJobRun"
    cluster = f"arn:aws:emr-containers:{REGION}:{ACCOUNT}:/virtualclusters/vc0abcdefgh"
    other = {"emr-containers:ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}

    assert not allows(ROLES["orchestrator"], Request(start, cluster, other))


def test_lists_show_analysts_tables_alone() -> None:
    assert allows(ROLES["analyst"], Request("s3:ListBucket", LAKE, {"s3:prefix": "warehouse/github.db/"}))
    assert not allows(ROLES["analyst"], Request("s3:ListBucket", LAKE, {"s3:prefix": "state/"}))


def test_erasure_is_maintenance() -> None:
    """It rewrites files of tables, of the quarantine and of raw tables, and commits; raw files are not its business."""
    quarantine = f"{LAKE}/warehouse/github.db/firn_quarantine/data/a.parquet"

    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert allows(ROLES["maintenance"], Request(action, quarantine))
    assert allows(ROLES["maintenance"], Request("glue:UpdateTable", glue("table/github/firn_quarantine")))

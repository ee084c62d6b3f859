"""The evaluator itself, against what IAM's documentation says."""

from __future__ import annotations

import pytest
from iam import Request, allows

GET = Request("s3:GetObject", "arn:aws:s3:::lake/warehouse/t/data/f.parquet")


def statement(**changes: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/warehouse/*", **changes}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([], False),
        ([statement()], True),
        ([statement(Action="s3:*")], True),
        ([statement(Action="S3:getobject")], True),
        ([statement(Action="s3:Get?bject")], True),
        ([statement(Action=["s3:PutObject", "s3:GetObject"])], True),
        ([statement(Action="s3:GetObjectTagging")], False),
        ([statement(Action="s3:Get")], False),
        ([statement(Resource="*")], True),
        ([statement(Resource="arn:aws:s3:::lake/*/f.parquet")], True),
        ([statement(Resource="arn:aws:s3:::lake/warehouse")], False),
        ([statement(Resource="arn:aws:s3:::LAKE/warehouse/*")], False),
        ([statement(Resource="arn:aws:s3:::lake/warehouse/t/data/f?parquet")], True),
        ([statement(), statement(Effect="Deny", Resource="*")], False),
        ([statement(), statement(Effect="Deny", Resource="arn:aws:s3:::lake/state/*")], True),
        ([statement(Effect="Deny")], False),
    ],
)
def test_actions_and_resources(statements: list[dict[str, object]], allowed: bool) -> None:
    assert allows(statements, GET) is allowed


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"StringEquals": {"s3:prefix": "a/"}}, {"s3:prefix": "a/"}, True),
        ({"StringEquals": {"s3:prefix": "a/*"}}, {"s3:prefix": "a/b"}, False),
        ({"StringEquals": {"s3:prefix": ["b/", "a/"]}}, {"s3:prefix": "a/"}, True),
        ({"StringLike": {"s3:prefix": "a/*"}}, {"s3:prefix": "a/b/c"}, True),
        ({"StringLike": {"s3:prefix": "a/*"}}, {"s3:prefix": "b/a/"}, False),
        ({"StringLike": {"s3:prefix": "*"}}, {}, False),
        ({"StringLikeIfExists": {"s3:prefix": "a/*"}}, {}, True),
        ({"StringLikeIfExists": {"s3:prefix": "a/*"}}, {"s3:prefix": "b/"}, False),
        ({"StringEquals": {"s3:prefix": "a/", "s3:delimiter": "/"}}, {"s3:prefix": "a/"}, False),
    ],
)
def test_conditions(condition: dict[str, object], context: dict[str, str], allowed: bool) -> None:
    policy = [statement(Condition=condition)]

    assert allows(policy, Request(GET.action, GET.resource, context)) is allowed


def test_the_account_of_a_resource_is_known() -> None:
    policy = [statement(Action="glue:*", Resource="*", Condition={"StringEquals": {"aws:ResourceAccount": "1"}})]

    assert allows(policy, Request("glue:GetTable", "arn:aws:glue:eu-west-1:1:table/a/b"))
    assert not allows(policy, Request("glue:GetTable", "arn:aws:glue:eu-west-1:2:table/a/b"))


def test_what_it_does_not_know_it_does_not_guess() -> None:
    with pytest.raises(NotImplementedError, match="NotAction"):
        allows([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], GET)
    with pytest.raises(NotImplementedError, match="IpAddress"):
        allows([statement(Condition={"IpAddress": {"a": "b"}})], Request(GET.action, GET.resource, {"a": "1"}))

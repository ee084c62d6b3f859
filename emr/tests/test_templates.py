"""What holds of every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from stacks import TEMPLATES, load

FILES = sorted(path.name for path in TEMPLATES.glob("*.yaml"))
REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("name", FILES)
def test_settings_of_spark_stand_nowhere(name: str) -> None:
    """They come with each request, made by airflow/firn_airflow and by the session itself."""
    text = (TEMPLATES / name).read_text()

    assert not re.findall(r"spark\.\w+|Classification|sparkSubmitParameters", text)


@pytest.mark.parametrize("name", FILES)
def test_no_account_and_no_region_is_written_in(name: str) -> None:
    text = (TEMPLATES / name).read_text()

    assert not re.findall(r"\d{12}|\b(?:us|eu|ap|sa|ca)-[a-z]+-\d\b", text)


@pytest.mark.parametrize("name", FILES)
def test_no_alias_of_yaml(name: str) -> None:
    """CloudFormation reads none, though cfn-lint does."""
    assert not re.findall(r"(?m)[:-] [&*][a-z]+\s*$", (TEMPLATES / name).read_text())


def test_releases_are_those_that_requests_may_ask_for() -> None:
    spark = REPOSITORY / "airflow" / "firn_airflow" / "spark.py"
    if not spark.exists():
        pytest.skip("airflow/ is not there")
    release = load("serverless.yaml")["Parameters"]["ReleaseLabel"]

    asked = re.search(r"(?s)^RELEASES = \{(.*?)^\}", spark.read_text(), re.MULTILINE)
    assert asked is not None
    assert release["AllowedValues"] == re.findall(r'"(emr-spark-[\d.]+)":', asked.group(1))
    assert release["Default"] in release["AllowedValues"]


@pytest.mark.parametrize("bucket", ["Lake", "Raw", "Logs"])
def test_buckets_are_private_encrypted_and_kept(bucket: str) -> None:
    resource = load("base.yaml")["Resources"][bucket]
    properties = resource["Properties"]
    rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["BucketKeyEnabled"] is True
    assert any("AbortIncompleteMultipartUpload" in rule for rule in properties["LifecycleConfiguration"]["Rules"])


def test_what_is_erased_from_the_lake_is_gone() -> None:
    assert "VersioningConfiguration" not in load("base.yaml")["Resources"]["Lake"]["Properties"]

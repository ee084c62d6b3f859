"""Sends requests to AWS, by boto3 where it is installed, else by the AWS CLI."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Protocol

from firn_airflow import cli
from firn_airflow.errors import ConfigError
from firn_airflow.requests import Request


class Aws(Protocol):
    """The few calls that running a job takes."""

    def send(self, request: Request) -> dict[str, Any]: ...

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]: ...

    def text(self, uri: str) -> str | None:
        """An object's text; None where there is none."""


def connect() -> Aws:
    """boto3 if it can be imported, else the CLI."""
    try:
        import boto3
    except ImportError:
        return Cli()
    return Boto(boto3)


class Boto:
    """Through boto3."""

    def __init__(self, boto3: Any) -> None:
        self._boto3 = boto3

    def send(self, request: Request) -> dict[str, Any]:
        return self.call(request.service, request.operation, **request.parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        return getattr(self._boto3.client(service), operation)(**parameters)

    def text(self, uri: str) -> str | None:
        return object_text(self._boto3.client("s3"), uri)


class Cli:
    """Through the command ``aws``."""

    def send(self, request: Request) -> dict[str, Any]:
        answer = self._json(cli.command(request))
        return {"JobFlowId": answer["ClusterId"]} if "ClusterId" in answer else answer

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        words = ["aws", service, operation.replace("_", "-")]
        if service == "emr":
            # Its describe-cluster is the CLI's own and takes no JSON.
            return self._json([*words, "--cluster-id", parameters["ClusterId"]])
        return self._json([*words, "--cli-input-json", json.dumps(parameters)])

    def text(self, uri: str) -> str | None:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "object")
            done = self._run(["aws", "s3api", "get-object", "--bucket", bucket, "--key", key, str(file)])
            if done.returncode == 0:
                return file.read_text()
        if "NoSuchKey" in done.stderr:
            return None
        raise OSError(done.stderr.strip())

    def _json(self, words: list[str]) -> dict[str, Any]:
        done = self._run([*words, "--output", "json"])
        if done.returncode != 0:
            raise OSError(done.stderr.strip())
        return json.loads(done.stdout or "{}")

    @staticmethod
    def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(words, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise ConfigError(
                "there is neither boto3 nor the AWS CLI to send the request with; pip install boto3, or use --print"
            ) from None


def object_text(s3: Any, uri: str) -> str | None:
    """An object's text through a boto3 client of S3; None where there is none."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except s3.exceptions.NoSuchKey:
        return None

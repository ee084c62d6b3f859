"""Follows a job that was sent until it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from firn_airflow.aws import Aws
from firn_airflow.requests import Request
from firn_airflow.sizing import START

_ENDED = {"TERMINATED", "TERMINATED_WITH_ERRORS", "SUCCESS", "FAILED", "CANCELLED", "COMPLETED"}
_SUCCEEDED = {"TERMINATED", "SUCCESS", "COMPLETED"}


def patience(request_limit: int, target: str) -> int:
    """Seconds to wait for a job: its own limit, its start, and ten minutes for the cluster to say that it ended."""
    return request_limit + START[target] + 600


def run(aws: Aws, request: Request, wait: int, poll: float, tell: Callable[[str], None]) -> str | None:
    """Sends a request and waits for its job; None if it succeeded, else what the service says of its end."""
    answer = aws.send(request)
    service, operation, which, path = _follow(request, answer)
    tell(f"{request.service}: {' '.join(str(value) for value in which.values())} was started")
    until = time.monotonic() + wait
    seen = None
    while True:
        status = aws.call(service, operation, **which)
        for part in path:
            status = status[part]
        state, why = _state(status)
        if state != seen:
            tell(f"{state}{f': {why}' if why else ''}")
            seen = state
        if state in _ENDED:
            return None if state in _SUCCEEDED else f"{state}{f': {why}' if why else ''}"
        if time.monotonic() > until:
            return f"{state} after {wait} s; it was left alone"
        time.sleep(poll)


def _follow(request: Request, answer: dict[str, Any]) -> tuple[str, str, dict[str, Any], tuple[str, ...]]:
    if request.service == "emr":
        return "emr", "describe_cluster", {"ClusterId": answer["JobFlowId"]}, ("Cluster", "Status")
    if request.service == "emr-serverless":
        which = {"applicationId": request.parameters["applicationId"], "jobRunId": answer["jobRunId"]}
        return request.service, "get_job_run", which, ("jobRun",)
    which = {"virtualClusterId": request.parameters["virtualClusterId"], "id": answer["id"]}
    return request.service, "describe_job_run", which, ("jobRun",)


def _state(status: dict[str, Any]) -> tuple[str, str]:
    if "State" in status:
        return status["State"], (status.get("StateChangeReason") or {}).get("Message", "")
    return status["state"], str(status.get("stateDetails") or "")

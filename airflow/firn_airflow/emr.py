"""Operators that run one Firn command on EMR, deferred while it runs.

Each is one task, so that a retry is the whole job again, and each ends as the run's exit code says (see outcome.py).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.operators.emr import (
    EmrContainerOperator,
    EmrCreateJobFlowOperator,
    EmrServerlessStartJobOperator,
)
from airflow.providers.amazon.aws.utils.waiter import WaitPolicy
from airflow.sdk.exceptions import AirflowException
from botocore.exceptions import BotoCoreError, ClientError

from firn_airflow import attempt, aws, jobs, outcome
from firn_airflow.requests import Request, build
from firn_airflow.schedule import Schedule
from firn_airflow.sizing import size_job

_NO_RESULT = "the job ended, and there is no {}; its log says why"


class _Job:
    """What the three ways to run on EMR share; stands before the provider's operator."""

    document: dict[str, Any]
    table: str | None
    names_tables: bool

    def request(self, context: Any) -> Request:
        words = attempt.command(self.document, context, self.table)
        label = words[words.index("--date") + 1] if "--date" in words else self.document["command"][0]
        return build({**self.document, "command": words}, attempt.key(context, label))

    def submit(self, context: Any, event: Any = None) -> Any:
        try:
            super().execute(context)
        except (AirflowException, ClientError, BotoCoreError) as e:
            return self.settle(context, f"{type(e).__name__}: {e}")
        return self.settle(context, None)

    def execute_complete(self, context: Any, event: dict[str, Any] | None = None) -> Any:
        told = event or {}
        if told.get("status") == "success":
            return self.settle(context, None)
        with suppress(ClientError, BotoCoreError, KeyError):
            # The wait may be over before the job is; one that has ended refuses.
            self.stop(told)
        return self.settle(context, str(told.get("message") or told))

    def stop(self, event: dict[str, Any]) -> None:
        """Ends a job that may still run."""

    def settle(self, context: Any, failure: str | None) -> Any:
        where = self.request(context).result
        s3 = S3Hook(aws_conn_id=self.aws_conn_id, region_name=self.region_name).conn
        text = aws.object_text(s3, where)
        run = (
            outcome.RunResult.parse(text)
            if text is not None
            else outcome.RunResult(outcome.FAILED, failure or _NO_RESULT.format(where))
        )
        self.log.info("result in %s: exit %d %s", where, run.code, run.reason)
        attempt.settle(run, context, Schedule.of(self.document["pipeline"]).sla)
        return attempt.tables(run.result) if self.names_tables else run.code


def _waiting(document: dict[str, Any], poll: int) -> dict[str, int]:
    limit = size_job(document["pipeline"], document["target"]).limit
    return {"delay": poll, "attempts": -(-jobs.patience(limit, document["target"]) // poll)}


class ServerlessJob(_Job, EmrServerlessStartJobOperator):
    """A job of an EMR Serverless application, which is started where it is stopped."""

    def __init__(
        self,
        *,
        document: dict[str, Any],
        poll: int,
        table: str | None = None,
        names_tables: bool = False,
        **kwargs: Any,
    ) -> None:
        self.document, self.table, self.names_tables = document, table, names_tables
        wait = _waiting(document, poll)
        super().__init__(
            application_id=document["emr"]["serverless"]["application"],
            execution_role_arn=document["emr"]["serverless"]["role"],
            job_driver={},
            waiter_delay=wait["delay"],
            waiter_max_attempts=wait["attempts"],
            deferrable=True,
            **kwargs,
        )

    def execute(self, context: Any, event: dict[str, Any] | None = None) -> Any:
        asked = dict(self.request(context).parameters)
        self.application_id = asked.pop("applicationId")
        self.execution_role_arn = asked.pop("executionRoleArn")
        self.job_driver = asked.pop("jobDriver")
        self.configuration_overrides = asked.pop("configurationOverrides")
        self.client_request_token = asked.pop("clientToken")
        self.name = asked.pop("name")
        self.config = asked
        return self.submit(context)


class Ec2Job(_Job, EmrCreateJobFlowOperator):
    """A cluster of its own for one job, gone when the job is."""

    def __init__(
        self,
        *,
        document: dict[str, Any],
        poll: int,
        table: str | None = None,
        names_tables: bool = False,
        **kwargs: Any,
    ) -> None:
        self.document, self.table, self.names_tables = document, table, names_tables
        wait = _waiting(document, poll)
        super().__init__(
            emr_conn_id=None,
            job_flow_overrides={},
            wait_for_completion=True,
            wait_policy=WaitPolicy.WAIT_FOR_STEPS_COMPLETION,
            waiter_delay=wait["delay"],
            waiter_max_attempts=wait["attempts"],
            deferrable=True,
            **kwargs,
        )

    def execute(self, context: Any) -> Any:
        self.job_flow_overrides = self.request(context).parameters
        return self.submit(context)

    def stop(self, event: dict[str, Any]) -> None:
        self.hook.conn.terminate_job_flows(JobFlowIds=[event["job_flow_id"]])


class EksJob(_Job, EmrContainerOperator):
    """A job of EMR on EKS."""

    def __init__(
        self,
        *,
        document: dict[str, Any],
        poll: int,
        table: str | None = None,
        names_tables: bool = False,
        **kwargs: Any,
    ) -> None:
        self.document, self.table, self.names_tables = document, table, names_tables
        wait = _waiting(document, poll)
        super().__init__(
            name="firn",
            virtual_cluster_id=document["emr"]["eks"]["virtual-cluster"],
            execution_role_arn=document["emr"]["eks"]["role"],
            release_label="",
            job_driver={},
            poll_interval=wait["delay"],
            max_polling_attempts=wait["attempts"],
            deferrable=True,
            **kwargs,
        )

    def execute(self, context: Any) -> Any:
        asked = self.request(context).parameters
        self.name = asked["name"]
        self.virtual_cluster_id = asked["virtualClusterId"]
        self.execution_role_arn = asked["executionRoleArn"]
        self.release_label = asked["releaseLabel"]
        self.job_driver = asked["jobDriver"]
        self.configuration_overrides = asked["configurationOverrides"]
        self.client_request_token = asked["clientToken"]
        self.job_retry_max_attempts = asked["retryPolicyConfiguration"]["maxAttempts"]
        self.tags = asked["tags"]
        return self.submit(context)

    def stop(self, event: dict[str, Any]) -> None:
        self.hook.stop_query(event["job_id"])


OPERATORS = {"serverless": ServerlessJob, "ec2": Ec2Job, "eks": EksJob}

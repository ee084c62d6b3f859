"""One attempt of a task: what it runs, where its result lies, and what Airflow is told of its end."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from firn_airflow import outcome
from firn_airflow.schedule import Schedule, reads_topics


def day(context: Any, schedule: Schedule) -> str:
    """The day to load: the param ``date``, else the day before the data interval's end in the schedule's timezone."""
    wanted = (context.get("params") or {}).get("date")
    if wanted:
        return str(wanted)
    end = context.get("data_interval_end") or context["dag_run"].run_after
    return schedule.day(end).isoformat()


def command(document: dict[str, Any], context: Any, table: str | None) -> list[str]:
    """The words for Firn: the document's own, the day for a dump, the table for upkeep."""
    words = list(document["command"])
    if words == ["run"] and not reads_topics(document["pipeline"]):
        words += ["--date", day(context, Schedule.of(document["pipeline"]))]
    return [*words, table] if table else words


def key(context: Any, label: str) -> str:
    """Names this attempt and no other; the same before and after a deferral."""
    ti = context["ti"]
    unique = f"{ti.dag_id}/{ti.run_id}/{ti.task_id}/{ti.map_index}/{ti.try_number}"
    return f"{label}-{hashlib.sha256(unique.encode()).hexdigest()[:12]}"


def settle(run: outcome.RunResult, context: Any, sla: int) -> None:
    """Ends the task as the exit code says: returns, or raises for a retry or for good."""
    dag_run = context["dag_run"]
    due = max(filter(None, (dag_run.run_after, dag_run.start_date)))
    waited = (datetime.now(timezone.utc) - due).total_seconds()
    verdict = outcome.judge(run, context["ti"].try_number, waited, sla)
    if verdict.next is outcome.Next.FAIL:
        raise AirflowFailException(verdict.message)
    if verdict.next is outcome.Next.RETRY:
        raise AirflowException(verdict.message)


def tables(health: Any) -> list[str]:
    """The tables that ``firn health`` names."""
    return [table["table"] for table in health or []]

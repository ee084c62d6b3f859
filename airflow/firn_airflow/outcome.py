"""What a run came to, and what becomes of the task that ran it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

from firn_airflow import units

OK, FAILED, USAGE, QUALITY, SOURCE_NOT_READY, CONFLICT, CHANGES = range(7)

FAILURES = 3
"""Tries of a task after which a failure is final."""


@dataclass(frozen=True)
class RunResult:
    """A run's exit code, why, and the command's own result."""

    code: int
    reason: str
    result: Any = None

    @staticmethod
    def parse(text: str) -> RunResult:
        """Reads a run-result.json as ``--result`` writes it."""
        written = json.loads(text)
        return RunResult(int(written["exit"]), str(written.get("reason") or ""), written.get("result"))


class Next(Enum):
    """What a task does after a run."""

    SUCCEED = "success"
    RETRY = "up_for_retry"
    FAIL = "failed"


@dataclass(frozen=True)
class Verdict:
    """What to do, and the sentence for the log."""

    next: Next
    message: str


def judge(run: RunResult, tries: int, waited: float, sla: int) -> Verdict:
    """Maps an exit code to a task's state; tries count from 1, waited is seconds since the run was due."""
    why = f": {run.reason}" if run.reason else ""
    if run.code in (OK, CHANGES):
        return Verdict(Next.SUCCEED, f"firn ended with {run.code}{why}")
    if run.code == USAGE:
        return Verdict(Next.FAIL, f"the command line or the configuration is wrong (exit 2){why}")
    if run.code == QUALITY:
        return Verdict(Next.FAIL, f"the quality gate closed (exit 3), tables are as they were{why}")
    if run.code == SOURCE_NOT_READY:
        if waited < sla:
            return Verdict(Next.RETRY, f"the source is not ready (exit 4), asked again until the SLA is over{why}")
        return Verdict(Next.FAIL, f"the source was not ready within {units.spoken_time(sla)} (exit 4){why}")
    what = "other runs kept winning or a rollback was found (exit 5)" if run.code == CONFLICT else f"exit {run.code}"
    if tries < FAILURES:
        return Verdict(Next.RETRY, f"firn failed, {what}, try {tries} of {FAILURES}{why}")
    return Verdict(Next.FAIL, f"firn failed {tries} times, {what}{why}")

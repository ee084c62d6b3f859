"""Exit codes become states of tasks as README's table says."""

from __future__ import annotations

import pytest

from firn_airflow.outcome import Next, RunResult, judge

HOUR = 3600


@pytest.mark.parametrize(
    ("code", "tries", "waited", "next_", "said"),
    [
        (0, 1, 0, Next.SUCCEED, "firn ended with 0: why"),
        (1, 1, 0, Next.RETRY, "firn failed, exit 1, try 1 of 3: why"),
        (1, 3, 0, Next.FAIL, "firn failed 3 times, exit 1: why"),
        (2, 1, 0, Next.FAIL, "the command line or the configuration is wrong (exit 2): why"),
        (3, 1, 0, Next.FAIL, "the quality gate closed (exit 3), tables are as they were: why"),
        (4, 9, 6 * HOUR - 1, Next.RETRY, "the source is not ready (exit 4), asked again until the SLA is over: why"),
        (4, 1, 6 * HOUR, Next.FAIL, "the source was not ready within 6 h (exit 4): why"),
        (5, 2, 9 * HOUR, Next.RETRY, "firn failed, other runs kept winning or a rollback was found (exit 5), try 2 of 3: why"),
        (5, 3, 0, Next.FAIL, "firn failed 3 times, other runs kept winning or a rollback was found (exit 5): why"),
        (6, 1, 0, Next.SUCCEED, "firn ended with 6: why"),
        (137, 1, 0, Next.RETRY, "firn failed, exit 137, try 1 of 3: why"),
    ],
)  # fmt: skip
def test_each_code_has_its_state(code: int, tries: int, waited: float, next_: Next, said: str) -> None:
    verdict = judge(RunResult(code, "why"), tries, waited, 6 * HOUR)
    assert (verdict.next, verdict.message) == (next_, said)

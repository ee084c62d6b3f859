"""How large a job must be for its data and its SLA, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from firn_airflow import units
from firn_airflow.errors import ConfigError
from firn_airflow.schedule import Schedule, reads_topics

CORES = 4
"""Of an executor: the largest that fits four times into 16 vCPU, and a size that EMR Serverless has."""

START = {"ec2": 600, "serverless": 180, "eks": 180}
"""Seconds from the request to the first task: instances and bootstrap, or a worker's image."""

DUMP_RATE = 8_000_000
TOPIC_RATE = 3_000_000
DUMP_FLOOR = 64 * 1024**3
TOPIC_FLOOR = 4 * 1024**3
LEAST_LIMIT = 1800
MOST_CORES = 2000

_DUMP_RATE_WHY = (
    "8 MB/s per core is planned: over 120 MB/s of plain JSON and 75 MB/s of JSON inside gzip were measured"
    " (docs/performance.md), and gzip files are about an eighth of their JSON"
)
_TOPIC_RATE_WHY = (
    "3 MB/s per core is planned: over 10,000 changes/s per core were measured in batches of 200,000"
    " (docs/performance-changes.md), over 7 MB/s, and small batches are slower"
)


@dataclass(frozen=True)
class Sizing:
    """Executors of four cores, the seconds after which a job is taken for hung, and the reasoning, a sentence each."""

    executors: int
    limit: int
    reasons: tuple[str, ...]


def size_job(pipeline: dict[str, Any], target: str, measured: int | None = None) -> Sizing:
    """Sizes one run: it must need at most half of the SLA, so that one retry still fits."""
    schedule = Schedule.of(pipeline)
    topics = reads_topics(pipeline)
    reasons: list[str] = []
    count = _bytes(schedule, topics, measured, reasons)
    half = schedule.sla // 2
    usable = half - START[target]
    if usable < 60:
        raise ConfigError(
            f"schedule.sla of {units.spoken_time(schedule.sla)} is too short for {target}: half of it is for one run,"
            f" and {units.spoken_time(START[target])} of that go to starting it; raise the SLA"
            + (" or use serverless" if target == "ec2" else "")
        )
    rate = TOPIC_RATE if topics else DUMP_RATE
    cores = max(CORES, math.ceil(count / rate / usable))
    if cores > MOST_CORES:
        raise ConfigError(
            f"{units.spoken_size(count)} in {units.spoken_time(usable)} need {cores:,} cores, more than the"
            f" {MOST_CORES:,} that one job is given; raise schedule.sla or split the pipeline"
        )
    executors = math.ceil(cores / CORES)
    limit = max(schedule.sla, LEAST_LIMIT)
    reasons += [
        f"SLA {units.spoken_time(schedule.sla)}: half of it, {units.spoken_time(half)}, for one run, so that a retry"
        f" still fits; less {units.spoken_time(START[target])} to start on {target}",
        _TOPIC_RATE_WHY if topics else _DUMP_RATE_WHY,
        f"{units.spoken_size(count)} in {units.spoken_time(usable)} at that rate: {cores} cores,"
        f" {executors} {'executor' if executors == 1 else 'executors'} of {CORES}",
        f"a job that still runs after {units.spoken_time(limit)} is ended",
    ]
    return Sizing(executors, limit, tuple(reasons))


def _bytes(schedule: Schedule, topics: bool, measured: int | None, reasons: list[str]) -> int:
    if measured is not None:
        reasons.append(f"{units.spoken_size(measured)} were measured in the source")
        return measured
    if schedule.volume is None:
        floor = TOPIC_FLOOR if topics else DUMP_FLOOR
        reasons.append(
            f"nothing was measured and schedule.daily-volume is not given: planned for {units.spoken_size(floor)}"
        )
        return floor
    if not topics:
        reasons.append(f"{units.spoken_size(schedule.volume)} a day, as schedule.daily-volume says")
        return schedule.volume
    share = min(schedule.volume, 2 * schedule.volume * schedule.sla // 86400)
    reasons.append(
        f"{units.spoken_size(schedule.volume)} a day, as schedule.daily-volume says: a run takes at most what comes"
        f" within an SLA, twice that at a peak, {units.spoken_size(share)}"
    )
    return share

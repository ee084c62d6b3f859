"""When a pipeline runs and which day a run loads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firn_airflow import units
from firn_airflow.errors import ConfigError

TOPICS = frozenset({"debezium", "kafka"})


def reads_topics(pipeline: dict[str, Any]) -> bool:
    """Whether a pipeline takes what topics hold, rather than a day's dump."""
    return (pipeline.get("source") or {}).get("type") in TOPICS


@dataclass(frozen=True)
class Schedule:
    """The root key ``schedule`` of a pipeline with its defaults.

    ``sla`` is in seconds, from when a run is due to when its tables must be there; ``volume`` is the bytes of a usual
    day as they lie in the source, or None.
    """

    cron: str
    timezone: str
    sla: int
    volume: int | None

    @staticmethod
    def of(pipeline: dict[str, Any]) -> Schedule:
        written = pipeline.get("schedule") or {}
        topics = reads_topics(pipeline)
        timezone = str(written.get("timezone") or "UTC")
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigError(f'schedule.timezone "{timezone}" is no timezone; write one as Europe/Berlin') from None
        volume = written.get("daily-volume")
        sla = units.seconds(written.get("sla") or ("1h" if topics else "6h"))
        if sla == 0:
            raise ConfigError("schedule.sla is nothing; write the time a run may take, as 6h")
        return Schedule(
            cron=str(written.get("cron") or ("*/15 * * * *" if topics else "5 0 * * *")),
            timezone=timezone,
            sla=sla,
            volume=None if volume is None else units.size(volume),
        )

    def day(self, due: datetime) -> date:
        """The day that a run due at that time loads: the one before it, in the schedule's timezone."""
        return due.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)

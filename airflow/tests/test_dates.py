"""The day that a run loads is the one before its data interval's end, in the schedule's timezone (T-1).

The intervals are Airflow's own; the day expected is written by hand.
"""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from airflow.timetables.base import TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable
from pendulum import DateTime, instance

from firn_airflow.schedule import Schedule


def _schedule(cron: str, zone: str) -> Schedule:
    return Schedule.of({"schedule": {"cron": cron, "timezone": zone}})


def _scheduled_days(cron: str, zone: str, first: str, runs: int) -> list[tuple[str, str]]:
    """Of the runs from a local day on: when they are due, locally, and the day they load."""
    timetable = CronDataIntervalTimetable(cron, zone)
    earliest = instance(datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)))
    days, last = [], None
    for _ in range(runs):
        info = timetable.next_dagrun_info(
            last_automated_data_interval=last, restriction=TimeRestriction(earliest, None, catchup=True)
        )
        last = info.data_interval
        due = last.end.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")
        days.append((due, _schedule(cron, zone).day(last.end).isoformat()))
    return days


def test_at_five_past_midnight_the_day_that_just_ended() -> None:
    assert _scheduled_days("5 0 * * *", "UTC", "2026-11-20", 2) == [
        ("11-21 00:05", "2026-11-20"),
        ("11-22 00:05", "2026-11-21"),
    ]


@pytest.mark.parametrize(
    ("zone", "first", "days"),
    [
        ("America/New_York", "2026-03-06", ["2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"]),
        ("America/New_York", "2026-10-30", ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"]),
        ("Europe/Berlin", "2026-03-27", ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"]),
        ("Europe/Berlin", "2026-10-23", ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"]),
        ("Asia/Kolkata", "2026-03-27", ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"]),
    ],
)
@pytest.mark.parametrize("cron", ["5 0 * * *", "30 2 * * *", "0 23 * * *"])
def test_every_day_once_where_clocks_change(zone: str, first: str, days: list[str], cron: str) -> None:
    assert [day for _, day in _scheduled_days(cron, zone, first, 4)] == days


def test_midnight_in_berlin_is_another_day_than_in_utc() -> None:
    due = datetime(2026, 7, 1, 22, 5, tzinfo=timezone.utc)
    assert _schedule("5 0 * * *", "Europe/Berlin").day(due) == date(2026, 7, 1)
    assert _schedule("5 0 * * *", "UTC").day(due) == date(2026, 6, 30)


def test_a_run_by_hand_takes_the_last_whole_interval() -> None:
    timetable = CronDataIntervalTimetable("5 0 * * *", "UTC")
    for hour, minute, day in ((0, 4, "2026-11-19"), (0, 6, "2026-11-20"), (15, 0, "2026-11-20")):
        by_hand = timetable.infer_manual_data_interval(
            run_after=DateTime(2026, 11, 21, hour, minute, tzinfo=timezone.utc)
        )
        assert _schedule("5 0 * * *", "UTC").day(by_hand.end).isoformat() == day

"""A real Airflow: scheduler, DAG processor, triggerer and API server, as ``airflow standalone`` starts them.

What is proven here is when Airflow itself calls: a missed deadline, and the days that a backfill asks for.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Ends what hangs; a build on a busy machine takes a fifth of it.
PATIENCE = 600

SLOW = """\
pipeline: slow
source: {type: json-dump, path: "raw/{date}/", event-name: type}
schedule: {cron: "5 0 1 1 *", sla: 2s}
"""

DAILY = """\
pipeline: daily
source: {type: json-dump, path: "raw/{date}/", event-name: type}
schedule: {cron: "5 0 * * *", timezone: America/New_York, sla: 5m}
"""

LAUNCHER = """\
#!/bin/sh
echo "$*" >> {folder}/calls.txt
case "$*" in *slow*) while [ ! -e {folder}/missed ]; do sleep 0.2; done;; esac
"""


class Airflow:
    """Its own home, database and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "standalone.log"
        self.calls = folder / "calls.txt"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._environment = {
            **os.environ,
            "AIRFLOW_HOME": str(folder / "home"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db?timeout=60",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        }

    def start(self) -> None:
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "standalone"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()

    def do(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *words], capture_output=True, text=True, env=self._environment
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def until(self, there: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < end, f"{what} within {PATIENCE} s\n{self.log.read_text()[-4000:]}"
            assert self._process.poll() is None, self.log.read_text()[-4000:]
            time.sleep(0.3)


@pytest.fixture(scope="module")
def airflow(tmp_path_factory) -> Iterator[Airflow]:
    folder = tmp_path_factory.mktemp("standalone")
    project = folder / "project"
    project.mkdir()
    (project / "slow.yaml").write_text(SLOW)
    (project / "daily.yaml").write_text(DAILY)
    launcher = project / "firn"
    launcher.write_text(LAUNCHER.format(folder=folder))
    launcher.chmod(0o755)
    (folder / "calls.txt").touch()
    (folder / "dags").mkdir()
    (folder / "dags" / "firn_dags.py").write_text(
        "from firn_airflow import dags\n"
        f"globals().update(dags({str(project)!r}, launcher={str(launcher)!r}, maintenance=None))\n"
    )
    made = Airflow(folder)
    made.do("db", "migrate")
    made.do("dags", "reserialize")
    # Asked for before anything else writes to SQLite.
    made.do("backfill", "create", "--dag-id", "daily", "--from-date", "2026-10-28", "--to-date", "2026-11-04")
    made.start()
    yield made
    made.stop()


def test_a_missed_deadline_calls_back_while_the_run_still_runs(airflow: Airflow) -> None:
    said = re.compile(r"Firn: pipeline slow missed its SLA of 2 s, run scheduled__")
    airflow.until(lambda: said.search(airflow.log.read_text()) is not None, "no deadline was missed")
    airflow.until(lambda: "run slow.yaml" in airflow.calls.read_text(), "the run has not begun")
    # Only now may it end.
    (airflow.folder / "missed").touch()


def test_a_backfill_of_a_past_week_loads_the_day_before_each_intervals_end(airflow: Airflow) -> None:
    # The interval that begins on the 28th at 00:05 in New York ends on the 29th; clocks change on November 1st.
    expected = {f"run daily.yaml --date 2026-{day}" for day in
                ("10-28", "10-29", "10-30", "10-31", "11-01", "11-02", "11-03")}  # fmt: skip
    airflow.until(
        lambda: expected <= set(airflow.calls.read_text().splitlines()),
        "the backfill has not asked for all days",
    )
    daily = [line for line in airflow.calls.read_text().splitlines() if line.startswith("run daily")]
    # The newest day is loaded too, as the DAG runs by its schedule.
    assert len(daily) == len(set(daily)) <= len(expected) + 1

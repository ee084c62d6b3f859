"""The local target: the same DAG through the launcher, with a real run of the quickstart's day."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from airflow.sdk import TaskInstanceState
from conftest import WORK
from test_runs import _states

from firn_airflow import dags

HOME = Path(__file__).resolve().parents[2]
FIRN = HOME / "firn"
DUMP = HOME / "etl-jobs" / "quickstart" / "dump" / "2021-07-21" / "github-events.jsonl.gz"

pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "quick"
    (folder / "pipelines").mkdir(parents=True)
    (folder / "firn.yaml").write_text("catalogs: {lake: {type: jdbc, warehouse: lake/warehouse}}\n")
    example = (HOME / "etl-jobs" / "pipelines" / "github-events.yaml").read_text()
    text = example.replace("../quickstart/dump/", f"{HOME}/etl-jobs/quickstart/dump/")
    (folder / "pipelines" / "github-events.yaml").write_text(text)
    yield folder
    # Every run of a DAG reads the whole folder of DAGs again.
    for name in ("real", "kept", "upkeep", "coded", "none", "broken", "dated"):
        (WORK / "dags" / f"{name}.py").unlink(missing_ok=True)


def _in_dags_folder(name: str, folder: Path, arguments: str) -> None:
    (WORK / "dags" / f"{name}.py").write_text(
        f"from firn_airflow import dags\nglobals().update(dags({str(folder)!r}, prefix='{name}_', {arguments}))\n"
    )


def _stub(folder: Path, body: str) -> Path:
    """A launcher that notes its command line and then does as it is told."""
    script = folder / "firn-stub"
    script.write_text(f'#!/bin/sh\necho "$*" >> {folder}/calls.txt\n{body}\n')
    script.chmod(0o755)
    return script


def test_tables_appear(quick: Path) -> None:
    _in_dags_folder("real", quick, f"launcher={str(FIRN)!r}")
    made = dags(quick, prefix="real_", launcher=str(FIRN))
    run = made["real_github-events"].test(logical_date=datetime(2021, 7, 22, 0, 5, tzinfo=timezone.utc))
    assert _states(run) == {"load": (TaskInstanceState.SUCCESS, 1)}
    # Read without Firn: the catalog's own SQLite file, and Iceberg's metadata.
    with closing(sqlite3.connect(quick / "lake" / "catalog.db")) as catalog:
        tables = catalog.execute("select table_name, metadata_location from iceberg_tables").fetchall()
    rows = {name: _rows(Path(where.removeprefix("file:"))) for name, where in tables}
    with gzip.open(DUMP, "rt") as dump:
        lines = Counter(json.loads(line)["type"] for line in dump)
    assert len(lines) == 15
    assert {name: rows[name] for name in ("push_event", "pull_request_event", "gollum_event")} == {
        "push_event": lines["PushEvent"],
        "pull_request_event": lines["PullRequestEvent"],
        "gollum_event": lines["GollumEvent"],
    }


def test_upkeep_by_the_real_launcher(quick: Path) -> None:
    (quick / "pipelines" / "github-events.yaml").write_text(
        f"""
pipeline: github-events
source: {{type: json-dump, path: "{DUMP.parents[1]}/{{date}}/", event-name: type, event-time: created_at}}
defaults: {{namespace: github, max-quarantined: 0.5}}
events:
  WatchEvent: {{columns: [{{name: id, type: string}}]}}
"""
    )
    _in_dags_folder("kept", quick, f"launcher={str(FIRN)!r}")
    made = dags(quick, prefix="kept_", launcher=str(FIRN))
    made["kept_github-events"].test(logical_date=datetime(2021, 7, 22, 0, 5, tzinfo=timezone.utc))
    assert not _kept(quick)
    assert made["kept_firn-maintenance"].test().state == "success"
    assert _kept(quick) == {"watch_event", "firn_quarantine"}


def _kept(folder: Path) -> set[str]:
    """The tables whose distinct values upkeep has counted, as Iceberg's metadata says."""
    with closing(sqlite3.connect(folder / "lake" / "catalog.db")) as catalog:
        tables = catalog.execute("select table_name, metadata_location from iceberg_tables").fetchall()
    return {
        name for name, where in tables if json.loads(Path(where.removeprefix("file:")).read_text()).get("statistics")
    }


def _rows(metadata: Path) -> int:
    said = json.loads(metadata.read_text())
    current = next(s for s in said["snapshots"] if s["snapshot-id"] == said["current-snapshot-id"])
    return int(current["summary"]["total-records"])


def test_upkeep_of_the_tables_that_are_there(quick: Path) -> None:
    health = json.dumps([{"table": "lake.github.push_event"}, {"table": "lake.github.fork_event"}])
    launcher = _stub(quick, f"case \"$1\" in health) echo '{health}';; esac")
    _in_dags_folder("upkeep", quick, f"launcher={str(launcher)!r}")
    run = dags(quick, prefix="upkeep_", launcher=str(launcher))["upkeep_firn-maintenance"].test()
    assert run.state == "success"
    calls = (quick / "calls.txt").read_text().splitlines()
    assert calls[0] == "health pipelines/github-events.yaml --output json"
    assert sorted(calls[1:]) == ["maintain all lake.github.fork_event", "maintain all lake.github.push_event"]


@pytest.mark.parametrize(
    ("code", "state", "tries", "said"),
    [
        (3, TaskInstanceState.FAILED, 1, r"quality gate closed \(exit 3\), tables are as they were: said by firn"),
        (2, TaskInstanceState.FAILED, 1, r"configuration is wrong \(exit 2\): said by firn"),
        (1, TaskInstanceState.FAILED, 3, r"firn failed 3 times, exit 1: said by firn"),
        (4, TaskInstanceState.FAILED, 2, r"the source was not ready within 20 s \(exit 4\): said by firn"),
    ],
)
def test_exit_codes_become_states(quick: Path, capfd, code: int, state, tries: int, said: str) -> None:
    yaml = quick / "pipelines" / "github-events.yaml"
    yaml.write_text(yaml.read_text() + ("\nschedule: {sla: 20s}\n" if code == 4 else ""))
    # A source that is late is asked again; the second time the SLA passes meanwhile.
    late = f"[ $(wc -l < {quick}/calls.txt) -lt 2 ] || sleep 20; " if code == 4 else ""
    launcher = _stub(quick, f"{late}echo said by firn >&2; exit {code}")
    _in_dags_folder("coded", quick, f"launcher={str(launcher)!r}")
    dag = dags(quick, prefix="coded_", launcher=str(launcher))["coded_github-events"]
    dag.tasks[0].retry_delay = timedelta(milliseconds=200)
    dag.tasks[0].retry_exponential_backoff = 0
    run = dag.test(logical_date=datetime(2026, 11, 21, 0, 5, tzinfo=timezone.utc))
    assert _states(run) == {"load": (state, tries)}
    assert re.search(said, "".join(capfd.readouterr()))


def test_a_launcher_that_is_not_there_fails_at_once(quick: Path, capfd) -> None:
    _in_dags_folder("none", quick, "launcher='/nowhere/firn'")
    run = dags(quick, prefix="none_", launcher="/nowhere/firn")["none_github-events"].test()
    assert _states(run)["load"] == (TaskInstanceState.FAILED, 1)
    assert "/nowhere/firn cannot be run: No such file or directory" in "".join(capfd.readouterr())


def test_a_broken_file_fails_at_its_time_and_says_why(quick: Path, capfd) -> None:
    (quick / "pipelines" / "bad.yaml").write_text("pipeline: bad\nsource: [\n")
    _in_dags_folder("broken", quick, "launcher='firn'")
    with pytest.warns(UserWarning, match="not YAML"):
        dag = dags(quick, prefix="broken_")["broken_bad"]
    run = dag.test()
    assert _states(run)["load"] == (TaskInstanceState.FAILED, 1)
    assert "pipelines/bad.yaml:3: not YAML" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("zone", "logical", "day"),
    [
        ("UTC", "2026-11-21T00:05:00+00:00", "2026-11-20"),
        ("America/New_York", "2026-03-09T00:05:00-04:00", "2026-03-08"),
        ("America/New_York", "2026-11-02T00:05:00-05:00", "2026-11-01"),
        ("Europe/Berlin", "2026-03-30T00:05:00+02:00", "2026-03-29"),
    ],
)
def test_the_day_before_reaches_the_command_line(quick: Path, zone: str, logical: str, day: str) -> None:
    yaml = quick / "pipelines" / "github-events.yaml"
    yaml.write_text(yaml.read_text() + f"\nschedule: {{timezone: {zone}}}\n")
    launcher = _stub(quick, "")
    _in_dags_folder("dated", quick, f"launcher={str(launcher)!r}")
    dags(quick, prefix="dated_", launcher=str(launcher))["dated_github-events"].test(
        logical_date=datetime.fromisoformat(logical)
    )
    assert (quick / "calls.txt").read_text() == f"run pipelines/github-events.yaml --date {day}\n"

"""The DAGs that a project's YAML becomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sized
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from airflow.sdk import Asset, AsyncCallback, SyncCallback
from projects import CLICKS, SHOP, write

from firn_airflow import dags
from firn_airflow.deadline import missed
from firn_airflow.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "etl-jobs" / "pipelines" / "github-events.yaml"


def notify(**_: object) -> None:
    """Stands for a user's own callback."""


def test_a_dag_for_each_pipeline_and_one_for_upkeep(tmp_path: Path) -> None:
    made = dags(write(tmp_path / "p", clicks=CLICKS, shop=SHOP), target="serverless", profile="prod")
    assert sorted(made) == ["clicks", "firn-maintenance", "shop"]
    clicks = made["clicks"]
    assert (clicks.timetable.expression, str(clicks.timetable.timezone)) == ("5 0 * * *", "UTC")
    assert (clicks.catchup, clicks.max_active_runs) == (False, 1)
    (load,) = clicks.tasks
    assert (load.pool, load.deferrable, load.retry_exponential_backoff) == ("firn", True, 2.0)
    assert load.outlets == [
        Asset(name="lake.web.page_view", uri="firn://lake/web/page_view"),
        Asset(name="lake.web.clicks", uri="firn://lake/web/clicks"),
    ]
    assert [asset.uri for asset in made["shop"].tasks[0].outlets] == ["firn://lake/shop/orders", "firn://lake/shop"]
    assert "2,500 GiB a day" in clicks.doc_md
    assert "What visitors did." in clicks.doc_md


def test_the_deadline_and_the_wait_follow_the_sla(tmp_path: Path) -> None:
    made = dags(write(tmp_path / "p", clicks=CLICKS, shop=SHOP), target="ec2", profile="prod")
    for name, sla in (("clicks", 6 * 3600), ("shop", 3600)):
        (alert,) = made[name].deadline
        assert alert.interval == timedelta(seconds=sla)
        assert alert.callback == AsyncCallback(missed, {"pipeline": name, "sla": f"{sla // 3600} h"})
        (load,) = made[name].tasks
        assert load.waiter_delay * load.waiter_max_attempts >= sla + 600
        waits = [min(load.max_retry_delay, load.retry_delay * 2**n) for n in range(load.retries - 3)]
        assert sum(waits, timedelta()) >= timedelta(seconds=sla)


def test_a_callback_of_ones_own_is_called_by_an_executor(tmp_path: Path) -> None:
    made = dags(write(tmp_path / "p", clicks=CLICKS), on_missed_deadline=notify)
    assert isinstance(made["clicks"].deadline[0].callback, SyncCallback)


def test_a_wrong_file_takes_no_other_dag_away(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", clicks=CLICKS, bad="pipeline: bad-one\nsource: [\n", cron=SHOP.replace("100GiB", "100GiB, cron: never").replace("shop", "crony"))  # fmt: skip
    with pytest.warns(UserWarning) as told:
        made = dags(folder)
    assert sorted(made) == ["bad-one", "clicks", "crony", "firn-maintenance"]
    messages = [str(warning.message) for warning in told]
    assert any("pipelines/bad.yaml:3: not YAML" in message for message in messages)
    assert any("pipelines/cron.yaml:3: " in message and "never" in message for message in messages)
    assert "firn-broken" in made["bad-one"].tags
    assert "firn-broken" not in made["clicks"].tags


def test_wrong_settings_are_an_import_error_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", clicks=CLICKS)
    (folder / "firn.yaml").write_text("emr: {release: emr-spark-8.1.0}")
    with pytest.raises(ConfigError, match="emr.jar is missing; write it in firn.yaml"):
        dags(folder, target="ec2")
    with pytest.raises(ConfigError, match='target "k8s" is none of local, ec2, serverless, eks'):
        dags(folder, target="k8s")


def test_upkeep_runs_with_a_profile_and_at_a_place_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", clicks=CLICKS)
    role = "arn:aws:iam::123456789012:role/firn-maintenance"
    with (folder / "firn.yaml").open("a") as settings:
        settings.write(f'  upkeep: {{emr: {{serverless: {{role: "{role}"}}}}}}\n')
    made = dags(folder, target="ec2", profile="prod", maintenance_profile="upkeep", maintenance_target="serverless")
    (load,) = made["clicks"].tasks
    tables = made["firn-maintenance"].get_task("tables")
    assert (load.document["target"], load.document["profile"]) == ("ec2", "prod")
    assert (tables.document["target"], tables.document["profile"]) == ("serverless", "upkeep")
    assert tables.document["emr"]["serverless"] == {"application": "00f1abcdefgh", "role": role}
    with pytest.raises(ConfigError, match='target "k8s" is none of'):
        dags(folder, target="ec2", profile="prod", maintenance_target="k8s")


def test_a_task_that_runs_has_only_its_own_dag_made(tmp_path: Path, monkeypatch) -> None:
    folder = write(tmp_path / "p", clicks=CLICKS, shop=SHOP)
    for wanted in ("dev_shop", "dev_firn-maintenance"):
        monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", wanted)
        assert list(dags(folder, prefix="dev_")) == [wanted]


@pytest.mark.parametrize("target", ["local", "serverless"])
def test_two_hundred_pipelines_parse_about_as_fast_as_libyaml_reads_them(tmp_path: Path, capsys, target: str) -> None:
    """Held against what the same machine takes to read the files at all: a bound in seconds fails on slow machines."""
    text = EXAMPLE.read_text()
    many = {f"p{n}": text.replace("pipeline: github-events", f"pipeline: p{n}") for n in range(200)}
    folder = write(tmp_path / "p", **many)
    dags(write(tmp_path / "first", clicks=CLICKS), target=target)
    files = list(folder.rglob("p*.yaml"))
    read = _seconds(lambda: [yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader) for file in files], 200)
    spent = _seconds(lambda: dags(folder, target=target), 201)
    with capsys.disabled():
        print(f"\n200 pipelines of 15 tables ({target}): {spent:.2f} s of CPU, {spent / read:.2f} of reading them")
    assert spent < 2 * read


def _seconds(work: Callable[[], Sized], expected: int) -> float:
    began = time.process_time()
    assert len(work()) == expected
    return time.process_time() - began

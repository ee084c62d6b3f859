"""What is read from YAML, and that one wrong file is told with file and line and takes nothing else away."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import CLICKS, FIRN_YAML, SHOP, write

from firn_airflow import project
from firn_airflow.errors import ConfigError


def test_tables_are_named_as_firn_names_them(tmp_path: Path) -> None:
    read = project.read(write(tmp_path / "p", clicks=CLICKS, shop=SHOP))
    clicks, shop = read.pipelines
    assert clicks.tables() == ["lake.web.page_view", "lake.web.clicks"]
    assert clicks.remark == "What visitors did."
    assert (shop.tables(), shop.namespace()) == (["lake.shop.orders"], "lake.shop")


def test_the_example_pipeline_has_its_fifteen_tables() -> None:
    read = project.read(Path(__file__).parents[2] / "etl-jobs")
    (events,) = (pipeline for pipeline in read.pipelines if pipeline.name == "github-events")
    assert len(events.tables()) == 15
    assert "lake.github.pull_request_review_comment_event" in events.tables()


def test_a_profile_is_laid_over_deeply_and_variables_are_resolved(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SLA_OF_CLICKS", "90m")
    over = 'profiles: {prod: {schedule: {sla: "${env:SLA_OF_CLICKS}"}}}\n'
    read = project.read(write(tmp_path / "p", clicks=CLICKS + over), "prod")
    assert read.emr["jar"] == "s3://firn-lake/firn/firn.jar"
    assert read.emr["ec2"]["subnet"] == "subnet-0a1b2c3d"
    schedule = read.pipelines[0].schedule
    assert (schedule.sla, schedule.volume, schedule.cron) == (5400, 2500 * 1024**3, "5 0 * * *")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pipeline: x\nsource: {type: json-dump\nevents: {}\n", "pipelines/bad.yaml:3: not YAML: "),
        ("# a\npipeline: X Y\nsource: {type: json-dump}\n", 'pipelines/bad.yaml:2: pipeline "X Y" is no name'),
        ("pipeline: x\nsource: {type: kafka}\nschedule: {sla: 6 h}\n", 'pipelines/bad.yaml:3: "6 h" is no duration'),
        ("pipeline: x\nsource: {type: kafka}\nschedule: {timezone: Moon}\n", 'bad.yaml:3: schedule.timezone "Moon"'),
        ("pipeline: x\nsource: {type: kafka}\nschedule: {daily-volume: 5}\n", 'bad.yaml:3: "5" is no size'),
        ("pipeline: x\nsource: {type: kafka}\n\nevents: [a]\n", 'bad.yaml:4: "events" must be a mapping'),
        ("pipeline: x\nsource: {type: kafka}\nevents: {a: {target: t}}\n", "bad.yaml:3: each event and its target"),
        ("pipeline: x\n", 'bad.yaml:1: missing key "source"'),
        (CLICKS, 'bad.yaml:2: pipeline "clicks" is also in pipelines/a.yaml'),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    read = project.read(write(tmp_path / "p", a=CLICKS, bad=text))
    assert [pipeline.name for pipeline in read.pipelines] == ["clicks"]
    (broken,) = read.broken
    assert problem in broken.problem


def test_other_yaml_is_none_of_its_business(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", a=CLICKS)
    (folder / "notes.yaml").write_text("remember: [milk")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.yaml").write_text("pipeline: [")
    read = project.read(folder)
    assert (len(read.pipelines), read.broken) == (1, ())


def test_a_folder_that_is_not_there_and_a_project_file_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no folder .*nowhere"):
        project.read(tmp_path / "nowhere")
    folder = write(tmp_path / "p", a=CLICKS)
    (folder / "firn.yaml").write_text(FIRN_YAML + "  - x")
    with pytest.raises(ConfigError, match=r"firn.yaml:\d+: not YAML"):
        project.read(folder)

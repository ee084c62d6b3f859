"""The tests that users run on their own YAML, run on a good project and on broken ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from projects import CLICKS, SHOP, write


def _python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=folder)


def _pytest(project: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return _python("-m", "firn_airflow", "test", str(project), *more, folder=project.parent)


def test_a_good_project_passes(tmp_path: Path) -> None:
    done = _pytest(write(tmp_path / "p", clicks=CLICKS, shop=SHOP), "--target", "serverless", "--profile", "prod")
    assert "5 passed" in done.stdout, done.stdout + done.stderr


def test_broken_yaml_and_a_table_of_two_pipelines_are_found(tmp_path: Path) -> None:
    other = CLICKS.replace("pipeline: clicks", "pipeline: other")
    done = _pytest(write(tmp_path / "p", clicks=CLICKS, other=other, bad="pipeline: bad\nsource: [\n"))
    assert "2 failed, 3 passed" in done.stdout, done.stdout + done.stderr
    assert "pipelines/bad.yaml:3: not YAML" in done.stdout
    assert "firn://lake/web/page_view is written by clicks and by other" in done.stdout


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        ({"clicks": CLICKS}, 0, "pipelines/clicks.yaml: clicks, 5 0 * * * UTC, SLA 6 h, 2 tables, 9 executors\n"),
        ({"bad": "pipeline: bad\nsource: [\n"}, 2, "pipelines/bad.yaml:3: not YAML"),
        ({"late": CLICKS.replace("2500GiB", "1GB, sla: 10m")}, 2, "pipelines/late.yaml: schedule.sla of 10 min is too"),
        ({}, 2, "holds no pipeline"),
    ],
)
def test_check_tells_what_the_yaml_becomes(tmp_path: Path, files: dict[str, str], code: int, said: str) -> None:
    folder = write(tmp_path / "p", **files)
    done = _python("-m", "firn_airflow", "check", str(folder), "--target", "ec2", folder=tmp_path)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr

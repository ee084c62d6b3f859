"""``python -m firn_airflow check DIR`` and ``test DIR``: what a user's YAML becomes, told before it is deployed."""

from __future__ import annotations

import argparse
import sys

from firn_airflow import outcome, project, units
from firn_airflow.errors import ConfigError
from firn_airflow.requests import TARGETS, build


def main(arguments: list[str] | None = None) -> int:
    """0 if all is well, 2 if a file is wrong."""
    parser = argparse.ArgumentParser(prog="python -m firn_airflow", description="Firn's pipelines as Airflow DAGs.")
    commands = parser.add_subparsers(required=True)
    for name, run, what in (
        ("check", _check, "print a line for each pipeline and all that is wrong; needs no Airflow"),
        ("test", _test, "run the integrity tests on the DAGs; needs Airflow and pytest"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("project", metavar="DIR", help="the folder of firn.yaml and the pipelines")
        command.add_argument("--profile")
        command.add_argument("--target", choices=["local", *TARGETS], default="local")
        command.set_defaults(run=run)
    asked = parser.parse_args(arguments)
    return asked.run(asked)


def _test(asked: argparse.Namespace) -> int:
    import pytest

    words = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "firn_airflow.integrity.plugin",
        "--pyargs",
        "firn_airflow.integrity",
    ]
    words += ["--project", asked.project, "--target", asked.target]
    return int(pytest.main([*words, *(["--profile", asked.profile] if asked.profile else [])]))


def _check(asked: argparse.Namespace) -> int:
    try:
        found = project.read(asked.project, asked.profile)
    except ConfigError as e:
        print(e, file=sys.stderr)
        return outcome.USAGE
    problems = [file.problem for file in found.broken]
    for file in found.pipelines:
        try:
            print(_line(asked, found, file))
        except ConfigError as e:
            problems.append(f"{file.file}: {e}")
    if not found.pipelines and not problems:
        problems.append(f"{asked.project} holds no pipeline")
    for problem in problems:
        print(problem, file=sys.stderr)
    return outcome.USAGE if problems else outcome.OK


def _line(asked: argparse.Namespace, found: project.Project, file: project.PipelineFile) -> str:
    schedule = file.schedule
    when = f"{schedule.cron} {schedule.timezone}, SLA {units.spoken_time(schedule.sla)}"
    line = f"{file.file}: {file.name}, {when}, {len(file.tables())} tables"
    if asked.target == "local":
        return line
    document = {"pipeline": file.pipeline, "emr": found.emr, "target": asked.target, "command": ["run"]}
    sizing = build({**document, "profile": asked.profile}, "check").sizing
    return f"{line}, {sizing.executors} executors"


if __name__ == "__main__":
    sys.exit(main())

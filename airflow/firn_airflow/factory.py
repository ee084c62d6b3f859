"""One DAG for each pipeline YAML and one that keeps the tables in shape, made at parse time without the network."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import (
    DAG,
    Asset,
    AsyncCallback,
    BaseOperator,
    CronDataIntervalTimetable,
    DeadlineAlert,
    DeadlineReference,
    Param,
    SyncCallback,
    get_parsing_context,
)
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from firn_airflow import deadline, outcome, project, units
from firn_airflow.errors import ConfigError
from firn_airflow.project import BrokenFile, PipelineFile, Project
from firn_airflow.requests import TARGETS, build
from firn_airflow.schedule import Schedule, reads_topics

_BEGINNING = datetime(2010, 1, 1)
_LONGEST_DELAY = timedelta(minutes=30)
_STATES = """
| the run's exit code | the task |
|---|---|
| 0: tables are there | success; assets are updated |
| 1: failed, or no result; 5: other runs kept winning | up_for_retry, failed after three tries |
| 2: configuration is wrong; 3: quality gate closed | failed at once |
| 4: source is not ready | up_for_retry until the SLA is over, then failed |
"""


def dags(
    root: str | os.PathLike[str],
    *,
    target: str = "local",
    profile: str | None = None,
    prefix: str = "",
    pool: str | None = None,
    maintenance: str | None = "30 6 * * *",
    maintenance_profile: str | None = None,
    maintenance_target: str | None = None,
    on_missed_deadline: Callable[..., Any] | str | None = None,
    launcher: str | None = None,
    aws_conn_id: str | None = "aws_default",
    region: str | None = None,
    poll: int = 30,
    default_args: dict[str, Any] | None = None,
) -> dict[str, DAG]:
    """The DAGs of a project, by id, for ``globals().update(...)``.

    root: the folder of firn.yaml and the pipelines, on this machine. target: local, serverless, ec2 or eks. prefix: of
    the DAGs' ids, where several projects or profiles meet in one Airflow. pool: default firn, for local Airflow's own.
    maintenance: the cron of the DAG that runs ``firn maintain all`` on every table, or None; its jobs' profile and target
    are those of the loads unless maintenance_profile and maintenance_target say otherwise. on_missed_deadline: a
    function of a module that Airflow can import, async for the triggerer, else for an executor. launcher: the
    script ``firn`` of the local target. poll: seconds between two looks at a job. A wrong YAML file becomes a DAG that
    fails and says what is wrong, since an import error would take away all DAGs of this file.
    """
    for place in (target, maintenance_target or target):
        if place != "local" and place not in TARGETS:
            raise ConfigError(f'target "{place}" is none of local, {", ".join(TARGETS)}')
    wanted = get_parsing_context().dag_id
    upkeep_id = f"{prefix}firn-maintenance"
    only = wanted.removeprefix(prefix) if wanted and wanted != upkeep_id else None
    found = project.read(root, profile, only)

    def on(project: Project, target: str, profile: str | None) -> _Maker:
        operator, arguments = _operator(
            target, str(project.root), launcher, {"aws_conn_id": aws_conn_id, "region_name": region, "poll": poll}
        )
        maker = _Maker(
            project=project,
            target=target,
            profile=profile,
            prefix=prefix,
            pool=pool or ("default_pool" if target == "local" else "firn"),
            on_missed_deadline=on_missed_deadline or deadline.missed,
            default_args=default_args or {},
            operator=operator,
            arguments=arguments,
        )
        maker.check_settings()
        return maker

    maker = on(found, target, profile)
    made: dict[str, DAG] = {}
    broken = list(found.broken)
    for pipeline in found.pipelines:
        try:
            dag = maker.pipeline(pipeline)
            dag.validate()
        except Exception as e:  # Whatever is wrong with one file must not take the other DAGs away.
            place = f"{pipeline.file}:{pipeline.schedule_line}" if pipeline.schedule_line else pipeline.file
            broken.append(BrokenFile(pipeline.file, pipeline.name, f"{place}: {e}"))
            continue
        made[dag.dag_id] = dag
    for file in broken:
        warnings.warn(file.problem, stacklevel=2)
        dag = maker.broken(file)
        made.setdefault(dag.dag_id, dag)
    if maintenance and found.pipelines:
        upkeep = maker
        if maintenance_profile or maintenance_target:
            own = maintenance_profile or profile
            upkeep = on(replace(found, emr=project.read_emr(found.root, own)), maintenance_target or target, own)
        made[upkeep_id] = upkeep.maintenance(upkeep_id, maintenance)
    return {name: dag for name, dag in made.items() if wanted is None or name == wanted}


def _operator(target: str, root: str, launcher: str | None, emr_arguments: dict[str, Any]) -> Any:
    """The operator of a target and the arguments that all its tasks share."""
    if target == "local":
        from firn_airflow import local

        return local.LocalJob, {"launcher": local.launcher(launcher), "project": root}
    # Local runs do without the Amazon provider.
    from firn_airflow import emr

    return emr.OPERATORS[target], emr_arguments


@dataclass(frozen=True)
class _Maker:
    project: Project
    target: str
    profile: str | None
    prefix: str
    pool: str
    on_missed_deadline: Callable[..., Any] | str
    default_args: dict[str, Any]
    operator: type[BaseOperator]
    arguments: dict[str, Any]

    def check_settings(self) -> None:
        """What is wrong with firn.yaml is told once, as the import error of the file that asks for the DAGs."""
        if self.target != "local":
            build(self._document({}, ["health"]), "check")

    def pipeline(self, file: PipelineFile) -> DAG:
        document = self._document(file.pipeline, ["run"], file.file)
        reasons: tuple[str, ...] = ()
        if self.target != "local":
            # An SLA that no job can keep is told now and not at midnight.
            reasons = build(document, "check").sizing.reasons
        dated = not reads_topics(file.pipeline)
        dag = self._dag(
            self.prefix + file.name,
            file.schedule,
            doc_md=_about(file, reasons),
            params={"date": Param(None, description="The day to load, 2026-11-20.")} if dated else {},
            deadline=self._deadline(file),
        )
        self.operator(
            task_id="load",
            dag=dag,
            document=document,
            outlets=_assets(file),
            **self._retries(file.schedule),
            **self.arguments,
        )
        return dag

    def maintenance(self, dag_id: str, cron: str) -> DAG:
        schedule = Schedule.of({"schedule": {"cron": cron}})
        dag = self._dag(dag_id, schedule, doc_md="`firn maintain all` for every table that `firn health` names.")
        files = [file.file for file in self.project.pipelines]
        shared = {"dag": dag, **self._retries(schedule), **self.arguments}
        tables = self.operator(
            task_id="tables", document=self._document({}, ["health", *files]), names_tables=True, **shared
        )
        self.operator.partial(
            task_id="maintain",
            document=self._document({}, ["maintain", "all"]),
            map_index_template="{{ task.table }}",
            max_active_tis_per_dagrun=4,
            **shared,
        ).expand(table=tables.output)
        return dag

    def broken(self, file: BrokenFile) -> DAG:
        """Fails at the usual time, so that whoever is told of failures hears of it."""
        dag = self._dag(self.prefix + file.name, Schedule.of({}), doc_md=f"**Cannot be read**\n\n{file.problem}")
        dag.tags.add("firn-broken")
        _Broken(task_id="load", dag=dag, problem=file.problem)
        return dag

    def _dag(self, dag_id: str, schedule: Schedule, **more: Any) -> DAG:
        timetable = CronDataIntervalTimetable(schedule.cron, timezone=schedule.timezone)
        try:
            timetable.validate()
        except AirflowException as e:
            raise ConfigError(f'schedule.cron "{schedule.cron}" is no cron expression: {e}') from None
        return _Dag(
            dag_id,
            schedule=timetable,
            start_date=_BEGINNING.replace(tzinfo=ZoneInfo(schedule.timezone)),
            catchup=False,
            max_active_runs=1,
            tags={"firn", self.project.root.name},
            default_args={"pool": self.pool, **self.default_args},
            **more,
        )

    def _document(self, pipeline: dict[str, Any], command: list[str], file: str | None = None) -> dict[str, Any]:
        kept = ("pipeline", "schedule")
        slim = {key: pipeline[key] for key in kept if pipeline.get(key)}
        if pipeline:
            slim["source"] = {"type": pipeline["source"]["type"]}
        document = {"pipeline": slim, "target": self.target, "file": file, "command": command, "profile": self.profile}
        if self.target != "local":
            document["emr"] = self.project.emr
        return document

    @staticmethod
    def _retries(schedule: Schedule) -> dict[str, Any]:
        """Enough of them to wait for a late source until the SLA is over; outcome.judge ends other failures sooner."""
        delay = min(timedelta(minutes=5), timedelta(seconds=max(1, schedule.sla // 72)))
        waited, waits = timedelta(), 0
        while waited < timedelta(seconds=schedule.sla):
            waited += min(_LONGEST_DELAY, delay * 2**waits)
            waits += 1
        return {
            "retries": waits + outcome.FAILURES,
            "retry_delay": delay,
            "retry_exponential_backoff": 2.0,
            "max_retry_delay": _LONGEST_DELAY,
        }

    def _deadline(self, file: PipelineFile) -> DeadlineAlert:
        """Counted from when the run was queued: for a scheduled run that is when it was due; a backfill's too has time."""
        sla = file.schedule.sla
        arguments = {"pipeline": file.name, "sla": units.spoken_time(sla)}
        made: AsyncCallback | SyncCallback
        try:
            made = AsyncCallback(self.on_missed_deadline, arguments)
        except AttributeError:
            made = SyncCallback(self.on_missed_deadline, arguments)
        return DeadlineAlert(
            reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=timedelta(seconds=sla), callback=made
        )


class _Dag(DAG):
    """Airflow 3.3 ends ``dags test`` of a DAG with a deadline by an error of its own; a test meets no deadline."""

    def test(self, *args: Any, **kwargs: Any) -> Any:
        alerts, self.deadline = self.deadline, []
        try:
            return super().test(*args, **kwargs)
        finally:
            self.deadline = alerts


class _Broken(BaseOperator):
    def __init__(self, *, problem: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.problem = problem

    def execute(self, context: Any) -> None:
        raise AirflowFailException(self.problem)


def _assets(file: PipelineFile) -> list[Asset]:
    named = file.tables()
    beside = file.namespace()
    return [Asset(name=table, uri=asset_uri(table)) for table in [*named, *([beside] if beside else [])]]


def asset_uri(table: str) -> str:
    """The asset of a table catalog.namespace.table, for ``schedule=[Asset(...)]`` of a DAG that reads it."""
    return "firn://" + re.sub(r"\.", "/", table)


def _about(file: PipelineFile, reasons: tuple[str, ...]) -> str:
    schedule = file.schedule
    what = "changes of topics" if reads_topics(file.pipeline) else "the day before the data interval's end"
    lines = [
        file.remark,
        f"Loads {what}, `{file.file}`, at `{schedule.cron}` {schedule.timezone},"
        f" within {units.spoken_time(schedule.sla)}.",
        "Tables: " + (", ".join(f"`{table}`" for table in file.tables()) or "as the topics name them"),
        "\n".join(f"* {reason}" for reason in reasons),
        _STATES,
    ]
    return "\n\n".join(line for line in lines if line)

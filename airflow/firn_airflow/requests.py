"""Builds the one request that runs a Firn command on EMR. Plain Python: no Airflow, nothing to install."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from firn_airflow import spark
from firn_airflow.errors import ConfigError
from firn_airflow.sizing import CORES, Sizing, size_job

TARGETS = ("ec2", "serverless", "eks")

_NODE = 16
"""vCPU of the smallest node: four executors, or three and the driver."""


@dataclass(frozen=True)
class Request:
    """A call of one AWS service, in boto3's words, and where its job will write its result."""

    service: str
    operation: str
    parameters: dict[str, Any]
    result: str
    sizing: Sizing


def build(document: dict[str, Any], key: str) -> Request:
    """The request for a document as ``firn submit`` writes it: pipeline, emr, target, file, command, profile, bytes.

    The key names one attempt: its result lies under it, and the same key twice is the same job where EMR knows that.
    """
    emr = document.get("emr") or {}
    target = document["target"]
    if target not in TARGETS:
        raise ConfigError(f'target "{target}" is none of {", ".join(TARGETS)}')
    pipeline = document.get("pipeline") or {}
    name = pipeline.get("pipeline") or document["command"][0]
    job = _Job(
        name=name,
        title=re.sub(r"[^A-Za-z0-9._-]+", "-", f"firn-{name}-{key}")[:200],
        token="firn-" + hashlib.sha256(f"{name}/{key}".encode()).hexdigest()[:48],
        jar=_setting(emr, "jar"),
        result=f"{_folder(emr, 'results')}{name}/{key}/run-result.json",
        arguments=[],
    )
    job.arguments.extend(_arguments(document, emr, job.result))
    label = spark.check_release(emr.get("release") or spark.USUAL_RELEASE)
    sizing = size_job(pipeline, target, document.get("bytes"))
    service, operation, parameters = _BUILDERS[target](job, emr, label, sizing)
    return Request(service, operation, parameters, job.result, sizing)


@dataclass(frozen=True)
class _Job:
    name: str
    title: str
    token: str
    jar: str
    result: str
    arguments: list[str]


def _arguments(document: dict[str, Any], emr: dict[str, Any], result: str) -> list[str]:
    verb, *rest = document["command"]
    file = document.get("file")
    profile = document.get("profile")
    return [
        verb,
        *([file] if file else []),
        *rest,
        "--project",
        _folder(emr, "project"),
        *(["--profile", profile] if profile else []),
        "--result",
        result,
    ]


def _on_ec2(job: _Job, emr: dict[str, Any], label: str, sizing: Sizing) -> tuple[str, str, dict[str, Any]]:
    cores = CORES * (sizing.executors + 1)
    units = -(-cores // _NODE) * _NODE
    lifetime = {
        f"yarn.scheduler.capacity.root.default.{which}-application-lifetime": str(sizing.limit)
        for which in ("default", "maximum")
    }
    confs = [word for pair in spark.settings(sizing, "ec2").items() for word in ("--conf", "=".join(pair))]
    parameters: dict[str, Any] = {
        "Name": job.title,
        "ReleaseLabel": label,
        "LogUri": _folder(emr, "logs"),
        "Applications": [{"Name": "Spark"}],
        "ServiceRole": _setting(emr, "ec2", "service-role"),
        "JobFlowRole": _setting(emr, "ec2", "instance-profile"),
        "VisibleToAllUsers": True,
        "StepConcurrencyLevel": 1,
        "Configurations": [{"Classification": "capacity-scheduler", "Properties": lifetime}],
        "Instances": {
            "Ec2SubnetIds": [_setting(emr, "ec2", "subnet")],
            "KeepJobFlowAliveWhenNoSteps": False,
            "TerminationProtected": False,
            "InstanceFleets": [
                {
                    "Name": "primary",
                    "InstanceFleetType": "MASTER",
                    "TargetOnDemandCapacity": 1,
                    "InstanceTypeConfigs": [
                        {"InstanceType": name} for name in ("m7i.xlarge", "m6i.xlarge", "m6a.xlarge")
                    ],
                },
                {
                    "Name": "core",
                    "InstanceFleetType": "CORE",
                    "TargetOnDemandCapacity": units,
                    "InstanceTypeConfigs": [
                        {"InstanceType": f"{family}.{large}xlarge", "WeightedCapacity": 4 * large}
                        for family in ("m7i", "m6i", "m6a")
                        for large in ((4,) if units < 2 * _NODE else (4, 8))
                    ],
                },
            ],
        },
        "ManagedScalingPolicy": {
            "ComputeLimits": {
                "UnitType": "InstanceFleetUnits",
                "MinimumCapacityUnits": _NODE,
                "MaximumCapacityUnits": units,
            }
        },
        "Steps": [
            {
                "Name": job.title,
                "ActionOnFailure": "TERMINATE_CLUSTER",
                "HadoopJarStep": {
                    "Jar": "command-runner.jar",
                    "Args": ["spark-submit", "--deploy-mode", "cluster", "--class", spark.MAIN_CLASS]
                    + confs
                    + [job.jar, *job.arguments],
                },
            }
        ],
        # EMR's own service policy lets a cluster with the second tag start its machines.
        "Tags": [
            {"Key": "firn-pipeline", "Value": job.name},
            {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"},
        ],
    }
    return "emr", "run_job_flow", parameters


def _on_serverless(job: _Job, emr: dict[str, Any], label: str, sizing: Sizing) -> tuple[str, str, dict[str, Any]]:
    return (
        "emr-serverless",
        "start_job_run",
        {
            "applicationId": _setting(emr, "serverless", "application"),
            "clientToken": job.token,
            "executionRoleArn": _setting(emr, "serverless", "role"),
            "name": job.title,
            "executionTimeoutMinutes": -(-sizing.limit // 60),
            "retryPolicy": {"maxAttempts": 1},
            "jobDriver": {
                "sparkSubmit": {
                    "entryPoint": job.jar,
                    "entryPointArguments": job.arguments,
                    "sparkSubmitParameters": spark.parameters(spark.settings(sizing, "serverless")),
                }
            },
            "configurationOverrides": {
                "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": _folder(emr, "logs")}}
            },
            "tags": {"firn-pipeline": job.name},
        },
    )


def _on_eks(job: _Job, emr: dict[str, Any], label: str, sizing: Sizing) -> tuple[str, str, dict[str, Any]]:
    return (
        "emr-containers",
        "start_job_run",
        {
            "virtualClusterId": _setting(emr, "eks", "virtual-cluster"),
            "clientToken": job.token,
            "executionRoleArn": _setting(emr, "eks", "role"),
            "name": job.title[:64],
            "releaseLabel": f"{label}-latest",
            "retryPolicyConfiguration": {"maxAttempts": 1},
            "jobDriver": {
                "sparkSubmitJobDriver": {
                    "entryPoint": job.jar,
                    "entryPointArguments": job.arguments,
                    "sparkSubmitParameters": spark.parameters(spark.settings(sizing, "eks")),
                }
            },
            "configurationOverrides": {
                "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": _folder(emr, "logs")}}
            },
            "tags": {"firn-pipeline": job.name},
        },
    )


_BUILDERS = {"ec2": _on_ec2, "serverless": _on_serverless, "eks": _on_eks}


def _setting(emr: dict[str, Any], *path: str) -> str:
    value: Any = emr
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    where = ".".join(("emr", *path))
    if value is None or value == "":
        raise ConfigError(f"{where} is missing; write it in firn.yaml, for all profiles or under profiles.<name>")
    if "${" in str(value):
        raise ConfigError(f"{where} holds {value}, which is not set here; set the variable or write the value")
    return str(value)


def _folder(emr: dict[str, Any], name: str) -> str:
    return _setting(emr, name).rstrip("/") + "/"

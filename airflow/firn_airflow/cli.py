"""A request as a command of the AWS CLI."""

from __future__ import annotations

import json
import shlex
from typing import Any

from firn_airflow.requests import Request


def command(request: Request) -> list[str]:
    """The words of the command line that sends the request."""
    if request.operation == "run_job_flow":
        return _create_cluster(request.parameters)
    verb = request.operation.replace("_", "-")
    return ["aws", request.service, verb, "--cli-input-json", _compact(request.parameters)]


def line(request: Request) -> str:
    """The same, quoted for a shell."""
    return shlex.join(command(request))


def _create_cluster(parameters: dict[str, Any]) -> list[str]:
    """The CLI has no run-job-flow: create-cluster says the same in options of its own."""
    instances = parameters["Instances"]
    steps = [
        {
            "Type": "CUSTOM_JAR",
            "Name": step["Name"],
            "ActionOnFailure": step["ActionOnFailure"],
            "Jar": step["HadoopJarStep"]["Jar"],
            "Args": step["HadoopJarStep"]["Args"],
        }
        for step in parameters["Steps"]
    ]
    attributes = {"InstanceProfile": parameters["JobFlowRole"], "SubnetIds": instances["Ec2SubnetIds"]}
    words = ["aws", "emr", "create-cluster", "--auto-terminate", "--no-termination-protected"]
    words += ["--visible-to-all-users", "--name", parameters["Name"], "--release-label", parameters["ReleaseLabel"]]
    words += ["--applications", *(f"Name={application['Name']}" for application in parameters["Applications"])]
    words += ["--log-uri", parameters["LogUri"], "--service-role", parameters["ServiceRole"]]
    words += ["--step-concurrency-level", str(parameters["StepConcurrencyLevel"])]
    words += ["--ec2-attributes", _compact(attributes)]
    words += ["--instance-fleets", _compact(instances["InstanceFleets"])]
    words += ["--managed-scaling-policy", _compact(parameters["ManagedScalingPolicy"])]
    words += ["--configurations", _compact(parameters["Configurations"])]
    words += ["--steps", _compact(steps)]
    words += ["--tags", *(f"{tag['Key']}={tag['Value']}" for tag in parameters["Tags"])]
    return words


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))

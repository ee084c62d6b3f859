"""What spark-submit is told; what Firn's own session sets (timezone, ANSI, extensions, catalogs) is not repeated."""

from __future__ import annotations

from firn_airflow.errors import ConfigError
from firn_airflow.sizing import CORES, Sizing

MAIN_CLASS = "io.firn.jobs.Firn"

RELEASES = {
    "emr-spark-8.1.0": "Spark 4.1.1, Iceberg 1.11.0",
    "emr-spark-8.2.0": "Spark 4.1.3, Iceberg 1.11.0",
}

USUAL_RELEASE = "emr-spark-8.1.0"


def check_release(label: str) -> str:
    """The label itself; refuses releases whose Spark or Iceberg the jar was not built for."""
    if label not in RELEASES:
        known = ", ".join(f"{name} ({what})" for name, what in RELEASES.items())
        raise ConfigError(f"emr.release {label} is not one that Firn was built for; use {known}")
    return label


def settings(sizing: Sizing, target: str) -> dict[str, str]:
    """Spark's settings for one job, by name.

    Speculation is off: a second copy of a task writes its files twice for nothing. A driver is not started again by the
    cluster: the caller retries, with a result of its own. Overhead holds what Parquet writers and zstd keep outside the
    heap. Executors are asked for at once: the load cuts the day for the cores there are.
    """
    chosen = {
        "spark.driver.cores": str(CORES),
        "spark.driver.memory": "8g",
        "spark.driver.memoryOverhead": "2g",
        "spark.executor.cores": str(CORES),
        "spark.executor.memory": "9g",
        "spark.executor.memoryOverhead": "4g",
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.initialExecutors": str(sizing.executors),
        "spark.dynamicAllocation.minExecutors": "1",
        "spark.dynamicAllocation.maxExecutors": str(sizing.executors),
        "spark.speculation": "false",
    }
    if target == "ec2":
        chosen["spark.yarn.maxAppAttempts"] = "1"
    if target == "eks":
        chosen["spark.dynamicAllocation.shuffleTracking.enabled"] = "true"
    return chosen


def parameters(chosen: dict[str, str]) -> str:
    """The settings as spark-submit's own options."""
    return " ".join(["--class", MAIN_CLASS, *(f"--conf {name}={value}" for name, value in chosen.items())])

"""Projects and documents that the tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FIRN_YAML = """\
emr:
  release: emr-spark-8.1.0
  jar: s3://firn-dev/firn/firn.jar
  project: s3://firn-dev/project/
  logs: s3://firn-dev/logs/
  results: s3://firn-dev/results/
  ec2: {subnet: subnet-0a1b2c3d, service-role: firn-emr-service, instance-profile: firn-ingest}
  serverless: {application: 00f1abcdefgh, role: "arn:aws:iam::123456789012:role/firn-ingest"}
  eks: {virtual-cluster: vc0abcdefgh, role: "arn:aws:iam::123456789012:role/firn-ingest"}
profiles:
  prod:
    emr:
      jar: s3://firn-lake/firn/firn.jar
      project: s3://firn-lake/project
      logs: s3://firn-lake/logs/
      results: s3://firn-lake/results/
"""

CLICKS = """\
# What visitors did.
pipeline: clicks
source: {type: json-dump, path: "raw/{date}/", event-name: type}
schedule: {daily-volume: 2500GiB}
defaults: {namespace: web}
events:
  PageView: {columns: []}
  Click: {columns: [], target: {table: lake.web.clicks}}
"""

SHOP = """\
pipeline: shop
source: {type: debezium, brokers: "kafka:9092", topic-pattern: 'shop\\.public\\..*'}
schedule: {daily-volume: 100GiB}
events:
  shop.public.orders: {target: {deletes: soft}}
"""


def write(folder: Path, **files: str) -> Path:
    """A project of firn.yaml and pipelines/NAME.yaml for each name."""
    (folder / "pipelines").mkdir(parents=True)
    (folder / "firn.yaml").write_text(FIRN_YAML)
    for name, text in files.items():
        (folder / "pipelines" / f"{name}.yaml").write_text(text)
    return folder


def document(kind: str, target: str, **more: Any) -> dict[str, Any]:
    """A document as ``firn submit`` writes it, for a day of clicks or the topics of the shop."""
    dump = {
        "pipeline": {
            "pipeline": "clicks",
            "source": {"type": "json-dump", "path": "raw/{date}/"},
            "schedule": {"cron": "5 0 * * *", "timezone": "UTC", "sla": "6h", "daily-volume": "2500GiB"},
        },
        "file": "pipelines/clicks.yaml",
        "command": ["run", "--date", "2026-11-20"],
    }
    topics = {
        "pipeline": {
            "pipeline": "shop",
            "source": {"type": "debezium", "topic-pattern": "shop\\.public\\..*"},
            "schedule": {"daily-volume": "100GiB"},
        },
        "file": "pipelines/shop.yaml",
        "command": ["run"],
    }
    emr = {
        "release": "emr-spark-8.1.0",
        "jar": "s3://firn-lake/firn/firn.jar",
        "project": "s3://firn-lake/project",
        "logs": "s3://firn-lake/logs/",
        "results": "s3://firn-lake/results/",
        "ec2": {"subnet": "subnet-0a1b2c3d", "service-role": "firn-emr-service", "instance-profile": "firn-ingest"},
        "serverless": {"application": "00f1abcdefgh", "role": "arn:aws:iam::123456789012:role/firn-ingest"},
        "eks": {"virtual-cluster": "vc0abcdefgh", "role": "arn:aws:iam::123456789012:role/firn-ingest"},
    }
    chosen = dump if kind == "dump" else topics
    return {**chosen, "emr": emr, "target": target, "profile": "prod", "bytes": None, "print": True, **more}

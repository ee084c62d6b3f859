"""What happens when a run's tables are not there when the SLA is over, unless the user says otherwise."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


async def missed(pipeline: str, sla: str, context: dict[str, Any]) -> None:
    """Logs it, where the triggerer logs."""
    run = context["dag_run"]["dag_run_id"]
    log.error("Firn: pipeline %s missed its SLA of %s, run %s", pipeline, sla, run)

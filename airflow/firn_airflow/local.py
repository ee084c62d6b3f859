"""An operator that runs one Firn command by the launcher on the worker, for development."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from airflow.sdk import BaseOperator

from firn_airflow import attempt, outcome
from firn_airflow.schedule import Schedule


class LocalJob(BaseOperator):
    """Ends as the launcher's exit code says (see outcome.py)."""

    def __init__(
        self,
        *,
        document: dict[str, Any],
        launcher: str,
        project: str,
        table: str | None = None,
        names_tables: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.document, self.launcher, self.project = document, launcher, project
        self.table, self.names_tables = table, names_tables
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> Any:
        verb, *rest = attempt.command(self.document, context, self.table)
        file, profile = self.document.get("file"), self.document.get("profile")
        words = [self.launcher, verb, *([file] if file else []), *rest]
        words += ["--profile", profile] if profile else []
        words += ["--output", "json"] if self.names_tables else []
        self.log.info("%s", " ".join(words))
        run = self._run(words)
        attempt.settle(run, context, Schedule.of(self.document["pipeline"]).sla)
        return attempt.tables(run.result) if self.names_tables else run.code

    def on_kill(self) -> None:
        if self._process:
            self._process.terminate()

    def _run(self, words: list[str]) -> outcome.RunResult:
        last = ""
        with tempfile.TemporaryFile("w+") as answer:
            try:
                self._process = subprocess.Popen(
                    words, cwd=self.project, stdout=answer, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
                )
            except OSError as e:
                return outcome.RunResult(outcome.USAGE, f"{words[0]} cannot be run: {e.strerror}")
            for line in self._process.stderr or []:
                self.log.info("%s", line.rstrip())
                last = line.strip() or last
            code = self._process.wait()
            answer.seek(0)
            said = answer.read()
        if code == outcome.OK and self.names_tables:
            return outcome.RunResult(code, "", json.loads(said))
        for line in said.splitlines():
            self.log.info("%s", line)
        return outcome.RunResult(code, last if code else "")


def launcher(named: str | None) -> str:
    """The launcher to use: the one named, that of FIRN_HOME, or ``firn`` on the PATH."""
    home = os.environ.get("FIRN_HOME")
    return named or (str(Path(home, "firn")) if home else "firn")

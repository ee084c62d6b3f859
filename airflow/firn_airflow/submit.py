"""The Python half of ``firn submit``: reads one JSON document from stdin, prints the request or runs it to its end."""

from __future__ import annotations

import json
import os
import sys
import uuid
from typing import Any, TextIO

if __package__ in (None, ""):
    # Run as a file: the package's own folder must not stand for the top level, where its requests.py is another's.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from firn_airflow import cli, jobs, outcome
from firn_airflow.aws import Aws, connect
from firn_airflow.errors import ConfigError
from firn_airflow.requests import Request, build

_POLL_SECONDS = 15


def main(stdin: TextIO = sys.stdin, stdout: TextIO = sys.stdout, stderr: TextIO = sys.stderr) -> int:
    """Answers with Firn's exit code."""
    try:
        document = json.load(stdin)
        day = _day(document)
        if document.get("print"):
            stdout.write(printed(build(document, day)))
            return outcome.OK
        request = build(document, f"{day}-{uuid.uuid4().hex[:12]}")
        return _run(request, document["target"], connect(), stdout, stderr)
    except ConfigError as e:
        print(f"firn submit: {e}", file=stderr)
        return outcome.USAGE
    except (json.JSONDecodeError, KeyError) as e:
        print(f"firn submit: the document on stdin is not whole: {e!r}", file=stderr)
        return outcome.USAGE


def printed(request: Request) -> str:
    """The reasoning, the command of the AWS CLI, and the request as JSON; the same for the same document."""
    # Whoever pastes the command twice wants two jobs; without a token the CLI makes one up each time.
    parameters = {name: value for name, value in request.parameters.items() if name != "clientToken"}
    plain = Request(request.service, request.operation, parameters, request.result, request.sizing)
    lines = [f"# {reason}" for reason in request.sizing.reasons]
    lines += [f"# the result will be in {request.result}", "", cli.line(plain), "", json.dumps(parameters, indent=2)]
    return "\n".join(lines) + "\n"


def _run(request: Request, target: str, aws: Aws, stdout: TextIO, stderr: TextIO) -> int:
    def tell(message: str) -> None:
        print(message, file=stderr, flush=True)

    for reason in request.sizing.reasons:
        tell(f"# {reason}")
    poll = float(os.environ.get("FIRN_POLL_SECONDS", _POLL_SECONDS))
    try:
        failure = jobs.run(aws, request, jobs.patience(request.sizing.limit, target), poll, tell)
        text = aws.text(request.result)
    except ConfigError:
        raise
    except Exception as e:  # What boto3 and the CLI throw has no common type.
        tell(f"firn submit: AWS refused or was not reached: {e}")
        return outcome.FAILED
    if text is None:
        tell(f"firn submit: {failure or 'the job ended'}, and there is no {request.result}; its log says why")
        return outcome.FAILED
    stdout.write(text if text.endswith("\n") else text + "\n")
    run = outcome.RunResult.parse(text)
    if run.code:
        tell(f"firn submit: firn ended with {run.code}{f': {run.reason}' if run.reason else ''}")
    return run.code


def _day(document: dict[str, Any]) -> str:
    words = document["command"]
    return words[words.index("--date") + 1] if "--date" in words[:-1] else "latest"


if __name__ == "__main__":
    sys.exit(main())

"""Whether IAM lets a request through: what identity policies alone decide, and only the words that ours use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """An action on a resource; the context holds what conditions ask for."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def parse(line: str, **context: str) -> Request:
        """A line as the stand-ins record it, ``service:Action arn``."""
        action, resource = line.split(" ", 1)
        return Request(action, resource, context)

    def value(self, key: str) -> str | None:
        if key == "aws:ResourceAccount":
            return self.resource.split(":")[4]
        return self.context.get(key)


def allows(statements: list[dict[str, Any]], request: Request) -> bool:
    """Denied unless allowed; an explicit Deny goes before any Allow."""
    effects = {statement["Effect"] for statement in matching(statements, request)}
    return effects == {"Allow"}


def matching(statements: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """The statements that speak of a request."""
    return [statement for statement in statements if _applies(statement, request)]


def actions(statement: dict[str, Any]) -> list[str]:
    return _listed(statement["Action"])


def _applies(statement: dict[str, Any], request: Request) -> bool:
    unknown = statement.keys() - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown:
        raise NotImplementedError(f"statements with {sorted(unknown)}")
    return (
        any(_like(pattern.lower(), request.action.lower()) for pattern in actions(statement))
        and any(_like(pattern, request.resource) for pattern in _listed(statement["Resource"]))
        and all(
            _holds(operator, request.value(key), _listed(wanted))
            for operator, tests in statement.get("Condition", {}).items()
            for key, wanted in tests.items()
        )
    )


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    kind = operator.removesuffix("IfExists")
    if value is None:
        return operator != kind
    if kind == "StringEquals":
        return value in wanted
    if kind == "StringLike":
        return any(_like(pattern, value) for pattern in wanted)
    raise NotImplementedError(f"condition {operator}")


def _like(pattern: str, text: str) -> bool:
    """``*`` takes anything, / too, and ``?`` one character."""
    wildcards = {"*": ".*", "?": "."}
    regex = "".join(wildcards.get(character) or re.escape(character) for character in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value

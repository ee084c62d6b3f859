"""CloudFormation templates as their stacks would come out: parameters, imports and the functions that ours use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).parent.parent / "templates"
ACCOUNT = "123456789012"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"

_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
_NAMES = {"AWS::S3::Bucket": "BucketName", "AWS::IAM::Role": "RoleName", "AWS::Logs::LogGroup": "LogGroupName"}
_NOTHING = object()


class _Loader(yaml.SafeLoader):
    pass


def _function(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)


def load(name: str) -> dict[str, Any]:
    """A template as it is written."""
    return yaml.load((TEMPLATES / name).read_text(), _Loader)


class Stack:
    """One template with its parameters; values are those that CloudFormation would give to resources."""

    def __init__(self, template: str, name: str, exports: dict[str, str], **parameters: str) -> None:
        self._template = load(template)
        self._exports = exports
        self._values: dict[str, Any] = {**_PSEUDO, "AWS::StackName": name, "AWS::NoValue": _NOTHING}
        for key, declared in self._template.get("Parameters", {}).items():
            value = parameters.pop(key, declared.get("Default"))
            if value is None:
                raise ValueError(f"{template} needs {key}")
            self._values[key] = str(value).split(",") if declared["Type"] == "CommaDelimitedList" else str(value)
        if parameters:
            raise ValueError(f"{template} has no parameters {sorted(parameters)}")
        for output in self._template.get("Outputs", {}).values():
            if "Export" in output:
                exports[self.resolve(output["Export"]["Name"])] = self.resolve(output["Value"])

    def role(self, logical: str) -> list[dict[str, Any]]:
        """The statements of all customer-made policies of a role."""
        properties = self._template["Resources"][logical]["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        for policy in properties.get("ManagedPolicyArns", []):
            if "Ref" in policy:
                documents.append(self._template["Resources"][policy["Ref"]]["Properties"]["PolicyDocument"])
        return [statement for document in documents for statement in self.resolve(document)["Statement"]]

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [found for found in map(self.resolve, value) if found is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return getattr(self, "_" + name.removeprefix("Fn::").lower())(argument)
        return {key: self.resolve(found) for key, found in value.items()}

    def _ref(self, name: str) -> Any:
        return self._values[name] if name in self._values else self._physical(name)

    def _physical(self, logical: str) -> str:
        resource = self._template["Resources"][logical]
        named = _NAMES.get(resource["Type"])
        return self.resolve(resource["Properties"][named]) if named else f"{self._values['AWS::StackName']}-{logical}"

    def _getatt(self, attribute: str | list[str]) -> str:
        logical, _, name = (attribute if isinstance(attribute, str) else ".".join(attribute)).partition(".")
        kind = self._template["Resources"][logical]["Type"]
        if name == "Arn" and kind == "AWS::KMS::Key":
            return KEY
        if name == "Arn" and kind == "AWS::IAM::Role":
            return f"arn:aws:iam::{ACCOUNT}:role/{self._physical(logical)}"
        raise NotImplementedError(f"{logical}.{name} of {kind}")

    def _sub(self, argument: str | list[Any]) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        known = {key: self.resolve(value) for key, value in given.items()}

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in known:
                return known[name]
            return self._getatt(name) if "." in name else self._ref(name)

        return re.sub(r"\$\{([^!}]+)}", value, text)

    def _join(self, argument: list[Any]) -> str:
        return argument[0].join(self.resolve(argument[1]))

    def _split(self, argument: list[Any]) -> list[str]:
        return self.resolve(argument[1]).split(argument[0])

    def _importvalue(self, argument: Any) -> str:
        return self._exports[self.resolve(argument)]

    def _if(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        return self.resolve(yes if self.resolve(self._template["Conditions"][condition]) else no)

    def _equals(self, argument: list[Any]) -> bool:
        return self.resolve(argument[0]) == self.resolve(argument[1])

    def _not(self, argument: list[Any]) -> bool:
        return not self.resolve(argument[0])

"""Reads a project's YAML files: only what orchestration needs, without the network and without Java."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from firn_airflow.errors import ConfigError
from firn_airflow.schedule import Schedule

_BEGINS_PIPELINE = re.compile(r"^pipeline\s*:[ \t]*[\"']?([^\s\"'#]*)", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_REFERENCE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_UNREAD = frozenset({"columns", "transforms", "properties", "settings", "format"})
_ASIDE = frozenset({"target", "lake", "node_modules"})
_NOTHING = frozenset({"", "~", "null"})
_DEEPEST = 6


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Tells no types apart, which would take as long as all the rest: what is read here is text."""

    def resolve(self, kind: type, value: str, implicit: object) -> str:
        return ""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


@dataclass(frozen=True)
class PipelineFile:
    """A pipeline's YAML file, relative to its project, and what it says, without columns and transforms."""

    file: str
    pipeline: dict[str, Any]
    schedule: Schedule
    schedule_line: int | None
    remark: str

    @property
    def name(self) -> str:
        return self.pipeline["pipeline"]

    def tables(self) -> list[str]:
        """The tables that the YAML names, as catalog.namespace.table; topics by a pattern name theirs at run time."""
        catalog = self.pipeline.get("catalog") or "lake"
        prefix = f"{catalog}.{self._namespace()}"
        source = self.pipeline.get("source") or {}
        events = dict(self.pipeline.get("events") or {})
        if source.get("type") == "debezium" and source.get("topic"):
            events.setdefault(source["topic"], {})
        named = []
        for event, said in events.items():
            table = ((said or {}).get("target") or {}).get("table")
            last = event.rsplit(".", 1)[-1] if source.get("type") == "debezium" else event
            named.append(table or f"{prefix}.{_snake(last)}")
        return named

    def namespace(self) -> str | None:
        """The namespace of tables that only the topics name, or None where the YAML names all."""
        pattern = (self.pipeline.get("source") or {}).get("topic-pattern")
        return f"{self.pipeline.get('catalog') or 'lake'}.{self._namespace()}" if pattern else None

    def _namespace(self) -> str:
        return (self.pipeline.get("defaults") or {}).get("namespace") or _snake(self.name)


@dataclass(frozen=True)
class BrokenFile:
    """A YAML file that cannot be read, the name that its pipeline has or would have, and what is wrong."""

    file: str
    name: str
    problem: str


@dataclass(frozen=True)
class Project:
    """The pipelines of a folder and the settings of EMR that they share."""

    root: Path
    emr: dict[str, Any]
    pipelines: tuple[PipelineFile, ...]
    broken: tuple[BrokenFile, ...]


def read(root: str | os.PathLike[str], profile: str | None = None, only: str | None = None) -> Project:
    """Reads a project; only: leave out files that cannot hold the pipeline of that name.

    A YAML file that is wrong becomes a BrokenFile; a folder or a firn.yaml that is wrong raises ConfigError.
    """
    folder = Path(root)
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}; name the one that holds firn.yaml and the pipelines")
    emr = read_emr(folder, profile)
    pipelines: dict[str, PipelineFile] = {}
    broken = []
    for path in _yaml_files(folder):
        file = path.relative_to(folder).as_posix()
        text = path.read_text(errors="replace")
        begins = _BEGINS_PIPELINE.search(text)
        if not begins:
            continue
        told = _NAME.fullmatch(begins[1])
        if told and only not in (None, begins[1], f"{begins[1]}-again"):
            continue
        guess = begins[1] if told else re.sub("[^a-z0-9]+", "-", path.stem.lower()).strip("-")
        try:
            found = _pipeline(text, file, profile)
            if found.name in pipelines:
                guess = f"{guess}-again"
                raise ConfigError(
                    f'pipeline "{found.name}" is also in {pipelines[found.name].file}; give one of them another name',
                    file,
                    _line(text, begins.start()),
                )
            pipelines[found.name] = found
        except ConfigError as e:
            broken.append(BrokenFile(file, guess, str(e)))
    return Project(folder, emr, tuple(pipelines.values()), tuple(broken))


def read_emr(folder: Path, profile: str | None) -> dict[str, Any]:
    """Where jobs of a profile run: ``emr`` of a project's firn.yaml."""
    shared = folder / "firn.yaml"
    settings = _overlaid(_mapping(shared.read_text(), "firn.yaml"), profile) if shared.is_file() else {}
    return settings.get("emr") or {}


def _pipeline(text: str, file: str, profile: str | None) -> PipelineFile:
    pipeline = _overlaid(_mapping(text, file), profile)
    name = pipeline.get("pipeline")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigError(
            f'pipeline "{name}" is no name; use letters a-z, digits and -',
            file,
            _line_of(text, "pipeline"),
        )
    if not isinstance(pipeline.get("source"), dict) or not pipeline["source"].get("type"):
        raise ConfigError('missing key "source" with its "type"', file, 1)
    for key in ("schedule", "defaults", "events"):
        if not isinstance(pipeline.get(key) or {}, dict):
            raise ConfigError(f'"{key}" must be a mapping', file, _line_of(text, key))
    try:
        schedule = Schedule.of(pipeline)
    except ConfigError as e:
        raise ConfigError(str(e), file, _line_of(text, "schedule")) from None
    found = PipelineFile(file, pipeline, schedule, _line_of(text, "schedule"), _remark(text))
    try:
        found.tables()
    except (AttributeError, TypeError, ValueError):
        raise ConfigError("each event and its target must be a mapping", file, _line_of(text, "events")) from None
    return found


def _yaml_files(folder: Path) -> Iterator[Path]:
    found = []
    for directory, folders, files in os.walk(folder):
        depth = len(Path(directory).relative_to(folder).parts)
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _ASIDE and depth < _DEEPEST]
        found += [Path(directory, name) for name in files if name.endswith((".yaml", ".yml"))]
    return iter(sorted(found))


def _mapping(text: str, file: str) -> dict[str, Any]:
    try:
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else None
        raise ConfigError(f"not YAML: {e.problem}", file, line) from None
    except yaml.YAMLError as e:
        raise ConfigError(f"not YAML: {e}", file) from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError("a mapping is needed, such as pipeline: shop", file, 1)
    return _plain(node, file)


def _plain(node: yaml.Node, file: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        if node.style is None and node.value in _NOTHING:
            return None
        return _REFERENCE.sub(lambda m: os.environ.get(m[1], m[0]), node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, file) for item in node.value]
    values: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ConfigError("a key must be a plain name", file, key.start_mark.line + 1)
        if key.value == "<<":
            for base in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                values = {**_plain(base, file), **values}
        elif key.value not in _UNREAD:
            values[key.value] = _plain(value, file)
    return values


def _overlaid(document: dict[str, Any], profile: str | None) -> dict[str, Any]:
    profiles = document.pop("profiles", None)
    over = profiles.get(profile) if isinstance(profiles, dict) else None
    return _merged(document, over) if isinstance(over, dict) else document


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _snake(name: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    snake = re.sub(r"[^A-Za-z0-9]+", "_", split).strip("_").lower()
    return f"_{snake}" if snake[:1].isdigit() else snake


def _remark(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if "yaml-language-server" not in line:
            lines.append(line.lstrip("# ").rstrip())
    return "\n".join(lines)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _line_of(text: str, key: str) -> int | None:
    found = re.search(rf"^{key}\s*:", text, re.MULTILINE)
    return _line(text, found.start()) if found else None

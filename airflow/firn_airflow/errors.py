"""What went wrong, in words for people."""

from __future__ import annotations


class ConfigError(Exception):
    """The YAML, the settings or the request to make of them are wrong; the message says where and how to fix it."""

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + message)

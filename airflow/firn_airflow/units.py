"""Durations and sizes as Firn's YAML writes them."""

from __future__ import annotations

import re

from firn_airflow.errors import ConfigError

_DURATION = re.compile(r"(\d{1,9})([smhdy])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 366 * 86400}
_SIZE = re.compile(r"(\d{1,18}) ?(B|[kKMGT]B|[KMGT]iB)")
_POWERS = " KMGT"


def seconds(text: object) -> int:
    """Reads 90s, 15m, 6h or 7d."""
    parts = _DURATION.fullmatch(str(text))
    if not parts:
        raise ConfigError(f'"{text}" is no duration; write it as 90s, 15m, 6h or 7d')
    return int(parts[1]) * _SECONDS[parts[2]]


def size(text: object) -> int:
    """Reads 512MiB, 100GB or 2500GiB as bytes."""
    parts = _SIZE.fullmatch(str(text))
    if not parts:
        raise ConfigError(f'"{text}" is no size; write it as 512MiB, 100GB or 2500GiB')
    unit = parts[2].upper()
    base = 1024 if unit.endswith("IB") else 1000
    return int(parts[1]) * base ** (0 if unit == "B" else _POWERS.index(unit[0]))


def spoken_size(count: int) -> str:
    """2500 GiB is "2,500 GiB"; what is less than ten of a unit is told in the next smaller one."""
    power = 0
    while power < 3 and count >= 10 * 1024 ** (power + 1):
        power += 1
    unit = ("bytes", "KiB", "MiB", "GiB")[power]
    return f"{count / 1024**power:,.0f} {unit}"


def spoken_time(count: int) -> str:
    """21600 is "6 h", 10200 is "170 min"."""
    if count % 3600 == 0:
        return f"{count // 3600} h"
    return f"{count // 60} min" if count % 60 == 0 else f"{count} s"

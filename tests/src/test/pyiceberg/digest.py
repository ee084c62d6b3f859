"""Reads tables by PyIceberg and says what they hold: digest.py PROPERTIES.json TABLE..., JSON to standard output.

Of each table: its rows, the sums of its whole numbers, and the sum of the rows' hashes, which no order changes.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyiceberg.catalog import load_catalog


def text(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def digest(columns: Iterable[list[object]]) -> int:
    total = 0
    for row in zip(*columns):
        line = "|".join(text(value) for value in row)
        total += int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big")
    return total % 2**64


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """The column as whole numbers or text; none where engines show its values differently."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.cast(pa.int64())
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column
    return column if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None


def held(table: pa.Table) -> dict[str, object]:
    columns = {name: plain(table[name]) for name in sorted(table.column_names)}
    compared = {name: column.to_pylist() for name, column in columns.items() if column is not None}
    sums = {
        name: sum(value for value in values if value is not None)
        for name, values in compared.items()
        if pa.types.is_integer(columns[name].type)
    }
    return {"rows": table.num_rows, "columns": list(compared), "sums": sums, "digest": str(digest(compared.values()))}


def main() -> None:
    catalog = load_catalog("lake", **json.loads(Path(sys.argv[1]).read_text()))
    print(json.dumps({name: held(catalog.load_table(name).scan().to_arrow()) for name in sys.argv[2:]}))


if __name__ == "__main__":
    main()

"""SQL that makes the text of a row, so that files are written without a look at each value in Python."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

Column = Dict[str, Any]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def quoted(name: str) -> str:
    """A name as an identifier."""
    return "`" + name.replace("`", "``") + "`"


def json_row(columns: Sequence[Column]) -> str:
    """One JSON object with every field; a column of type JSON goes in as it is. No number has so many digits that Spark writes 1E-7."""
    pieces: List[str] = []
    run: List[str] = []

    def end_run() -> None:
        if run:
            row = f"to_json(struct({', '.join(run)}), map('ignoreNullFields', 'false'))"
            pieces.append(f"substring({row}, 2, length({row}) - 2)")
            run.clear()

    for column in columns:
        name = quoted(column["name"])
        if column["type"] == "JSON" or column["type"].startswith("DECIMAL"):
            end_run()
            pieces.append(f"""concat('"{column["name"]}":', coalesce(CAST({name} AS STRING), 'null'))""")
        else:
            run.append(name)
    end_run()
    return "concat('{', " + ", ',', ".join(pieces) + ", '}')"


def csv_row(columns: Sequence[Column]) -> str:
    """One line of RFC 4180: quotes where they are needed, '' for null and "" for empty text, text that a spreadsheet would run made harmless."""
    return "concat(" + ", ',', ".join(csv_field(column) for column in columns) + ")"


def csv_field(column: Column) -> str:
    """One field of it."""
    name = quoted(column["name"])
    if column["type"] != "VARCHAR":
        return f"coalesce(CAST({name} AS STRING), '')"
    starts = ", ".join(f"chr({ord(start)})" if ord(start) < 128 else f"'{start}'" for start in FORMULA_STARTS)
    safe = f"CASE WHEN substring({name}, 1, 1) IN ({starts}) THEN concat(chr(39), {name}) ELSE {name} END"
    special = " OR ".join(f"instr({name}, {mark}) > 0" for mark in ("','", "'\"'", "chr(10)", "chr(13)"))
    in_quotes = f"""concat('"', replace({safe}, '"', '""'), '"')"""
    return f"""CASE WHEN {name} IS NULL THEN '' WHEN {name} = '' THEN '""' WHEN {special} THEN {in_quotes} ELSE {safe} END"""


def csv_header(columns: Sequence[Column]) -> str:
    """The header line."""
    return ",".join(column["name"] for column in columns)


def missing(columns: Sequence[Column]) -> str:
    """Names of the columns of a row that are null and must not be, by commas; '' nearly always."""
    named = [f"CASE WHEN {quoted(column['name'])} IS NULL THEN '{column['name']}' END" for column in columns if not column["nullable"]]
    return f"concat_ws(',', {', '.join(named)})" if named else "''"

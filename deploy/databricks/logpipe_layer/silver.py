"""Lines to events and quarantine by the SQL that the catalogue compiles to.

A part holds the lines of a fixed span of line numbers: which worker makes it, and how often, does not change its bytes.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

import pandas as pd
from pyspark.sql import functions as F

from . import text
from .outcomes import Frames, Outcome, collect
from .sql_layer import check_columns, check_rows, note_missing, read_input, run_sql
from .storage import PartFile, Storage
from .task import Json, Layer, Result

LINES_OF_PART = 500_000
ESCAPE = re.compile(r"\\\\|\\u00[0-9A-F]{2}")


def run_silver(layer: Layer) -> Result:
    """Both files, and the counts of all lines."""
    for relation in layer.description["inputs"]:
        read_input(layer, relation).createOrReplaceTempView(relation["name"])
    run_sql(layer.spark, layer.task["params"]["sql"], "params").createOrReplaceTempView("params")
    lines = sum(part["rows"] for part in layer.inputs("lines"))
    span = int(layer.description.get("linesOfPart") or LINES_OF_PART)
    events = publish(layer, layer.output("events"), lines, span, EVENT_FACTS)
    quarantine = publish(layer, layer.output("quarantine"), lines, span, ["reason"])
    parts = [layer.part(layer.output(name), outcome) for name, outcomes in (("events", events), ("quarantine", quarantine)) for outcome in outcomes]
    return Result(parts, counts_of(lines, events, quarantine), [])


EVENT_FACTS = ["event", "attempt", "repeat", "time", "year_inferred"]


def publish(layer: Layer, output: Json, lines: int, span: int, facts: List[str]) -> List[Outcome]:
    """The parts of one output, in line order. One part has the embedded engine's name and bytes."""
    frame = run_sql(layer.spark, output["sql"], output["name"])
    check_columns(frame, output, {"TIMESTAMP": "string"})
    rows = frame.select(
        F.expr(f"CAST(floor((line_no - 1) / {span}) AS INT)").alias("part"),
        "line_no",
        F.expr(text.json_row(output["columns"])).alias("line"),
        F.expr(text.missing(output["columns"])).alias("missing"),
        *facts,
    )
    count = max(1, -(-lines // span))
    names = [layer.name_of(output, None if count == 1 else index) for index in range(count)]
    by_part = rows.repartition(count, "part").sortWithinPartitions("part", "line_no")
    outcomes = collect(by_part, PartsWriter(layer.storage, layer.container, names))
    if not outcomes:
        only = OnePart(layer.storage, layer.container, layer.name_of(output, None))
        outcomes = [only.publish()]
    check_rows(outcomes, output)
    return sorted(outcomes, key=lambda outcome: str(outcome.name))


class PartsWriter(NamedTuple):
    """Writes the parts that a partition holds, one after the other; their rows come sorted."""

    storage: Storage
    container: str
    names: List[str]

    def __call__(self, frames: Frames) -> Iterator[Outcome]:
        open_part: Optional[OnePart] = None
        for frame in frames:
            for index, rows in frame.groupby("part", sort=True):
                name = self.names[int(index)]
                if open_part is not None and open_part.name != name:
                    yield open_part.publish()
                    open_part = None
                open_part = open_part or OnePart(self.storage, self.container, name)
                open_part.add(rows)
        if open_part is not None:
            yield open_part.publish()


class OnePart:
    """A part that is being written, and what is counted on the way."""

    def __init__(self, storage: Storage, container: str, name: str) -> None:
        self.storage, self.container, self.name = storage, container, name
        self.part = PartFile()
        self.file = open(self.part.path, "wb")
        self.rows = 0
        self.facts: Json = {"missing": {}}
        self.last = ""

    def add(self, rows: pd.DataFrame) -> None:
        """Lines of this part, in order."""
        self.rows += len(rows)
        note_missing(rows["missing"], self.facts["missing"])
        lines = "\n".join(rows["line"])
        # Spark writes \u001B where the embedded engine writes \u001b.
        self.file.write((ESCAPE.sub(lower, lines) if "\\u00" in lines else lines).encode() + b"\n")
        if "reason" in rows:
            for reason, count in rows["reason"].value_counts().items():
                self._count(f"quarantined_{reason}", count)
        else:
            self._count_events(rows)

    def publish(self) -> Outcome:
        """Uploads it, unless a row is not valid."""
        self.file.close()
        try:
            valid = not self.facts["missing"]
            size, sha256 = self.part.publish(self.storage, self.container, self.name) if valid else (0, "")
        finally:
            self.part.discard()
        return Outcome(self.name, size, sha256, self.rows, {**self.facts, "last": self.last})

    def _count_events(self, rows: pd.DataFrame) -> None:
        self._count("unclassified", (rows["event"] == "unclassified").sum())
        self._count("other_program", (rows["event"] == "other_program").sum())
        self._count("year_inferred", rows["year_inferred"].astype(bool).sum())
        for name, attempt in (("failed", "auth_failed"), ("accepted", "auth_accepted")):
            self._count(name, rows["repeat"][rows["attempt"] == attempt].sum())
        # Text that compares like the moment: no Z, no zeros at the end of a fraction.
        whole = rows["time"].str.rstrip("Z")
        times = whole.where(~whole.str.contains(".", regex=False), whole.str.rstrip("0").str.rstrip("."))
        before = times.shift(1, fill_value=self.last)
        self._count("times_backwards", (times < before).sum())
        self.facts.setdefault("first", times.iloc[0])
        self.last = str(times.iloc[-1])

    def _count(self, name: str, count: Any) -> None:
        self.facts[name] = self.facts.get(name, 0) + int(count)


def lower(found: re.Match[str]) -> str:
    """An escape in lower case; a backslash that is text stays what it is."""
    return found.group().lower()


def counts_of(lines: int, events: List[Outcome], quarantine: List[Outcome]) -> Dict[str, int]:
    """The counts of the embedded engine, by the same names."""
    facts = [outcome.facts or {} for outcome in events]
    quarantined = sum(outcome.rows for outcome in quarantine)
    reasons: Dict[str, int] = {}
    for outcome in quarantine:
        for name, count in (outcome.facts or {}).items():
            if name.startswith("quarantined_"):
                reasons[name] = reasons.get(name, 0) + count

    def total(name: str) -> int:
        return sum(int(fact.get(name, 0)) for fact in facts)

    timed = [fact for fact in facts if "first" in fact]
    between = sum(1 for before, after in zip(timed, timed[1:]) if after["first"] < before["last"])
    return {
        "lines": lines,
        "parsed": sum(outcome.rows for outcome in events),
        "quarantined": quarantined,
        "blank": reasons.get("quarantined_blank", 0),
        "unclassified": total("unclassified"),
        "other_program": total("other_program"),
        "failed": total("failed"),
        "accepted": total("accepted"),
        "times_backwards": total("times_backwards") + between,
        "year_inferred": total("year_inferred"),
        **reasons,
    }

"""What a task gives back to the driver: the part it wrote, or why it could not. A row, because an exception would lose its code on the way."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

import pandas as pd
from pyspark.sql import DataFrame

from .errors import LayerError

SCHEMA = "name STRING, bytes BIGINT, sha256 STRING, rows BIGINT, facts STRING, code STRING, fields STRING"
Frames = Iterator[pd.DataFrame]


class Outcome(NamedTuple):
    """`name` is null where a task only looked. `facts`: what it counted."""

    name: Optional[str] = None
    bytes: int = 0
    sha256: Optional[str] = None
    rows: int = 0
    facts: Optional[Dict[str, Any]] = None


def as_rows(work: Callable[[Frames], Iterator[Outcome]]) -> Callable[[Frames], Frames]:
    """The work of a task as mapInPandas takes it."""

    def run(frames: Frames) -> Frames:
        try:
            for name, size, sha256, rows, facts in work(frames):
                yield row(name, size, sha256, rows, json.dumps(facts), None, None)
        except LayerError as error:
            yield row(None, 0, None, 0, None, error.code, json.dumps(error.fields))

    return run


def row(*values: Any) -> pd.DataFrame:
    """One row of SCHEMA."""
    names = [column.split(" ")[0] for column in SCHEMA.split(", ")]
    return pd.DataFrame({name: pd.Series([value], dtype="int64" if isinstance(value, int) else "object") for name, value in zip(names, values)})


def collect(frame: DataFrame, work: Callable[[Frames], Iterator[Outcome]]) -> List[Outcome]:
    """Runs the work on each partition; throws the first failure."""
    outcomes: List[Outcome] = []
    for found in frame.mapInPandas(as_rows(work), SCHEMA).collect():
        if found.code is not None:
            raise LayerError(found.code, **json.loads(found.fields))
        outcomes.append(Outcome(found.name, found.bytes, found.sha256, found.rows, json.loads(found.facts)))
    return outcomes

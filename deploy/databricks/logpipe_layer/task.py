"""The documents a job is given and gives: task, layer description, report."""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Optional

from .outcomes import Outcome
from .source import Limits
from .storage import Storage

Json = Dict[str, Any]


class Layer(NamedTuple):
    """All that a layer's work needs."""

    task: Json
    """The task document: source, params, inputs, target."""
    description: Json
    """layers/<layer>.json: inputs, views, outputs, settings, limits."""
    storage: Storage
    spark: Any

    @property
    def container(self) -> str:
        """Where outputs go."""
        return str(self.task["target"]["container"])

    @property
    def prefix(self) -> str:
        """The attempt's folder, with its slash."""
        return str(self.task["target"]["prefix"])

    @property
    def limits(self) -> Limits:
        """Bounds on the source."""
        return Limits(**self.description["limits"])

    def inputs(self, name: str) -> List[Json]:
        """Parts of an earlier output."""
        return [part for part in self.task["inputs"] if part["output"] == name]

    def output(self, name: str) -> Json:
        """An output by name."""
        return next(output for output in self.description["outputs"] if output["name"] == name)

    def name_of(self, output: Json, index: Optional[int]) -> str:
        """Where a part lies: an only part (index None) has the name that the embedded engine gives it."""
        if index is None:
            return f"{self.prefix}{output['path']}"
        stem, suffix = os.path.splitext(output["path"])
        return f"{self.prefix}{stem}/part-{index:05}{suffix}"

    def part(self, output: Json, outcome: Outcome) -> Json:
        """A part as the manifest lists it; a document has no rows."""
        rows = None if output["format"] == "json" else outcome.rows
        where = {"output": output["name"], "container": self.container, "name": outcome.name}
        return {**where, "bytes": outcome.bytes, "sha256": outcome.sha256, "rows": rows}


class Result(NamedTuple):
    """What a layer says of its work."""

    parts: List[Json]
    counts: Dict[str, int]
    warnings: List[str]

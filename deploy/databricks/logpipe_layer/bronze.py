"""Raw to Parquet: every line of the source as it was, in order.

Plain UTF-8 is read by byte ranges: each task counts the lines of its range, the driver adds up, then each task numbers and writes its own. A
line belongs to the range that it begins in. gzip and UTF-16 are one stream of one task.
"""

from __future__ import annotations

from typing import Any, Iterator, List, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .lines import BOM_MAX, Lines, Splitter, encoding_of, no_lines
from .outcomes import Frames, Outcome, collect
from .source import MAGIC, MIB, Facts, GzipFault, Limits, count_lines, not_readable, range_bytes, until_line_end, walk
from .storage import PartFile, Storage
from .task import Json, Layer, Result

ROWS_OF_GROUP = 100_000
BYTES_OF_GROUP = 32 * MIB
ARROW_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BLOB": pa.binary()}


class Range(NamedTuple):
    """Lines that one task writes: they begin at `start` (a line's first byte) and before `end`."""

    start: int
    end: int
    first_line: int
    name: str


def run_bronze(layer: Layer) -> Result:
    """One part a range; each with exact line numbers and byte offsets."""
    source = layer.task["source"]
    size = int(source["bytes"])
    head = b"".join(layer.storage.read(source["container"], source["name"], 0, min(BOM_MAX, size), source["etag"]))
    plain = not head.startswith(MAGIC) and encoding_of(head)[0] == "utf-8"
    output = layer.output("lines")
    writer = Writer(layer.storage, source, layer.container, output["columns"], layer.limits)
    step = int(layer.description.get("rangeBytes") or range_bytes(size))
    if not plain or size <= step:
        outcomes = collect(tasks(layer.spark, 1), WholeSource(writer, layer.name_of(output, None)))
        truncated = any(outcome.facts and outcome.facts["truncated"] for outcome in outcomes)
        read = sum(outcome.facts["bytes"] for outcome in outcomes if outcome.facts)
    else:
        ranges = plan(layer, output, size, step)
        outcomes = collect(tasks(layer.spark, len(ranges)), EachRange(writer, ranges, size, len(encoding_bom(head))))
        truncated, read = False, size
    outcomes.sort(key=lambda outcome: str(outcome.name))
    warnings = (["EMPTY_SOURCE"] if read == 0 else []) + (["GZIP_TRUNCATED"] if truncated else [])
    lines = sum(outcome.rows for outcome in outcomes)
    return Result([layer.part(output, outcome) for outcome in outcomes], {"lines": lines, "bytes": read}, warnings)


def encoding_bom(head: bytes) -> bytes:
    """The BOM at the start, or nothing."""
    return head[: encoding_of(head)[1]]


def tasks(spark: Any, count: int) -> Any:
    """A frame of so many partitions, each with its number."""
    return spark.range(0, count, 1, count)


def plan(layer: Layer, output: Json, size: int, step: int) -> List[Range]:
    """Line numbers of each range, from a first look that only counts."""
    starts = list(range(0, size, step))
    counted = collect(tasks(layer.spark, len(starts)), CountLines(layer.storage, layer.task["source"], starts, step, size))
    ranges = ranges_of([outcome.facts for outcome in counted if outcome.facts], starts, step, size)
    return [mine._replace(name=layer.name_of(output, index)) for index, mine in enumerate(ranges)]


def ranges_of(counted: List[Json], starts: List[int], step: int, size: int) -> List[Range]:
    """The ranges that any line begins in, with the number of their first."""
    ranges: List[Range] = []
    line = 1
    for fact in sorted(counted, key=lambda fact: int(fact["range"])):
        if fact["lines"] > 0:
            ranges.append(Range(fact["first"], min(starts[fact["range"]] + step, size), line, ""))
            line += fact["lines"]
    return ranges


class CountLines(NamedTuple):
    """Counts the lines that begin in a range."""

    storage: Storage
    source: Json
    starts: List[int]
    step: int
    size: int

    def __call__(self, frames: Frames) -> Iterator[Outcome]:
        for index in numbers(frames):
            start = self.starts[index]
            end = min(start + self.step, self.size)
            # A line begins behind an LF: what stands before the range decides on its first byte.
            begin = max(start - 1, 0)
            chunks = self.storage.read(self.source["container"], self.source["name"], begin, end - 1, self.source["etag"])
            count, first = count_lines(chunks, begin)
            if start == 0:
                count, first = count + 1, 0
            yield Outcome(facts={"range": index, "lines": count, "first": first})


def numbers(frames: Frames) -> Iterator[int]:
    """Numbers of the tasks in these frames."""
    for frame in frames:
        for index in frame["id"]:
            yield int(index)


class Writer(NamedTuple):
    """Writes lines as Parquet."""

    storage: Storage
    source: Json
    container: str
    columns: List[Json]
    limits: Limits

    def write(self, batches: Iterator[Lines], first_line: int, name: str) -> Outcome:
        """One part of all the lines that come."""
        schema = pa.schema([pa.field(column["name"], ARROW_TYPES[column["type"]], column["nullable"]) for column in self.columns])
        part = PartFile()
        try:
            line = first_line
            with pq.ParquetWriter(part.path, schema, compression="zstd") as writer:
                for lines in grouped(batches):
                    writer.write_table(self._table(lines, line, schema))
                    line += len(lines.texts)
            size, sha256 = part.publish(self.storage, self.container, name)
            return Outcome(name, size, sha256, line - first_line, {})
        finally:
            part.discard()

    def _table(self, lines: Lines, first_line: int, schema: pa.Schema) -> pa.Table:
        count = len(lines.texts)
        columns = {
            "source": [f"{self.source['container']}/{self.source['name']}"] * count,
            "line_no": np.arange(first_line, first_line + count),
            "byte_offset": np.array(lines.offsets, dtype="int64"),
            "byte_length": np.array(lines.lengths, dtype="int64"),
            "raw": lines.texts,
            "raw_bytes": lines.raws,
            "flags": lines.flags,
            "sha256": lines.hashes,
        }
        return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def grouped(batches: Iterator[Lines]) -> Iterator[Lines]:
    """Batches as row groups: many lines, but no more text at once than memory holds."""
    group = no_lines()
    size = 0
    for batch in batches:
        for column, more in zip(group, batch):
            column.extend(more)  # type: ignore[arg-type]
        size += sum(batch.lengths)
        if len(group.texts) >= ROWS_OF_GROUP or size >= BYTES_OF_GROUP:
            yield group
            group, size = no_lines(), 0
    if group.texts:
        yield group


class WholeSource(NamedTuple):
    """One task takes the source from its first byte to its last."""

    writer: Writer
    name: str

    def __call__(self, frames: Frames) -> Iterator[Outcome]:
        storage, source, _, _, limits = self.writer
        for _ in numbers(frames):
            facts: List[Facts] = []
            chunks = storage.read(source["container"], source["name"], 0, int(source["bytes"]), source["etag"])
            try:
                outcome = self.writer.write(walk(chunks, limits, facts), 1, self.name)
            except GzipFault as fault:
                raise not_readable(source["container"], source["name"], fault) from None
            yield outcome._replace(facts=facts[0]._asdict())


class EachRange(NamedTuple):
    """A task takes the lines that begin in its range, the last of them to its end."""

    writer: Writer
    ranges: List[Range]
    size: int
    bom: int

    def __call__(self, frames: Frames) -> Iterator[Outcome]:
        for index in numbers(frames):
            yield self.writer.write(self._lines(self.ranges[index]), self.ranges[index].first_line, self.ranges[index].name)

    def _lines(self, mine: Range) -> Iterator[Lines]:
        storage, source, _, _, limits = self.writer
        bom = self.bom if mine.start == 0 else 0
        splitter = Splitter("utf-8", bom, mine.start, limits.max_line_bytes)
        begin = mine.start + bom
        chunks = storage.read(source["container"], source["name"], begin, self.size, source["etag"])
        for chunk in until_line_end(chunks, begin, mine.end):
            yield splitter.push(chunk)
        yield splitter.finish()

"""Layers that are SQL: earlier outputs by name, the views in order, then each output from its SELECT, checked and published."""

from __future__ import annotations

import uuid
from typing import Any, Iterator, List, NamedTuple, Optional, Tuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.utils import AnalysisException, ParseException

from . import text
from .errors import LayerError
from .outcomes import Frames, Outcome, collect
from .storage import PartFile, Storage
from .task import Json, Layer, Result

FEW = 8
SPARK_TYPES = {"VARCHAR": "string", "JSON": "string", "BLOB": "binary", "INTEGER": "int"}


def run_sql_layer(layer: Layer) -> Result:
    """Gold and ml: one file an output."""
    work = f"{layer.prefix}_work/{layer.description['layer']}-{uuid.uuid4().hex}/"
    try:
        run_sql(layer.spark, layer.description["settings"], "settings").createOrReplaceTempView("settings")
        run_sql(layer.spark, layer.task["params"]["sql"], "params").createOrReplaceTempView("params")
        for relation in layer.description["inputs"]:
            read_input(layer, relation).createOrReplaceTempView(relation["name"])
        for view in layer.description["views"]:
            frame = run_sql(layer.spark, view["sql"], view["file"])
            if view["materialized"]:
                frame = written(layer, frame, f"{work}{view['name']}")
            frame.createOrReplaceTempView(view["name"])
        parts = [publish(layer, output) for output in layer.description["outputs"]]
    finally:
        layer.storage.remove(layer.container, work)
    return Result(parts, {part["output"]: part["rows"] for part in parts if part["rows"] is not None}, [])


def run_sql(spark: Any, sql: str, file: str) -> DataFrame:
    """A SELECT; a fault in its text is the definition's."""
    try:
        return spark.sql(sql)  # type: ignore[no-any-return]
    except (AnalysisException, ParseException) as error:
        raise LayerError("CATALOGUE_NOT_VALID", detail=f"layers/{file}: {str(error).strip().splitlines()[0]}") from error


def read_input(layer: Layer, relation: Json) -> DataFrame:
    """An earlier output or a context relation by its schema: nothing is guessed from the data."""
    parts = layer.inputs(relation["name"])
    if not parts:
        if relation["empty"] is None:
            raise LayerError("OUTPUT_MISSING", name=relation["name"])
        return run_sql(layer.spark, relation["empty"], relation["name"])
    for part in parts:
        check_part(layer.storage, part)
    reader = layer.spark.read.schema(relation["schema"])
    urls = [layer.storage.url(part["container"], part["name"]) for part in parts]
    if relation["format"] == "parquet":
        lines = reader.parquet(*urls)
        # One file of few row groups would keep but one core busy.
        return lines.repartition(FEW) if len(urls) < FEW else lines  # type: ignore[no-any-return]
    return reader.option("mode", "FAILFAST").json(urls)  # type: ignore[no-any-return]


def check_part(storage: Storage, part: Json) -> None:
    """Holds a part against its manifest: that it is there, its size, and the hash its writer noted."""
    found = storage.stat(part["container"], part["name"])
    if found is None:
        raise LayerError("OUTPUT_MISSING", name=part["name"])
    if found.bytes != part["bytes"] or (found.sha256 is not None and found.sha256 != part["sha256"]):
        raise LayerError("OUTPUT_CORRUPT", name=part["name"], found=found.sha256 or f"of {found.bytes} bytes", expected=part["sha256"])


def written(layer: Layer, frame: DataFrame, name: str) -> DataFrame:
    """Written and read back: a cached frame keeps the plans of all it was made of, which grow with each view."""
    url = layer.storage.url(layer.container, name)
    frame.write.mode("overwrite").parquet(url)
    return layer.spark.read.schema(frame.schema).parquet(url)  # type: ignore[no-any-return]


def publish(layer: Layer, output: Json) -> Json:
    """One output as one file, rows in the order of its SELECT."""
    frame = run_sql(layer.spark, output["sql"], output["file"])
    check_columns(frame, output, {})
    columns = output["columns"]
    row = text.csv_row(columns) if output["format"] == "csv" else text.json_row(columns)
    rows = frame.select(F.expr(row).alias("line"), F.expr(text.missing(columns)).alias("missing"))
    # The number keeps the order through the shuffle that brings all rows together; coalesce(1) would not promise it.
    ordered = rows.withColumn("at", F.monotonically_increasing_id()).repartition(1).sortWithinPartitions("at").drop("at")
    header = text.csv_header(columns) if output["format"] == "csv" else None
    writer = TextWriter(layer.storage, layer.container, layer.name_of(output, None), header)
    outcomes = collect(ordered, writer) or list(writer(iter(())))
    check_rows(outcomes, output)
    return layer.part(output, outcomes[0])


def check_columns(frame: DataFrame, output: Json, types: Json) -> None:
    """Names, order and types are the schema's."""
    found = [(field.name, field.dataType.simpleString()) for field in frame.schema.fields]
    wanted = [(column["name"], types.get(column["type"]) or SPARK_TYPES.get(column["type"], column["type"].lower())) for column in output["columns"]]
    if [name for name, _ in found] != [name for name, _ in wanted]:
        faults = [f"columns are {names(found)}; the schema says {names(wanted)}"]
    else:
        faults = [f"{name} is {has}; the schema says {want}" for (name, has), (_, want) in zip(found, wanted) if has != want]
    if faults:
        raise not_valid(output, faults)


def names(columns: List[Tuple[str, str]]) -> str:
    """Names by commas."""
    return ", ".join(name for name, _ in columns)


def not_valid(output: Json, faults: List[str]) -> LayerError:
    """OUTPUT_NOT_VALID in the embedded engine's words."""
    return LayerError("OUTPUT_NOT_VALID", detail="\n".join(f"{output['file'] or output['name']} → {output['schema']}: {fault}" for fault in faults))


def check_rows(outcomes: List[Outcome], output: Json) -> None:
    """No null where none may be, and a document is one row."""
    absent: Json = {}
    for outcome in outcomes:
        for name, count in (outcome.facts or {}).get("missing", {}).items():
            absent[name] = absent.get(name, 0) + count
    if absent:
        raise not_valid(output, [f"{name} is null in {count} rows; the schema says never" for name, count in absent.items()])
    rows = sum(outcome.rows for outcome in outcomes)
    if output["format"] == "json" and rows != 1:
        raise LayerError("CATALOGUE_NOT_VALID", detail=f"layers/{output['file']}: a document is one row; it gave {rows}")


class TextWriter(NamedTuple):
    """Writes the lines of its partition as one file, and publishes it unless a row is not valid."""

    storage: Storage
    container: str
    name: str
    header: Optional[str]

    def __call__(self, frames: Frames) -> Iterator[Outcome]:
        part = PartFile()
        absent: Json = {}
        rows = 0
        try:
            with open(part.path, "wb") as file:
                if self.header is not None:
                    file.write(f"{self.header}\n".encode())
                for frame in frames:
                    rows += len(frame)
                    note_missing(frame["missing"], absent)
                    if len(frame) > 0:
                        file.write(("\n".join(frame["line"]) + "\n").encode())
            size, sha256 = (0, "") if absent else part.publish(self.storage, self.container, self.name)
        finally:
            part.discard()
        yield Outcome(self.name, size, sha256, rows, {"missing": absent})


def note_missing(named: Any, absent: Json) -> None:
    """Counts the names of null columns."""
    for found in named[named != ""]:
        for name in found.split(","):
            absent[name] = absent.get(name, 0) + 1

"""Runs one layer of one logpipe run on Spark 3.4 or newer, and leaves its report in storage.

From a notebook: `run_layer.run(spark, "silver", task="pipeline/runs/…json", storage_account="…")`. From a shell, for a look on one machine:
`python run_layer.py --layer silver --task … --storage-account …`. Data is read and written by the tasks, never by the driver; no DBFS, no
mounts, no RDDs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, Callable, Dict, Optional

from pyspark import cloudpickle
from pyspark.sql import SparkSession

import logpipe_layer
from logpipe_layer import bronze, errors, lines, outcomes, silver, source, sql_layer, storage, task, text

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = (logpipe_layer, bronze, errors, lines, outcomes, silver, source, sql_layer, storage, task, text)
RUNNERS: Dict[str, Callable[[task.Layer], task.Result]] = {
    "bronze": bronze.run_bronze,
    "silver": silver.run_silver,
    "gold": sql_layer.run_sql_layer,
    "ml": sql_layer.run_sql_layer,
}


class LayerFailed(Exception):
    """The layer failed and its report says so; this makes the job's run fail too."""


def run(
    spark: SparkSession,
    layer: str,
    task: str,  # noqa: A002
    storage_account: str,
    scheme: str = "abfss",
    blob_endpoint: str = "",
) -> Dict[str, Any]:
    """Runs the layer of a task document and gives its report.

    :param task: container and name of the task document, with a slash between.
    :param storage_account: account of all containers; with scheme `file` the folder that holds them.
    :raises LayerFailed: once a report with ok: false is written.
    """
    where = open_storage(storage_account, scheme, blob_endpoint)
    container, _, name = task.partition("/")
    document = json.loads(b"".join(where.read(container, name)))
    place = (document["target"]["container"], f"{document['target']['prefix']}_REPORT.{layer}.json")
    done = report_there(where, *place)
    if done is not None and done["ok"]:
        return done
    report = {"version": 1, "runId": document["runId"], "layer": layer, "attempt": document["attempt"], "definition": document["definition"]}
    try:
        report = {**report, "ok": True, **made(spark, layer, document, where)._asdict()}
    except Exception as error:  # whatever it is, the report says it
        known = error if isinstance(error, errors.LayerError) else unknown(layer, error)
        report = {**report, "ok": False, "error": {"code": known.code, "fields": known.fields, "message": str(known)}}
        where.put(*place, json.dumps(report).encode())
        raise LayerFailed(str(known)) from error
    where.put(*place, json.dumps(report).encode())
    return report


def made(spark: SparkSession, layer: str, document: task.Json, where: storage.Storage) -> task.Result:
    """The layer's work, once the task is seen to be of this definition."""
    with open(os.path.join(HERE, "layers", f"{layer}.json"), encoding="utf-8") as file:
        description = json.load(file)
    if document["layer"] != layer:
        raise errors.LayerError("CATALOGUE_NOT_VALID", detail=f"the task is for layer {document['layer']}, this job runs {layer}")
    if document["definition"] != description["definition"]:
        detail = f"the task is for definition {document['definition']}, the workspace has {description['definition']}: deploy again"
        raise errors.LayerError("CATALOGUE_NOT_VALID", detail=detail)
    for setting, value in description["spark"].items():
        spark.conf.set(setting, value)
    for module in MODULES:
        # The workers have no copy of these files: what they are to run is sent to them as it is.
        cloudpickle.register_pickle_by_value(module)
    return RUNNERS[layer](task.Layer(document, description, where, spark))


def open_storage(account: str, scheme: str, endpoint: str) -> storage.Storage:
    """Storage by scheme: abfss, wasb, or a folder of this machine."""
    return storage.FolderStorage(account) if scheme == "file" else storage.BlobStorage(account, scheme, endpoint)


def report_there(where: storage.Storage, container: str, name: str) -> Optional[Dict[str, Any]]:
    """The report of this very attempt, where the job was started twice."""
    if where.stat(container, name) is None:
        return None
    return json.loads(b"".join(where.read(container, name)))  # type: ignore[no-any-return]


def unknown(layer: str, error: Exception) -> errors.LayerError:
    """Any other failure, with its own words; the driver's log has them all."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    return errors.LayerError("STAGE_FAILED", stage=layer, detail=" ".join(said[:3])[:1000], log="the run's page in Databricks")


def main(arguments: Optional[list[str]] = None) -> int:
    """The command: a Spark session of its own, local unless --spark-conf says otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("layer", "task", "storage-account"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--scheme", default="abfss")
    parser.add_argument("--blob-endpoint", default="")
    parser.add_argument("--spark-conf", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args(arguments)
    builder = SparkSession.builder.appName(f"logpipe-{given.layer}")
    for setting in given.spark_conf:
        name, _, value = setting.partition("=")
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        report = run(spark, given.layer, given.task, given.storage_account, given.scheme, given.blob_endpoint)
        print(json.dumps({"layer": given.layer, "counts": report["counts"], "spark": spark.version}), flush=True)
        return 0
    except LayerFailed as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())

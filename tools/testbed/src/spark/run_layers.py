"""Runs the layers of a job on one local Spark session.

run_layers.py JOB.json: for each source it reads bronze Parquet, makes silver, gold and ml by the SQL of the job, and writes each output
as JSON lines: an array of texts (or null) a row. Standard output has one JSON object with the versions first, then one an output: source, output,
columns, rows, seconds.
"""
import datetime
import decimal
import json
import os
import sys
import time

from pyspark.sql import SparkSession


def text_of(value):
    """A value as the text that a JSON or CSV file of it has."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"no output has a {type(value).__name__}")


class Run:
    """One source's way through the layers."""

    def __init__(self, spark, job, source):
        self.spark, self.job, self.source = spark, job, source
        self.views = {}
        os.makedirs(source["out"])

    def put(self, name, frame, materialized=False):
        if materialized:
            # Written and read back, as a table of the job would be: a cached frame keeps the plans of all it was made of, which grow with each view.
            path = os.path.join(self.source["out"], "tables", name)
            frame.write.parquet(path)
            frame = self.spark.read.schema(frame.schema).parquet(path)
        frame.createOrReplaceTempView(name)

    def write(self, name, frame):
        started = time.monotonic()
        rows = 0
        with open(os.path.join(self.source["out"], f"{name}.jsonl"), "w", encoding="utf-8") as file:
            for row in frame.collect():
                file.write(json.dumps([text_of(value) for value in row]) + "\n")
                rows += 1
        seconds = round(time.monotonic() - started, 2)
        columns = [[field.name, field.dataType.simpleString()] for field in frame.schema.fields]
        print(json.dumps({"source": self.source["name"], "output": name, "columns": columns, "rows": rows, "seconds": seconds}), flush=True)

    def silver(self):
        silver = self.job["silver"]
        path = os.path.join(self.source["out"], "silver")
        self.spark.sql(silver["events"]).write.json(path)

        def read(schema):
            # As the next layer of a cluster reads it: by the schema and from storage.
            return self.spark.read.schema(schema).option("mode", "FAILFAST").json(path)

        self.write("events", read(silver["written"]).orderBy("line_no"))
        self.write("quarantine", self.spark.sql(silver["quarantine"]))
        self.put("events", read(silver["schema"]))

    def context(self):
        for relation in self.job["context"]:
            path = self.source["context"].get(relation["name"])
            read = self.spark.read.schema(relation["schema"]).option("mode", "FAILFAST")
            self.put(relation["name"], self.spark.sql(relation["empty"]) if path is None else read.json(path))

    def layer(self, layer):
        for view in layer["views"]:
            if self.views.get(view["name"]) == view["sql"]:
                continue
            self.views[view["name"]] = view["sql"]
            self.put(view["name"], self.spark.sql(view["sql"]), view["materialized"])
        for output in layer["outputs"]:
            self.write(output["name"], self.spark.sql(output["sql"]))

    def all(self):
        # One file of one row group would keep but one core busy.
        self.put("lines", self.spark.read.parquet(self.source["lines"]).repartition(2))
        self.put("params", self.spark.sql(self.source["params"]))
        self.put("settings", self.spark.sql(self.job["settings"]))
        self.silver()
        self.context()
        for layer in self.job["layers"]:
            self.layer(layer)
        self.spark.catalog.clearCache()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    builder = SparkSession.builder.appName("logpipe")
    for name, value in job["settings_of_spark"].items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    java = spark.sparkContext._jvm.System.getProperty("java.version")
    print(json.dumps({"spark": spark.version, "python": sys.version.split()[0], "java": java}), flush=True)
    try:
        for source in job["sources"]:
            Run(spark, job, source).all()
    finally:
        spark.stop()


main()

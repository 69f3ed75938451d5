"""One local Spark session that runs deploy/databricks' run_layer for whoever writes to its standard input.

serve_layers.py CODE_DIR SETTINGS_JSON: answers each line {layer, task, storage_account, scheme, blob_endpoint} with one line: the layer's report.
The first line it says holds the versions. One session for many layers, because a start takes longer than a small layer.
"""

import json
import os
import sys
import time

from pyspark.sql import SparkSession


def main(code: str, settings: str) -> None:
    """Serves until its input ends."""
    sys.path.insert(0, code)
    import run_layer

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    builder = SparkSession.builder.appName("logpipe")
    for name, value in json.loads(settings).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    java = spark.sparkContext._jvm.System.getProperty("java.version")

    def say(answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say({"spark": spark.version, "python": sys.version.split()[0], "java": java})
    for line in sys.stdin:
        request = json.loads(line)
        started = time.monotonic()
        try:
            report = run_layer.run(spark, **request)
        except run_layer.LayerFailed as error:
            report = {"ok": False, "message": str(error), "cause": str(error.__cause__)}
        say({**report, "seconds": round(time.monotonic() - started, 2)})
        for view in spark.catalog.listTables():
            spark.catalog.dropTempView(view.name)
    spark.stop()


main(*sys.argv[1:])

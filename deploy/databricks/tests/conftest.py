import json
import os
import sys

import pytest
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))


def fixtures():
    """What the embedded engine's bronze makes of each source: written by the suite that runs these tests."""
    path = os.environ.get("LOGPIPE_LINE_FIXTURES")
    if path is None:
        pytest.fail("LOGPIPE_LINE_FIXTURES is not set: run tools/testbed/test/layer-python.real.test.ts")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    work = str(tmp_path_factory.mktemp("spark"))
    builder = SparkSession.builder.master("local[2]").appName("tests")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": work,
        "spark.sql.warehouse.dir": work,
        "spark.sql.shuffle.partitions": "2",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()

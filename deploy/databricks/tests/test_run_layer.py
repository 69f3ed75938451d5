"""A layer from its task to its report, on a local Spark and a folder that is laid out like storage."""

import json
import os

import pytest

import run_layer

LINES = "".join(f"line {number}\n" for number in range(1, 1001)).encode()
COLUMN = {"nullable": False, "description": ""}
LINES_COLUMNS = [
    {**COLUMN, "name": name, "type": kind, "nullable": name in ("raw_bytes", "sha256")}
    for name, kind in (
        ("source", "VARCHAR"),
        ("line_no", "BIGINT"),
        ("byte_offset", "BIGINT"),
        ("byte_length", "BIGINT"),
        ("raw", "VARCHAR"),
        ("raw_bytes", "BLOB"),
        ("flags", "VARCHAR"),
        ("sha256", "VARCHAR"),
    )
]
LINES_SCHEMA = "source STRING, line_no BIGINT, byte_offset BIGINT, byte_length BIGINT, raw STRING, raw_bytes BINARY, flags STRING, sha256 STRING"
SPARK = {"spark.sql.parser.escapedStringLiterals": "true", "spark.sql.ansi.enabled": "false"}
BASE = {"version": 1, "definition": "d1", "spark": SPARK, "settings": "SELECT 2 AS two", "views": [], "limits": {}}


class Place:
    """Code and storage of a test."""

    def __init__(self, path, spark):
        self.path, self.spark = path, spark
        (path / "layers").mkdir()

    def describe(self, layer, outputs, inputs=(), **more):
        document = {**BASE, "layer": layer, "outputs": outputs, "inputs": list(inputs), **more}
        (self.path / "layers" / f"{layer}.json").write_text(json.dumps(document))

    def put(self, name, body):
        path = self.path / "store" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def read(self, name):
        return (self.path / "store" / name).read_bytes()

    def run(self, layer, inputs=(), **more):
        target = {"container": layer, "prefix": "_runs/a/r/attempt=1/"}
        size = os.path.getsize(self.path / "store/bronze/a.log") if (self.path / "store/bronze/a.log").exists() else 0
        source = {"container": "bronze", "name": "a.log", "etag": "x", "bytes": size}
        params = {"timezone": "UTC", "baseTimeMs": 0, "sql": "SELECT 1 AS one"}
        task = {"version": 1, "runId": "r", "slug": "a", "attempt": 1, "layer": layer, "definition": "d1", "source": source, "params": params}
        self.put("pipeline/task.json", json.dumps({**task, "inputs": list(inputs), "target": target, **more}).encode())
        return run_layer.run(self.spark, layer, "pipeline/task.json", str(self.path / "store"), "file")

    def fail(self, layer, inputs=(), **more):
        with pytest.raises(run_layer.LayerFailed):
            self.run(layer, inputs, **more)
        report = json.loads(self.read(f"{layer}/_runs/a/r/attempt=1/_REPORT.{layer}.json"))
        assert report["ok"] is False
        return report["error"]


@pytest.fixture
def place(tmp_path, spark, monkeypatch):
    monkeypatch.setattr(run_layer, "HERE", str(tmp_path))
    return Place(tmp_path, spark)


def bronze(place, **more):
    output = {"name": "lines", "path": "lines.parquet", "format": "parquet", "schema": "lines", "file": None, "sql": None, "columns": LINES_COLUMNS}
    place.describe("bronze", [output], **more)


def gold(place, sql, columns, form="csv", **more):
    output = {"name": "out", "path": f"out.{form}", "format": form, "schema": "out", "file": "out.sql", "sql": sql, "columns": columns}
    place.describe("gold", [output], **more)


def column(name, kind="VARCHAR", nullable=False):
    return {**COLUMN, "name": name, "type": kind, "nullable": nullable}


def test_bronze_by_ranges_twice(place):
    bronze(place, rangeBytes=1000)
    place.put("bronze/a.log", LINES)
    report = place.run("bronze")
    assert report["counts"] == {"lines": 1000, "bytes": len(LINES)}
    assert [part["name"].rsplit("/", 1)[1] for part in report["parts"]] == [f"part-{index:05}.parquet" for index in range(len(report["parts"]))]
    assert len(report["parts"]) == -(-len(LINES) // 1000)
    assert place.run("bronze") == report
    os.remove(place.path / "store/bronze/_runs/a/r/attempt=1/_REPORT.bronze.json")
    assert place.run("bronze") == report


def test_bytes_that_stand_there_are_never_written_over(place):
    bronze(place)
    place.put("bronze/a.log", LINES)
    place.put("bronze/_runs/a/r/attempt=1/lines.parquet", b"of another")
    assert place.fail("bronze")["code"] == "PART_CONFLICT"
    assert place.read("bronze/_runs/a/r/attempt=1/lines.parquet") == b"of another"


def test_an_empty_source_is_a_success_with_a_warning(place):
    bronze(place)
    place.put("bronze/a.log", b"")
    report = place.run("bronze")
    assert (report["warnings"], report["counts"]) == (["EMPTY_SOURCE"], {"lines": 0, "bytes": 0})


def test_a_source_that_is_gone(place):
    bronze(place)
    assert place.fail("bronze", source={"container": "bronze", "name": "gone.log", "etag": "x", "bytes": 9})["code"] == "BLOB_NOT_FOUND"


def test_a_task_of_another_definition_is_refused(place):
    bronze(place)
    place.put("bronze/a.log", LINES)
    error = place.fail("bronze", definition="d2")
    assert (error["code"], "deploy again" in error["fields"]["detail"]) == ("CATALOGUE_NOT_VALID", True)


def test_csv_is_that_of_the_embedded_engine(place):
    cells = ["=1", "'=1", 'a "b"', "a,b", "a\nb", "", "plain", "＝1", "-"]
    sql = "SELECT t, CAST(n AS DECIMAL(18,3)) AS n, CAST(NULL AS STRING) AS e FROM given ORDER BY n DESC"
    rows = "\n".join(json.dumps({"n": index, "t": cell}) for index, cell in enumerate(cells))
    place.put("silver/given.json", rows.encode())
    relation = {"name": "given", "format": "jsonl", "schema": "n INT, t STRING", "empty": None}
    gold(place, sql, [column("t"), column("n", "DECIMAL(18,3)"), column("e", nullable=True)], inputs=[relation])
    part = {"output": "given", "container": "silver", "name": "given.json", "bytes": len(rows.encode()), "sha256": "", "rows": len(cells)}
    report = place.run("gold", [part])
    wanted = ["'-", "'＝1", "plain", '""', '"a\nb"', '"a,b"', '"a ""b"""', "'=1", "'=1"]
    lines = [f"{cell},{8 - index}.000," for index, cell in enumerate(wanted)]
    assert place.read("gold/_runs/a/r/attempt=1/out.csv").decode() == "t,n,e\n" + "\n".join(lines) + "\n"
    assert report["counts"] == {"out": len(cells)}


def test_a_json_column_goes_in_as_json(place):
    gold(
        place,
        """SELECT 'a"b' AS t, '{"x":[1,null]}' AS j, CAST(NULL AS INT) AS n""",
        [column("t"), column("j", "JSON"), column("n", "INTEGER", True)],
        "json",
    )
    place.run("gold")
    assert place.read("gold/_runs/a/r/attempt=1/out.json") == b'{"t":"a\\"b","j":{"x":[1,null]},"n":null}\n'


def test_views_are_written_and_removed(place):
    view = {"name": "v", "file": "v.sql", "sql": "SELECT s.two + p.one AS three FROM settings s CROSS JOIN params p", "materialized": True}
    gold(place, "SELECT three FROM v", [column("three", "INTEGER")], views=[view])
    assert place.run("gold")["counts"] == {"out": 1}
    assert (
        not (place.path / "store/gold/_runs/a/r/attempt=1/_work/").exists() or os.listdir(place.path / "store/gold/_runs/a/r/attempt=1/_work") == []
    )


@pytest.mark.parametrize(
    ("sql", "form", "code", "said"),
    [
        ("SELEC 1", "csv", "CATALOGUE_NOT_VALID", "layers/out.sql"),
        ("SELECT nothing FROM nowhere", "csv", "CATALOGUE_NOT_VALID", "layers/out.sql"),
        ("SELECT 'x' AS u", "csv", "OUTPUT_NOT_VALID", "columns are u; the schema says t"),
        ("SELECT 1 AS t", "csv", "OUTPUT_NOT_VALID", "t is int; the schema says string"),
        ("SELECT CAST(NULL AS STRING) AS t", "csv", "OUTPUT_NOT_VALID", "t is null in 1 rows; the schema says never"),
        ("SELECT 'x' AS t WHERE false", "json", "CATALOGUE_NOT_VALID", "a document is one row; it gave 0"),
    ],
)
def test_a_definition_that_is_wrong(place, sql, form, code, said):
    gold(place, sql, [column("t")], form)
    error = place.fail("gold")
    assert (error["code"], said in error["fields"]["detail"]) == (code, True), error


@pytest.mark.parametrize(("size", "code"), [(None, "OUTPUT_MISSING"), (3, "OUTPUT_CORRUPT")])
def test_an_input_that_is_not_what_its_manifest_says(place, size, code):
    relation = {"name": "given", "format": "jsonl", "schema": "n INT", "empty": None}
    gold(place, "SELECT 'x' AS t", [column("t")], inputs=[relation])
    if size is not None:
        place.put("silver/given.json", b"{}\n{}\n")
    part = {"output": "given", "container": "silver", "name": "given.json", "bytes": 3, "sha256": "", "rows": 1}
    assert place.fail("gold", [part])["code"] == code


def test_an_input_that_no_layer_gave(place):
    gold(place, "SELECT 'x' AS t", [column("t")], inputs=[{"name": "given", "format": "jsonl", "schema": "n INT", "empty": None}])
    assert place.fail("gold")["code"] == "OUTPUT_MISSING"


def test_silver_in_parts_of_its_lines(place):
    lines = [{"line_no": number, "raw": f"\u001b \\u001B {number}"} for number in range(1, 11)]
    place.put("bronze/lines.json", "\n".join(json.dumps(line) for line in lines).encode())
    relation = {"name": "lines", "format": "jsonl", "schema": "line_no BIGINT, raw STRING", "empty": None}
    events = """SELECT line_no,
      concat('2025-01-01T00:00:0', CAST(abs(line_no - 6) % 10 AS STRING), CASE WHEN line_no = 7 THEN '.5' ELSE '' END, 'Z') AS time,
      CASE WHEN line_no = 1 THEN 'unclassified' ELSE 'x' END AS event, CASE WHEN line_no < 4 THEN 'auth_failed' END AS attempt,
      CAST(2 AS BIGINT) AS repeat, true AS year_inferred, raw FROM lines WHERE line_no <> 10"""
    quarantine = "SELECT line_no, 'blank' AS reason FROM lines WHERE line_no = 10"
    kinds = {
        "line_no": "BIGINT",
        "time": "TIMESTAMP",
        "event": "VARCHAR",
        "attempt": "VARCHAR",
        "repeat": "BIGINT",
        "year_inferred": "BOOLEAN",
        "raw": "VARCHAR",
    }
    outputs = [
        {"name": "events", "path": "events.json", "sql": events, "columns": [column(name, kind, name == "attempt") for name, kind in kinds.items()]},
        {"name": "quarantine", "path": "quarantine.json", "sql": quarantine, "columns": [column("line_no", "BIGINT"), column("reason")]},
    ]
    place.describe("silver", [{**output, "format": "jsonl", "schema": "x", "file": None} for output in outputs], [relation], linesOfPart=4)
    size = os.path.getsize(place.path / "store/bronze/lines.json")
    report = place.run("silver", [{"output": "lines", "container": "bronze", "name": "lines.json", "bytes": size, "sha256": "", "rows": 10}])
    names = [(part["name"].removeprefix("_runs/a/r/attempt=1/"), part["rows"]) for part in report["parts"]]
    assert names == [("events/part-00000.json", 4), ("events/part-00001.json", 4), ("events/part-00002.json", 1), ("quarantine/part-00002.json", 1)]
    first = place.read("silver/_runs/a/r/attempt=1/events/part-00000.json").decode().splitlines()[0]
    assert first == (
        '{"line_no":1,"time":"2025-01-01T00:00:05Z","event":"unclassified","attempt":"auth_failed","repeat":2,"year_inferred":true,'
        '"raw":"\\u001b \\\\u001B 1"}'
    )
    counts = {"lines": 10, "parsed": 9, "quarantined": 1, "blank": 1, "unclassified": 1, "other_program": 0, "failed": 6, "accepted": 0}
    assert report["counts"] == {**counts, "times_backwards": 5, "year_inferred": 9, "quarantined_blank": 1}

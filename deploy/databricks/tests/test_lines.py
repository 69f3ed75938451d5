"""Bronze against the embedded engine's, on the sources and with the answers that the suite hands over."""

import base64

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import fixtures

from logpipe_layer.bronze import CountLines, EachRange, WholeSource, Writer, encoding_bom, ranges_of
from logpipe_layer.errors import LayerError
from logpipe_layer.lines import Accumulator, encoding_of
from logpipe_layer.source import MAGIC, Limits, range_bytes, walk
from logpipe_layer.storage import FolderStorage

FIXTURES = fixtures()
COLUMNS = FIXTURES["columns"]
CASES = [pytest.param(case, id=case["name"]) for case in FIXTURES["cases"]]


def limits_of(case):
    return Limits(**{name: value for name, value in case["limits"].items() if value is not None})


def task(*numbers):
    return iter([pd.DataFrame({"id": list(numbers)})])


def laid_down(tmp_path, case):
    data = base64.b64decode(case["source"])
    (tmp_path / "bronze" / "logs").mkdir(parents=True, exist_ok=True)
    (tmp_path / "bronze" / "logs" / "sshd.log").write_bytes(data)
    source = {"container": "bronze", "name": "logs/sshd.log", "etag": "x", "bytes": len(data)}
    return data, Writer(FolderStorage(str(tmp_path)), source, "bronze", COLUMNS, limits_of(case))


def rows_of(tmp_path, names):
    rows = []
    for name in names:
        for row in pq.read_table(tmp_path / "bronze" / name).to_pylist():
            raw = row["raw_bytes"]
            values = {**row, "raw_bytes": None if raw is None else raw.hex().upper()}
            rows.append([None if value is None else str(value) for value in values.values()])
    return rows


@pytest.mark.parametrize("case", CASES)
def test_one_stream_equals_the_embedded_engine(tmp_path, case):
    _, writer = laid_down(tmp_path, case)
    if "error" in case:
        with pytest.raises(LayerError) as caught:
            list(WholeSource(writer, "lines.parquet")(task(0)))
        assert {"code": caught.value.code, "fields": caught.value.fields} == case["error"]
        return
    (outcome,) = WholeSource(writer, "lines.parquet")(task(0))
    assert rows_of(tmp_path, ["lines.parquet"]) == case["rows"]
    assert (outcome.rows, outcome.facts) == (len(case["rows"]), case["facts"])


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 1000])
@pytest.mark.parametrize("case", CASES)
def test_byte_ranges_equal_one_stream(tmp_path, case, step):
    data, writer = laid_down(tmp_path, case)
    if data[:2] == MAGIC or encoding_of(data)[0] != "utf-8" or not 0 < len(data) <= 400 * step:
        return
    starts = list(range(0, len(data), step))
    counted = CountLines(writer.storage, writer.source, starts, step, len(data))(task(*range(len(starts))))
    ranges = ranges_of([outcome.facts for outcome in counted], starts, step, len(data))
    ranges = [mine._replace(name=f"part-{index:05}.parquet") for index, mine in enumerate(ranges)]
    outcomes = list(EachRange(writer, ranges, len(data), len(encoding_bom(data)))(task(*range(len(ranges)))))
    assert rows_of(tmp_path, [outcome.name for outcome in outcomes]) == case["rows"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 17])
@pytest.mark.parametrize("case", CASES)
def test_how_the_stream_is_cut_changes_nothing(case, size):
    data = base64.b64decode(case["source"])
    if "error" in case or len(data) > 20_000:
        return
    facts = []
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    texts = [text for lines in walk(chunks, limits_of(case), facts) for text in lines.texts]
    assert texts == [row[4] for row in case["rows"]]
    assert facts == ([] if data == b"" else [tuple(case["facts"].values())]) or facts == [tuple(case["facts"].values())]


def test_a_long_line_is_held_in_bounded_memory():
    line = Accumulator(100, b"\r")
    for _ in range(1000):
        line.append(b"x" * 10_000)
    assert len(line.kept) == 101
    kept, total, digest = line.take(True)
    assert (kept, total, len(digest)) == (b"x" * 100, 10_000_000, 64)


def test_the_bounds_are_those_of_the_embedded_engine():
    assert Limits()._asdict() == FIXTURES["limits"]


@pytest.mark.parametrize(("size", "step"), [(1, 8), (2**30, 16), (2**40, 128)])
def test_ranges_depend_on_the_size_alone(size, step):
    assert range_bytes(size) == step * 2**20

"""A source by its content: gzip in one stream, plain text also by byte ranges."""

from __future__ import annotations

import zlib
from typing import Callable, Iterable, Iterator, List, NamedTuple, Tuple

from .errors import LayerError
from .lines import BOM_MAX, DEFAULT_MAX_LINE_BYTES, Lines, Splitter, encoding_of

MAGIC = b"\x1f\x8b"
RATIO_FREE_BYTES = 64 * 2**20
OUT_BYTES = 2**20
MIB = 2**20


class Limits(NamedTuple):
    """Bounds on what a source may ask; those of the embedded engine."""

    max_line_bytes: int = DEFAULT_MAX_LINE_BYTES
    max_ratio: int = 200
    max_bytes: int = 64 * 2**30


class GzipFault(Exception):
    """The source is gzip that no reader should go on with; the message says why."""


class Gunzip:
    """Decompresses a stream of any number of gzip members; `truncated` once it ended inside one or was followed by other bytes than NUL."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.read = 0
        self.written = 0
        self.truncated = False

    def chunks(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """Decompressed bytes, at most 1 MiB at once. Throws GzipFault where they are damaged or too many."""
        member = zlib.decompressobj(31)
        begun = False
        padding = False
        for chunk in source:
            rest = chunk
            while rest:
                if padding or (not begun and rest[:1] == b"\0"):
                    padding = True
                    self.truncated = self.truncated or rest.strip(b"\0") != b""
                    break
                begun = True
                before = len(rest)
                try:
                    out = member.decompress(rest, OUT_BYTES)
                except zlib.error as error:
                    raise GzipFault(f"the gzip data is damaged ({str(error).split(': ', 1)[-1]})") from error
                rest = member.unused_data if member.eof else member.unconsumed_tail
                self.read += before - len(rest)
                if out:
                    yield self._counted(out)
                if member.eof:
                    member = zlib.decompressobj(31)
                    begun = False
            while begun and not member.eof:
                # What the member holds back although all input is taken.
                out = member.decompress(b"", OUT_BYTES)
                if not out:
                    break
                yield self._counted(out)
        self.truncated = self.truncated or begun

    def _counted(self, out: bytes) -> bytes:
        self.written += len(out)
        if self.written > self.limits.max_bytes:
            raise GzipFault(f"it unpacks to more than {self.limits.max_bytes} bytes")
        if self.written > RATIO_FREE_BYTES and self.written > self.read * self.limits.max_ratio:
            raise GzipFault(f"it unpacks to more than {self.limits.max_ratio} times its size")
        return out


class Facts(NamedTuple):
    """What is known of a source at its end."""

    bytes: int
    truncated: bool


def walk(chunks: Iterable[bytes], limits: Limits, facts: List[Facts]) -> Iterator[Lines]:
    """All lines of a whole source, in order; `facts` gets one entry at the end."""
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= BOM_MAX:
            break
    gunzip = Gunzip(limits) if head.startswith(MAGIC) else None
    pieces = joined(head, stream) if gunzip is None else gunzip.chunks(joined(head, stream))
    size = 0
    for lines in split(pieces, limits, lambda: gunzip is not None and gunzip.truncated):
        size += sum(lines.lengths)
        yield lines
    facts.append(Facts(size, gunzip is not None and gunzip.truncated))


def split(chunks: Iterable[bytes], limits: Limits, truncated: Callable[[], bool]) -> Iterator[Lines]:
    """Lines of decompressed bytes; the first of them say how they are encoded."""
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= BOM_MAX:
            break
    if head:
        encoding, bom = encoding_of(head)
        splitter = Splitter(encoding, bom, 0, limits.max_line_bytes)
        for chunk in joined(head[bom:], stream):
            yield splitter.push(chunk)
        yield splitter.finish(truncated())


def joined(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """One stream of both."""
    if head:
        yield head
    yield from rest


def range_bytes(size: int) -> int:
    """Bytes of the source to a task: by its size alone, so that each attempt cuts alike. 8 to 128 MiB, about 64 tasks between."""
    return max(8 * MIB, min(128 * MIB, -(-size // 64)))


def count_lines(chunks: Iterable[bytes], start: int) -> Tuple[int, int]:
    """Lines that begin behind an LF of these bytes, which stand at `start`; and where the first of them begins (-1: nowhere)."""
    count, first, at = 0, -1, start
    for chunk in chunks:
        if first < 0:
            found = chunk.find(b"\n")
            first = at + found + 1 if found >= 0 else -1
        count += chunk.count(b"\n")
        at += len(chunk)
    return count, first


def until_line_end(chunks: Iterable[bytes], start: int, end: int) -> Iterator[bytes]:
    """Bytes from `start` to the end of the last line that begins before `end`."""
    at = start
    for chunk in chunks:
        if at + len(chunk) >= end:
            found = chunk.find(b"\n", max(0, end - 1 - at))
            if found >= 0:
                yield chunk[: found + 1]
                return
        yield chunk
        at += len(chunk)


def not_readable(container: str, name: str, fault: GzipFault) -> LayerError:
    """The fault as the catalogue has it."""
    return LayerError("SOURCE_NOT_READABLE", container=container, name=name, detail=str(fault))

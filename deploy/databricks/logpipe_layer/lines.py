"""Bytes to lines, by the rules of libs/core/src/lines: the same texts, flags and offsets, however the stream is cut.

Lines end at LF or CRLF; a lone CR, a NUL and any other control byte stay in the text. A BOM at the start chooses UTF-8 or UTF-16 and is no
part of the text. Malformed parts become U+FFFD and the bytes of the line are kept.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import List, NamedTuple, Optional, Tuple

DEFAULT_MAX_LINE_BYTES = 65_536
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
BOM_MAX = 3
SURROGATE = re.compile("[\ud800-\udfff]")


class Lines(NamedTuple):
    """Whole lines in file order, a column each; lengths count the terminator."""

    offsets: List[int]
    lengths: List[int]
    texts: List[str]
    raws: List[Optional[bytes]]
    flags: List[str]
    hashes: List[Optional[str]]


def no_lines() -> Lines:
    """Lines to add to."""
    return Lines([], [], [], [], [], [])


def encoding_of(head: bytes) -> Tuple[str, int]:
    """Encoding by the first bytes of a log, and how many of them are its BOM."""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    return "utf-8", 0


class Accumulator:
    """One line that comes in pieces, in bounded memory: past the limit only a hash and the length go on.

    The last unit is held back from the hash: it may be the CR of a CRLF, which belongs to the terminator.
    """

    def __init__(self, limit: int, cr: bytes) -> None:
        self.limit = limit - limit % len(cr)
        self.cr = cr
        self.reset()

    def reset(self) -> None:
        """Begins a new line."""
        self.kept = bytearray()
        self.total = 0
        self.hash: Optional[hashlib._Hash] = None
        self.held = b""

    def append(self, piece: bytes) -> None:
        """Takes the next piece of the line."""
        room = self.limit + len(self.cr)
        before = self.total
        self.total += len(piece)
        if before < room:
            self.kept += piece[: room - before]
        if self.total <= room:
            return
        if self.hash is None:
            self.hash = hashlib.sha256()
            self._feed(bytes(self.kept))
            self._feed(piece[room - before :])
        else:
            self._feed(piece)

    def take(self, terminated: bool) -> Tuple[bytes, int, Optional[str]]:
        """Ends the line: its first bytes, its length without LF, and the sha256 of all of it where it is past the limit."""
        last = bytes(self.kept[-len(self.cr) :]) if self.hash is None else self.held
        length = self.total - len(self.cr) if terminated and last == self.cr and self.total >= len(self.cr) else self.total
        kept = bytes(self.kept[: min(length, self.limit)])
        digest: Optional[str] = None
        if length > self.limit:
            if self.hash is None:
                digest = hashlib.sha256(self.kept[:length]).hexdigest()
            else:
                if length == self.total:
                    self.hash.update(self.held)
                digest = self.hash.hexdigest()
        total = self.total
        self.reset()
        return kept, total, digest

    def _feed(self, piece: bytes) -> None:
        if not piece or self.hash is None:
            return
        hold = min(len(self.cr), len(piece))
        self.hash.update(self.held)
        self.hash.update(piece[:-hold])
        self.held = piece[-hold:]


def text_of(kept: bytes, cut: bool, encoding: str) -> Tuple[str, Optional[bytes]]:
    """Text of a line, and its bytes where the text is not all of them. A character that the limit cut in two is left out without that."""
    if encoding == "utf-8":
        try:
            return kept.decode("utf-8"), None
        except UnicodeDecodeError:
            if not cut:
                return kept.decode("utf-8", "replace"), kept
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(kept, final=False), None
        except UnicodeDecodeError:
            return kept.decode("utf-8", "replace"), kept
    even = len(kept) - len(kept) % 2
    units = kept[:even].decode(encoding, "surrogatepass")
    if cut and "\ud800" <= units[-1:] <= "\udbff" and even == len(kept) and SURROGATE.search(units[:-1]) is None:
        return units[:-1], None
    text, odd = SURROGATE.subn("\ufffd", units)
    if even < len(kept):
        return f"{text}\ufffd", kept
    return text, kept if odd else None


def flags_of(text: str, lossy: bool, bom: bool, oversize: bool, cut_off: bool) -> str:
    """Names of what is odd about a line, in bronze's order."""
    named = (("invalid_utf8", lossy), ("nul", "\0" in text), ("bom", bom), ("lone_cr", "\r" in text), ("oversize", oversize), ("cut_off", cut_off))
    return " ".join(name for name, odd in named if odd)


class Splitter:
    """Lines of a stream of bytes in bounded memory. `offset` is where the stream begins in its source; `bom` bytes before it are its first line's."""

    def __init__(self, encoding: str = "utf-8", bom: int = 0, offset: int = 0, max_line_bytes: int = DEFAULT_MAX_LINE_BYTES) -> None:
        self.encoding = encoding
        self.lf = "\n".encode(encoding)
        cr = "\r".encode(encoding)
        self.limit = max(max_line_bytes, len(cr))
        self.line = Accumulator(self.limit, cr)
        self.offset = offset
        self.bom = bom
        self.odd = b""

    def push(self, chunk: bytes) -> Lines:
        """The lines that end in this chunk."""
        lines = no_lines()
        if len(self.lf) == 2:
            return self._push_units(chunk, lines)
        start = 0
        if self.line.total > 0 or self.bom > 0:
            end = chunk.find(b"\n")
            if end < 0:
                self.line.append(chunk)
                return lines
            self.line.append(chunk[:end])
            self._take(lines, True, False)
            start = end + 1
        end = chunk.rfind(b"\n", start) + 1
        if end > start:
            self._whole(chunk[start:end] if start > 0 or end < len(chunk) else chunk, lines)
            start = end
        self.line.append(chunk[start:])
        return lines

    def finish(self, truncated: bool = False) -> Lines:
        """The last line, where it has no terminator; `truncated` flags it as cut off. No bytes, no line."""
        lines = no_lines()
        self.line.append(self.odd)
        self.odd = b""
        if self.line.total > 0 or self.bom > 0:
            self._take(lines, False, truncated)
        return lines

    def _whole(self, block: bytes, lines: Lines) -> None:
        """Whole lines of UTF-8. Nearly every block is plain ASCII, and is cut without a look at each line."""
        if block.isascii() and b"\r" not in block and b"\0" not in block:
            texts = block.decode("ascii").split("\n")
            texts.pop()
            lengths = [len(text) + 1 for text in texts]
            if max(lengths) <= self.limit + 1:
                offset = self.offset
                for length in lengths:
                    lines.offsets.append(offset)
                    offset += length
                self.offset = offset
                lines.lengths.extend(lengths)
                lines.texts.extend(texts)
                lines.raws.extend([None] * len(texts))
                lines.flags.extend([""] * len(texts))
                lines.hashes.extend([None] * len(texts))
                return
        pieces = block.split(b"\n")
        pieces.pop()
        for piece in pieces:
            self.line.append(piece)
            self._take(lines, True, False)

    def _push_units(self, chunk: bytes, lines: Lines) -> Lines:
        """UTF-16: an LF stands at an even place only. A rare encoding: plain code rather than fast."""
        data = self.odd + chunk
        even = len(data) - len(data) % 2
        self.odd = data[even:]
        start = 0
        at = data.find(self.lf, 0, even)
        while at >= 0:
            if at % 2 == 1:
                at = data.find(self.lf, at + 1, even)
                continue
            self.line.append(data[start:at])
            self._take(lines, True, False)
            start = at + 2
            at = data.find(self.lf, start, even)
        self.line.append(data[start:even])
        return lines

    def _take(self, lines: Lines, terminated: bool, cut_off: bool) -> None:
        kept, total, digest = self.line.take(terminated)
        text, raw = text_of(kept, digest is not None, self.encoding)
        length = self.bom + total + (len(self.lf) if terminated else 0)
        lines.offsets.append(self.offset)
        lines.lengths.append(length)
        lines.texts.append(text)
        lines.raws.append(raw)
        lines.flags.append(flags_of(text, raw is not None, self.bom > 0, digest is not None, cut_off))
        lines.hashes.append(digest)
        self.offset += length
        self.bom = 0

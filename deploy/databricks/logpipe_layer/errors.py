"""Errors as logpipe's catalogue has them (libs/core/src/errors/catalogue.ts)."""

from __future__ import annotations

from typing import Dict, Union

Field = Union[str, int, None]


class LayerError(Exception):
    """A failure with a permanent code; `fields` fill the catalogue's texts."""

    def __init__(self, code: str, **fields: Field) -> None:
        self.code = code
        self.fields: Dict[str, Field] = dict(fields)
        said = ", ".join(f"{name}: {value}" for name, value in fields.items())
        super().__init__(f"{code}: {said}" if said else code)

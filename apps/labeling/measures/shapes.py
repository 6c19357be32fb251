"""What annotators put on an item: a box, a part of a text or of a recording, or an area of a picture."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """From its left upper corner, in whatever unit the whole file uses."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Of a text in characters, of a recording in seconds; its end is no part of it."""

    start: float
    end: float


class AreaKind(Enum):
    """What the bytes of an area are, by the letter under which it is kept."""

    POLYGON = b"p"
    ELLIPSE = b"e"
    MASK = b"m"


_HEAD = struct.Struct("<cdd")


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """Of a picture, in as few bytes as it was drawn with. `across` and `down`: how many points of the picture
    one unit of its places is."""

    kind: AreaKind
    data: bytes
    across: float = 1.0
    down: float = 1.0

    @property
    def packed(self) -> bytes:
        """As it is kept."""
        return _HEAD.pack(self.kind.value, self.across, self.down) + self.data


def unpacked(kept: bytes) -> Area:
    letter, across, down = _HEAD.unpack_from(kept)
    return Area(kind=AreaKind(letter), data=bytes(kept[_HEAD.size :]), across=across, down=down)


Shape = Box | Span | Area


def overlap_of_boxes(one: Box, other: Box) -> float:
    """Shared area over covered area (IoU); boxes without an area share nothing."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (one.width * one.height + other.width * other.height - shared)


def overlap_of_spans(one: Span, other: Span) -> float:
    """Shared length over covered length."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return 0.0
    return shared / (one.end - one.start + other.end - other.start - shared)

"""What the lakes write down of requests, read as one frozen value whoever wrote it."""

from apps.lakes.providers.logs.lines import LONGEST_LINE, Splitter
from apps.lakes.providers.logs.reading import (
    KINDS,
    Batch,
    LogKind,
    NotReadable,
    events_in,
    lines_in,
    lines_of,
    lines_told_by,
)
from apps.lakes.providers.logs.touch import Answered, Doing, NotUnderstood, Touch

__all__ = [
    "KINDS",
    "LONGEST_LINE",
    "Answered",
    "Batch",
    "Doing",
    "LogKind",
    "NotReadable",
    "NotUnderstood",
    "Splitter",
    "Touch",
    "events_in",
    "lines_in",
    "lines_of",
    "lines_told_by",
]

"""An export of a labeling tool, whichever it is: its bytes say. What is not taken is listed."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from apps.kernel.errors import rule_broken
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.annotation import (
    TOO_LARGE,
    UNKNOWN_FORMAT,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
)
from apps.labeling.imports.coco import read_coco
from apps.labeling.imports.cvat import read_cvat
from apps.labeling.imports.faulty import Beyond, Lines, beyond, note
from apps.labeling.imports.label_studio import read_label_studio
from apps.labeling.imports.source import Source, Told
from apps.labeling.imports.table import NEEDED, head_of, read_table
from apps.labeling.imports.worked import Work

MOST_FAULTS = 1000
MOST_ANNOTATIONS = 2_000_000

READERS: Mapping[Format, Callable[[Source, Tally], Read]] = {
    Format.LABEL_STUDIO: read_label_studio,
    Format.COCO: read_coco,
    Format.CVAT: read_cvat,
    Format.CSV: read_table,
}


@dataclass(frozen=True, kw_only=True)
class Export:
    """What a file says. `items`: also those that nobody labeled. `faulty` counts all faults, `faults` holds
    the first of them and `beyond` the lines of all others; `contradicting` counts those that say something
    else than an answer before them; no label is older than the day `begun`. Kept nowhere: `work`, `assigned`
    (whom the tool gave it to), and `originals`, of names with an address in them what stood in the file."""

    format: Format
    annotations: tuple[Annotation, ...]
    faults: tuple[Fault, ...] = ()
    faulty: int = 0
    beyond: Beyond = field(default_factory=dict, repr=False)
    contradicting: int = 0
    items: frozenset[str] = field(default_factory=frozenset)
    emails: int = 0
    unsized: int = 0
    work: Work = field(default_factory=dict)
    settled: Mapping[str, Collection[str]] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict, repr=False)
    assigned: tuple[str, ...] = field(default=(), repr=False)
    begun: date | None = None

    def without(self, annotations: tuple[Annotation, ...], faults: Sequence[Fault], **others: Any) -> Export:
        """The same with these annotations alone, and with faults more."""
        room = max(0, MOST_FAULTS - len(self.faults))
        return replace(
            self,
            annotations=annotations,
            faults=(*self.faults, *faults[:room]),
            faulty=self.faulty + len(faults),
            beyond=beyond(faults[room:], self.beyond),
            **others,
        )


def read_export(
    content: bytes | BinaryIO, told: Told | None = None, people: Mapping[str, str] | Pseudonyms | None = None
) -> Export:
    """`people`: what stands for those whom one knows, by number or address.

    Raises: RuleBroken where it is none that is known, or cannot be read to its end.
    """
    source = Source(io.BytesIO(content) if isinstance(content, bytes) else content, told)
    named = people if isinstance(people, Pseudonyms) else Pseudonyms(people)
    found, tally = format_of(source.head), Tally(named=named)
    annotations: list[Annotation] = []
    faults: list[Fault] = []
    others: dict[str, Lines] = {}
    faulty = 0
    for each in READERS[found](source, tally):
        if isinstance(each, Annotation):
            if len(annotations) == MOST_ANNOTATIONS:
                what = f"it has more than {MOST_ANNOTATIONS} annotations"
                raise rule_broken(TOO_LARGE, field="content", what=what)
            annotations.append(each)
        else:
            faulty += 1
            if len(faults) < MOST_FAULTS:
                faults.append(each)
            else:
                note(others, each)
    return Export(
        format=found,
        annotations=tuple(annotations),
        faults=tuple(faults),
        faulty=faulty,
        beyond=others,
        items=frozenset(tally.items),
        emails=tally.emails,
        unsized=tally.unsized,
        work=tally.work,
        settled=tally.settled,
        originals=tally.named.originals(tally.items),
        assigned=tuple(tally.assigned),
        begun=tally.begun,
    )


def format_of(head: str) -> Format:
    """By how it begins.  Raises: RuleBroken where it is none of those."""
    head = head.lstrip()
    if head.startswith("["):
        return Format.LABEL_STUDIO
    if head.startswith("{"):
        return Format.COCO
    if head.startswith("<"):
        return Format.CVAT
    if set(NEEDED) <= set(head_of(head)):
        return Format.CSV
    raise rule_broken(UNKNOWN_FORMAT, field="content")

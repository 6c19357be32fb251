"""A file added to what an earlier set of labels holds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date

from apps.kernel.errors import rule_broken
from apps.labeling.imports.addresses import highest_token
from apps.labeling.imports.annotation import TOO_LARGE, UNNAMED, Annotation, Fault, fault
from apps.labeling.imports.attribution import SAID_BY_BRINGER
from apps.labeling.imports.faulty import beyond
from apps.labeling.imports.reading import MOST_ANNOTATIONS, Export
from apps.labeling.imports.worked import Work, Worked
from apps.policy.reason import declare

ANSWERED_BEFORE = declare(
    "LABELS_ANSWERED_BEFORE",
    "Annotator %(annotator)s labeled «%(item)s» in the earlier set already.",
    "Leave it out, or bring what they say now without that set.",
)
GOLD_BEFORE = declare(
    "LABELS_GOLD_BEFORE",
    "What is true of «%(item)s» is in the earlier set already.",
    "Leave it out, or bring the new gold without that set.",
)


class Earlier:
    """What the earlier set holds now. `unlabeled` counts the items that nobody labeled, whose names were not
    kept, and `left_out` the answers that were faulty; `first`: no later than on that day it was labeled;
    `undated` answers said no day, and none is older than `begun`; `rows` counts what was read.

    No dataclass: whoever looks through the arguments of a command would look at a million annotations.
    """

    def __init__(
        self,
        *,
        annotations: Sequence[Annotation],
        rows: int,
        unlabeled: int = 0,
        left_out: int = 0,
        first: date | None = None,
        undated: int = 0,
        begun: date | None = None,
    ) -> None:
        self.annotations = tuple(annotations)
        self.rows = rows
        self.unlabeled = unlabeled
        self.left_out = left_out
        self.first = first
        self.undated = undated
        self.begun = begun
        self.items = frozenset(each.item for each in self.annotations)

    @property
    def tokens(self) -> int:
        """The highest number that stands for an address: in the next file it would stand for another one."""
        texts = {*self.items, *(each.label for each in self.annotations)}
        return max(map(highest_token, texts), default=0)

    @property
    def people(self) -> int:
        return max(map(highest_token, {each.annotator for each in self.annotations}), default=0)


NOTHING_EARLIER = Earlier(annotations=(), rows=0)


def together(exports: Sequence[Export]) -> Export:
    """Files that are read at once, in which the same names stand for the same people and items."""
    first, *others = exports
    for export in others:
        earlier = Earlier(annotations=first.annotations, rows=0)
        both = joined(export, earlier)
        first = replace(
            both,
            items=both.items | first.items,
            faults=first.faults + both.faults,
            faulty=first.faulty + both.faulty,
            beyond=beyond((), first.beyond, both.beyond),
            contradicting=first.contradicting + both.contradicting,
            emails=first.emails + both.emails,
        )
    return first


def joined(export: Export, earlier: Earlier) -> Export:
    """Nobody answers an item twice, and what is true of one is said once.

    Raises: RuleBroken, where there are too many annotations.
    """
    if len(export.annotations) + len(earlier.annotations) > MOST_ANNOTATIONS:
        what = f"with the earlier set it has more than {MOST_ANNOTATIONS} annotations"
        raise rule_broken(TOO_LARGE, field="content", what=what)
    answered = {(each.item, each.annotator) for each in earlier.annotations if _is_told(each)}
    true = {each.item for each in earlier.annotations if each.is_gold}
    said = {_what(each) for each in earlier.annotations}
    fresh: list[Annotation] = []
    faults: list[Fault] = []
    contradicting = 0
    for each in export.annotations:
        found = _fault(each, answered, true)
        if found is None:
            fresh.append(each)
        elif each.line != SAID_BY_BRINGER:
            faults.append(found)
            contradicting += _what(each) not in said
    return export.without(
        (*earlier.annotations, *fresh),
        faults,
        items=export.items | earlier.items,
        contradicting=export.contradicting + contradicting,
        work=_worked(export.work, earlier.annotations),
    )


def _what(each: Annotation) -> tuple[object, ...]:
    """What was said, by whom, and where: said once more, it contradicts nothing."""
    return each.item, "" if each.is_gold else each.annotator, each.label, each.shape, each.is_gold


def _is_told(each: Annotation) -> bool:
    return each.annotator != UNNAMED and not (each.is_gold or each.is_machine or each.was_cancelled)


def _fault(each: Annotation, answered: set[tuple[str, str]], true: set[str]) -> Fault | None:
    if each.is_gold and each.item in true:
        return fault(GOLD_BEFORE, each.line, "", item=each.item[:200])
    if _is_told(each) and (each.item, each.annotator) in answered:
        return fault(ANSWERED_BEFORE, each.line, "", annotator=each.annotator, item=each.item[:200])
    return None


def _worked(work: Work, earlier: Sequence[Annotation]) -> Work:
    """On which days the earlier was labeled is kept nowhere: it counts as answers that say no day."""
    found: dict[str, Worked] = defaultdict(Worked, deepcopy(dict(work)))
    seconds: dict[str, list[float]] = defaultdict(list)
    for each in earlier:
        if each.annotator != UNNAMED and not each.is_gold and not each.is_machine:
            seconds[each.annotator].append(each.seconds or 0.0)
    for annotator, took in seconds.items():
        found[annotator].add(math.fsum(took), None)
    return found


def nameless(count: int) -> Iterator[str]:
    """Items that nobody labeled count, and their names were not kept."""
    return (f"\0{number}" for number in range(max(0, count)))

"""What whoever brings a file says of all of it: who labeled what names nobody, and whether it is gold."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apps.labeling.imports.addresses import NUMBER, Pseudonyms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.imports.worked import Work

if TYPE_CHECKING:
    from apps.labeling.imports.reading import Export

SOMEBODY = "annotator-1"
"""Who is neither a number of the tool nor on the roster. No roster has it."""
SAID_BY_BRINGER = 0
"""The line of what stands in none."""


@dataclass(frozen=True, kw_only=True)
class SaidOfFile:
    """`labeled_by` is a number, a name of the roster, or anything else: some other person. With
    `all_items_seen` items of the file with nothing on them were looked at, and nothing is there."""

    labeled_by: str = ""
    is_gold: bool = False
    all_items_seen: bool = False


NOTHING_SAID = SaidOfFile()


def who_is_meant(labeled_by: str, known: Mapping[str, str]) -> str:
    """Of a number, a pseudonym or an address; `known`: what stands for those on the roster."""
    same = labeled_by.casefold() if "@" in labeled_by else labeled_by
    if not same or NUMBER.fullmatch(same):
        return same
    return known.get(same, SOMEBODY)


def attributed(export: Export, said: SaidOfFile, people: Pseudonyms) -> tuple[Export, str]:
    """The export, and who stands where it named nobody: whoever is said to have labeled it, or whom the tool
    gave the job to. Guesses of a machine stay nobody's."""
    who = people.of(said.labeled_by) or people.of_several(export.assigned)
    if not who and not said.is_gold:
        return export, UNNAMED
    annotations = tuple(_attributed(each, who, is_gold=said.is_gold) for each in export.annotations)
    if said.all_items_seen:
        labeled = {each.item for each in annotations if not each.is_machine}
        annotations += tuple(
            Annotation(line=SAID_BY_BRINGER, item=item, annotator=who, label="", is_gold=said.is_gold)
            for item in sorted(export.items - labeled)
        )
    return replace(export, annotations=annotations, work=_work_of(who, export.work)), who


def _work_of(who: str, work: Work) -> Work:
    """The days of what named nobody are those of whoever labeled it."""
    if not who or UNNAMED not in work:
        return work
    told = dict(work)
    both = deepcopy(told.pop(UNNAMED))
    if who in told:
        both.take(told[who])
    return {**told, who: both}


def _attributed(each: Annotation, who: str, *, is_gold: bool) -> Annotation:
    is_unnamed = each.annotator == UNNAMED and not each.is_machine
    if not is_unnamed and not is_gold:
        return each
    return replace(each, annotator=who if is_unnamed else each.annotator, is_gold=is_gold or each.is_gold)

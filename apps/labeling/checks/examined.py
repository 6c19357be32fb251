"""A file of labels that was read and measured, before anything of it is kept. It takes long, and no lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import BinaryIO

from apps.kernel.errors import InvalidInput, rule_broken
from apps.labeling import errors
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.people import Numbers, as_people, numbers_of
from apps.labeling.checks.settling import SettledFacts, Standing, marked, settled_of
from apps.labeling.checks.subgroups import subgroups_of
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.attribution import NOTHING_SAID, SaidOfFile, attributed
from apps.labeling.imports.items import NOTHING_KNOWN, Held, held_to_items
from apps.labeling.imports.joining import NOTHING_EARLIER, Earlier, joined, nameless
from apps.labeling.imports.once import held_to_one
from apps.labeling.imports.reading import Export, read_export
from apps.labeling.imports.schema import held_to_schema
from apps.labeling.imports.source import Told
from apps.labeling.imports.told import faults_of
from apps.labeling.measures.nearby import compared


class Examined:
    """No dataclass: whoever looks through the arguments of a command would look at a million annotations."""

    def __init__(
        self,
        *,
        export: Export,
        measured: Measured,
        settled: SettledFacts,
        numbers: Numbers,
        who: str = "",
        earlier: Earlier = NOTHING_EARLIER,
    ) -> None:
        """`who` stands for whoever labeled what names nobody."""
        self.export = export
        self.measured = measured
        self.settled = settled
        self.who = who
        self.first = earlier.first
        self.earlier_rows = earlier.rows
        self.numbers = numbers


NOBODY = Standing()
AT_ONCE = 2_000_000
"""While somebody waits for the answer, and others for the version: a few seconds."""


def examined(
    content: bytes | BinaryIO,
    terms: Terms,
    *,
    leave_out_faults: bool,
    held: Held = NOTHING_KNOWN,
    people: Pseudonyms | Mapping[str, str] | None = None,
    standing: Standing = NOBODY,
    said: SaidOfFile = NOTHING_SAID,
    earlier: Earlier | None = None,
    told: Told | None = None,
    most_compared: int | None = None,
) -> Examined:
    """`people`: what stands for those on the roster, and `standing` what it says of them; `said` of the file
    as a whole; `earlier`: what it is added to; `most_compared`: how many shapes are held against each other
    at most.

    Raises: InvalidInput (each fault with its line), RuleBroken (no export, words for numbers, or more shapes
    than that)."""
    named = people if isinstance(people, Pseudonyms) else Pseudonyms(people)
    export, who = attributed(read_export(content, told, named), said, named)
    read = held_to_schema(export, terms)
    export = held_to_items(read, held)
    if earlier is not None:
        export = joined(export, earlier)
    export = marked(export, standing)
    export = held_to_one(export) if terms.takes_one else export
    if export.faulty and not leave_out_faults:
        raise InvalidInput(*faults_of(export, held.erased_on))
    if most_compared is not None:
        _refuse_more_than(most_compared, export)
    before = earlier or NOTHING_EARLIER
    items = held.known or {*export.items, *nameless(before.unlabeled)}
    try:
        measured = measure(export.annotations, items, terms, standing.people)
    except ValueError as fault:
        raise rule_broken(errors.NUMBERS_NEEDED, field="content") from fault
    numbers = numbers_of(export.annotations, standing.people)
    raters = as_people(export.annotations, numbers)
    subgroups = subgroups_of(raters, held.groups, terms, standing.teams)
    measured = replace(measured, subgroups=subgroups, left_out=read.faulty + before.left_out)
    return Examined(
        export=export,
        measured=measured,
        settled=settled_of(export, standing),
        numbers=numbers,
        who=who,
        earlier=before,
    )


def _refuse_more_than(most: int, export: Export) -> None:
    """Raises: RuleBroken."""
    drawn = (
        (each.item, each.label, _rater(each), each.shape)
        for each in export.annotations
        if each.shape is not None and not each.was_cancelled
    )
    if compared(drawn, most) > most:
        raise rule_broken(errors.TOO_MANY_AT_ONCE, field="content", most=most)


def _rater(each: Annotation) -> str:
    """Whoever labeled, what is true, or a machine."""
    return f"{each.annotator} {each.is_gold:d}{each.is_machine:d}"

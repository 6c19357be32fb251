"""A file of labels that was read and measured, before anything of it is kept. It takes long, and no lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from apps.kernel.errors import InvalidInput, rule_broken
from apps.labeling import errors
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.people import Numbers, as_people, numbers_of
from apps.labeling.checks.settling import SettledFacts, Standing, marked, settled_of
from apps.labeling.checks.subgroups import subgroups_of
from apps.labeling.checks.terms import Terms
from apps.labeling.checks.twins import Alike, drawn_alike
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.attribution import NOTHING_SAID, SaidOfFile, attributed
from apps.labeling.imports.items import NOTHING_KNOWN, Held, held_to_items
from apps.labeling.imports.joining import NOTHING_EARLIER, Earlier, joined, nameless, together
from apps.labeling.imports.once import held_to_one
from apps.labeling.imports.reading import Export, read_export
from apps.labeling.imports.schema import held_to_schema
from apps.labeling.imports.source import Told
from apps.labeling.imports.told import faults_of
from apps.labeling.imports.worked import undated_in
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
        alike: tuple[Alike, ...] = (),
        who: str = "",
        undated: int = 0,
        begun: date | None = None,
        earlier: Earlier = NOTHING_EARLIER,
    ) -> None:
        """`who` stands for whoever labeled what names nobody; `undated` answers say no day, and none is older
        than `begun`."""
        self.export = export
        self.measured = measured
        self.settled = settled
        self.alike = alike
        self.who = who
        self.undated = undated
        self.begun = begun
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
    return _examined(
        export,
        terms,
        leave_out_faults=leave_out_faults,
        held=held,
        standing=standing,
        who=who,
        earlier=earlier,
        most_compared=most_compared,
    )


def examined_together(
    files: Iterable[tuple[bytes, SaidOfFile]],
    terms: Terms,
    *,
    people: Mapping[str, str],
    standing: Standing,
) -> Examined:
    """Files that are looked at once, and of which nothing is kept: of each it is said who labeled it.

    Raises: InvalidInput (each fault with its line), RuleBroken (no export, words for numbers, or more shapes
    than are held against each other at once)."""
    named = Pseudonyms(people)
    exports = [attributed(read_export(content, None, named), said, named)[0] for content, said in files]
    return _examined(
        together(exports), terms, leave_out_faults=False, standing=standing, most_compared=AT_ONCE
    )


def _examined(
    export: Export,
    terms: Terms,
    *,
    leave_out_faults: bool,
    held: Held = NOTHING_KNOWN,
    standing: Standing,
    who: str = "",
    earlier: Earlier | None = None,
    most_compared: int | None = None,
) -> Examined:
    read = held_to_schema(export, terms)
    export = held_to_items(read, held)
    undated = undated_in(export.annotations, export.work)
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
    left_out = read.faulty + export.contradicting + before.left_out
    measured = replace(measured, subgroups=subgroups, left_out=left_out)
    return Examined(
        export=export,
        measured=measured,
        settled=settled_of(export, standing),
        alike=drawn_alike(export.annotations, standing.people),
        numbers=numbers,
        who=who,
        undated=undated + before.undated,
        begun=_begun(export, undated, before),
        earlier=before,
    )


def _begun(export: Export, undated: int, before: Earlier) -> date | None:
    """Of what says no day: nothing where of one of the two parts nobody knows it."""
    told = [day for day, count in ((export.begun, undated), (before.begun, before.undated)) if count]
    known = [day for day in told if day is not None]
    return min(known) if known and len(known) == len(told) else None


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

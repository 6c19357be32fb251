"""How a version stands by the records about it: its consent, its retention, its pin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from apps.compliance.facts.naming import Kept, of_kind
from apps.compliance.lifecycle.consent import CONSENTS, ConsentContent, ConsentStage
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS, NONE, DataSheetContent, listed
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionContent, ends_on
from apps.policy.facts import NO_LIMIT, ConsentFacts, HoldFacts, NoLimit, PinFacts, Until
from apps.policy.regions import EEA


def sheets_of(records: Iterable[Kept], on: date) -> list[DataSheetContent]:
    return [each.content for each in of_kind(records, DATA_SHEETS) if each.holds(on)]


def is_sheet_late(records: Iterable[Kept], on: date) -> bool:
    """Whether what a sheet allows has gone without a review for too long."""
    return any(each.is_in_force(on) and each.is_late(on) for each in of_kind(records, DATA_SHEETS))


def earliest(*days: Until) -> Until:
    """Of days that are stated; no day at all is not known."""
    stated = [day for day in days if isinstance(day, date)]
    if stated:
        return min(stated)
    return NO_LIMIT if NO_LIMIT in days else None


# Consent


def consent_facts(records: Sequence[Kept], on: date) -> ConsentFacts | None:
    """Of several that data were collected under, what all allow. One that is closed allows nothing."""
    found = [
        each
        for each in of_kind(records, CONSENTS)
        if each.holds(on) and each.stage != ConsentStage.CLOSED.value
    ]
    if not found:
        return None
    said: list[ConsentContent] = [each.content for each in found]
    explicit = {each.is_explicit for each in said}
    read_at = [_read_at(each) for each in found]
    known = [at for at in read_at if at is not None]
    return ConsentFacts(
        ref=found[0].ref,
        version=found[0].version,
        scope=frozenset.intersection(*(_scope(each) for each in said)),
        is_explicit=None if None in explicit else explicit == {True},
        ends_on=earliest(*(each.effective_to or NO_LIMIT for each in found)),
        withdrawals_synced_at=min(known) if len(known) == len(read_at) else None,
    )


def _scope(said: ConsentContent) -> frozenset[str]:
    area = {said.research_area} if said.research_area else set()
    return frozenset({each.concept for each in said.purposes} | area)


def _read_at(record: Kept) -> datetime | None:
    at = [moment for moment in (record.last_at, record.content.last_synced_at) if moment is not None]
    return max(at, default=None)


# Retention


def retention_end(records: Iterable[Kept], stated: Until, on: date) -> Until:
    """The earliest of what the origin states and of what the schedules come to."""
    schedules = [each.content for each in of_kind(records, RETENTIONS) if each.is_in_force(on)]
    return earliest(stated, *(ends_on(each) for each in schedules))


def hold_facts(records: Iterable[Kept], on: date) -> HoldFacts:
    """The schedules say which data are held; that none does is an answer."""
    found = of_kind(records, RETENTIONS)
    said: list[RetentionContent] = [each.content for each in found if each.is_in_force(on)]
    held = [each for each in said if each.hold_ref.strip()]
    reviews = [each.hold_until_review for each in held]
    is_known = bool(held) and None not in reviews
    return HoldFacts(
        is_held=bool(held),
        review_on=earliest(*reviews) if is_known else None if held else NO_LIMIT,
    )


# Pins

Pinned = frozenset[str] | NoLimit | None


def pin_facts(sheets: Sequence[DataSheetContent], *, is_needed: bool) -> PinFacts:
    """What every sheet allows. Without one, data about people may be pinned by a contract nobody recorded;
    what is confirmed as not about people needs no sheet to say that it is not.

    Operators are the uids of parties.
    """
    if not sheets:
        unknown = None if is_needed else NO_LIMIT
        return PinFacts(places=unknown, operators=unknown)
    places, operators = zip(*(_pin(sheet) for sheet in sheets), strict=True)
    return PinFacts(places=_common(places), operators=_common(operators))


def _pin(sheet: DataSheetContent) -> tuple[Pinned, Pinned]:
    if sheet.is_pinned is None:
        return None, None
    if not sheet.is_pinned:
        return NO_LIMIT, NO_LIMIT
    operators = frozenset(map(str, sheet.operators))
    return frozenset(listed(sheet.places)) or NO_LIMIT, operators or NO_LIMIT


def _common(pins: Sequence[Pinned]) -> Pinned:
    if None in pins:
        return None
    limits = [pin for pin in pins if isinstance(pin, frozenset)]
    if len(limits) < 2:
        return limits[0] if limits else NO_LIMIT
    return frozenset.intersection(*(pin - {"EEA"} | (EEA if "EEA" in pin else frozenset()) for pin in limits))


# Columns


def is_direct_identifier(sheets: Iterable[DataSheetContent], column: str) -> bool | None:
    named = [listed(sheet.direct_identifiers) for sheet in sheets if sheet.direct_identifiers.strip()]
    if not named:
        return None
    return any(column in names for names in named if names != (NONE,))


def has_pseudonymised_view(sheets: Iterable[DataSheetContent]) -> bool | None:
    stated = {sheet.has_pseudonymised_view for sheet in sheets}
    return True if True in stated else False if stated == {False} else None


def revealed(sheets: Iterable[DataSheetContent]) -> frozenset[str] | None:
    """Special categories that the data reveal when they are linked."""
    said = list(sheets)
    if not said or any(sheet.is_revealing is None for sheet in said):
        return None
    return frozenset(kind.value for sheet in said if sheet.is_revealing for kind in sheet.reveals)

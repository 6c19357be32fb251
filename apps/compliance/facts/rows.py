"""Which rows of a version must not be read (A30), and whether it leaves them out.

Two things say so. An occurrence in effect reaches the version, by itself or through what it was made from;
the portal numbers its list. Before that, a request of a data subject or a list of withdrawals is on record,
and names a list by the number that the register of the house gave it. Numbers of the one are never compared
with those of the other; what the stricter of both says, holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.compliance.facts.naming import Kept, of_kind
from apps.compliance.lifecycle.consent import CONSENTS, WithdrawalsRead
from apps.compliance.lifecycle.data_sheets import DataSheetContent
from apps.compliance.lifecycle.occurrences import EFFECTS, Happening, OccurrenceState
from apps.compliance.lifecycle.reading import read
from apps.compliance.lifecycle.rights import (
    RIGHTS,
    RightsContent,
    RightsDecision,
    RightsOutcome,
    RightsStage,
    RightsType,
)
from apps.compliance.models import AffectedVersion, Exclusion
from apps.policy.facts import RowFacts
from apps.policy.law_words import RowFlag

FLAG_OF = {
    RightsType.ERASURE: RowFlag.ERASED,
    RightsType.RESTRICTION: RowFlag.RESTRICTED,
    RightsType.OBJECTION: RowFlag.OBJECTED,
    RightsType.OBJECTION_MARKETING: RowFlag.OBJECTED,
    RightsType.OBJECTION_RESEARCH: RowFlag.OBJECTED,
    RightsType.WITHDRAWAL: RowFlag.WITHDRAWN,
}
"""Restriction and objection bind at once, while nobody has decided yet (Art. 18(1)(d))."""
NOTHING_TO_LEAVE_OUT = (RightsOutcome.REFUSED, RightsOutcome.NO_DATA)
FLAGGING = [happening.value for happening, effects in EFFECTS.items() if effects.flag is not None]


def reaching(version: str) -> QuerySet[Any]:
    """Occurrences in effect on the outer version because of which rows of it must not be read, each as one
    object. A model is not read by rows: it is assessed."""
    found = AffectedVersion.objects.filter(
        version=OuterRef(version),
        occurrence__state=OccurrenceState.IN_EFFECT,
        occurrence__happening__in=FLAGGING,
        reopened_at__isnull=True,
    ).exclude(closing="")
    stated = JSONObject(
        happening=F("occurrence__happening"),
        number=F("occurrence__list_number"),
        source=F("occurrence__source__uid"),
    )
    return found.order_by("occurrence__list_number").values_list(stated)


def left_out(version: str) -> QuerySet[Any]:
    """The newest list of which somebody vouches that the outer version leaves it out; no row: none."""
    stated = Exclusion.objects.filter(version=OuterRef(version)).order_by().values("version")
    return stated.annotate(last=Max("up_to")).values("last")


def row_facts(
    version: Any, records: Sequence[Kept], sheets: Iterable[DataSheetContent], on: date
) -> RowFacts:
    """Of a version with what `reaching` and `left_out` found of it."""
    spoken_for = {str(each["source"]) for each in version.reaching}
    by_records = _by_records(
        [each for each in records if each.uid not in spoken_for], sheets, version.number, on
    )
    by_occurrences = _by_occurrences(version.reaching, version.left_out)
    if not by_occurrences.flags:
        return by_records
    if not by_records.flags:
        return by_occurrences
    stricter = max(by_occurrences, by_records, key=_strictness)
    return RowFacts(
        flags=by_occurrences.flags | by_records.flags,
        list_version=stricter.list_version,
        applied_version=stricter.applied_version,
    )


def _strictness(rows: RowFacts) -> int:
    """Older than the list is worse than not known, and that is worse than left out."""
    if rows.list_version is None or rows.applied_version is None:
        return 1
    return 2 if rows.applied_version < rows.list_version else 0


def _by_occurrences(reaching: Sequence[Mapping[str, Any]], left_out: int | None) -> RowFacts:
    flags = {EFFECTS[Happening(each["happening"])].flag for each in reaching}
    return RowFacts(
        flags=frozenset(flag for flag in flags if flag is not None),
        list_version=max((each["number"] or 0 for each in reaching), default=0),
        applied_version=left_out or 0,
    )


def _by_records(
    records: Sequence[Kept], sheets: Iterable[DataSheetContent], version: int, on: date
) -> RowFacts:
    """`list_version` is not known where somebody's rows are to be left out and no list is named."""
    flags: set[RowFlag] = set()
    lists: list[int | None] = []
    for each in of_kind(records, RIGHTS):
        content: RightsContent = each.content
        flag = FLAG_OF.get(content.type) if content.type else None
        if flag is None or each.stage == RightsStage.REJECTED.value or _is_refused(each):
            continue
        flags.add(flag)
        lists.append(content.list_number)
    for each in of_kind(records, CONSENTS):
        number = _newest_list(each)
        if number and each.is_in_force(on):
            flags.add(RowFlag.WITHDRAWN)
            lists.append(number)
    named = [number for number in lists if number is not None]
    applied = [row.list_number for sheet in sheets for row in sheet.made_with if row.version == version]
    known = [number for number in applied if number is not None]
    return RowFacts(
        flags=frozenset(flags),
        list_version=(max(named, default=0) if len(named) == len(lists) else None),
        applied_version=min(known) if known else None if flags else 0,
    )


def _is_refused(record: Kept) -> bool:
    if record.last is None or record.stage not in (RightsStage.DECIDED.value, RightsStage.CLOSED.value):
        return False
    return read(RightsDecision, record.last).outcome in NOTHING_TO_LEAVE_OUT


def _newest_list(record: Kept) -> int:
    told = read(WithdrawalsRead, record.last).list_number if record.last else None
    return max(told or 0, record.content.exclusion_list_version or 0)

"""What came of each asset of a request: one request, and an outcome for each thing asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.access.granting import what_is_left
from apps.access.lifecycle import RequestState
from apps.access.models import Grant, Revision, RevisionItem, Slot, VerdictKind
from apps.policy.narrowing import Narrowing, intersection


class Came(StrEnum):
    """`left_out`: the others were approved without it. `refused`: nothing of the request was."""

    UNDECIDED = "undecided"
    AWAITS_CONDITIONS = "awaits_conditions"
    GRANTED = "granted"
    LEFT_OUT = "left_out"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ItemOutcome:
    """`columns` and `actions` are those that are granted; none of the first means all columns."""

    item: RevisionItem
    came: Came
    grant_id: UUID | None = None
    grant_state: str | None = None
    ends_at: datetime | None = None
    columns: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


def what_came_of(
    revision: Revision, state: str, slots: Sequence[Slot], grants: Iterable[Grant]
) -> tuple[ItemOutcome, ...]:
    """What approvers take away is told when nobody decides any more: till then each says it to nobody."""
    items = list(revision.items.all())
    if state == RequestState.APPROVED:
        made = {grant.asset_id: grant for grant in grants}
        return tuple(_granted(item, made.get(item.asset_id)) for item in items)
    if state == RequestState.AWAITING_CONDITIONS:
        left = _left(revision, slots)
        return tuple(
            ItemOutcome(item=item, came=Came.AWAITS_CONDITIONS if item.pk in left else Came.LEFT_OUT)
            for item in items
        )
    is_over = state in {RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED}
    return tuple(ItemOutcome(item=item, came=Came.REFUSED if is_over else Came.UNDECIDED) for item in items)


def _granted(item: RevisionItem, grant: Grant | None) -> ItemOutcome:
    if grant is None:
        return ItemOutcome(item=item, came=Came.LEFT_OUT)
    return ItemOutcome(
        item=item,
        came=Came.GRANTED,
        grant_id=grant.uid,
        grant_state=grant.state,
        ends_at=grant.not_after,
        columns=tuple(grant.columns),
        actions=tuple(grant.actions),
    )


def _left(revision: Revision, slots: Sequence[Slot]) -> set[int]:
    verdicts = [slot.verdict for slot in slots if slot.is_filled]
    said = [each.narrowing for each in verdicts if each.kind == VerdictKind.APPROVE]
    narrowing = intersection(Narrowing.from_json(each) for each in said)
    if narrowing.is_nothing:
        return {item.pk for item in revision.items.all()}
    shares, _ = what_is_left(revision, narrowing)
    return {share.item.pk for share in shares}

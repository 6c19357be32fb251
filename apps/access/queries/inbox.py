"""The inbox as work: how risky each request is and why, and by when it should be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.access.models import Decision, Grant, Request
from apps.policy.facts import RequestFacts
from apps.policy.risk import Risk, risks_of

RISKIEST_FIRST = ("-risk", "due_at")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """`is_first`: the person never had access to one of the assets. `is_late`: the deadline is over."""

    request: Request
    risks: tuple[Risk, ...]
    is_first: bool
    is_late: bool


def waiting_of(requests: Sequence[Request], *, at: datetime) -> list[Waiting]:
    """Rows of `inbox_of` with their items at hand. Two queries, however many requests."""
    revisions = [request.revision_id for request in requests]
    newest = Decision.objects.filter(revision__in=revisions).order_by("revision", "-pk").distinct("revision")
    facts = {row.revision_id: RequestFacts.from_json(row.facts) for row in newest}
    people = {request.revision.person_id for request in requests if request.revision}
    known = set(Grant.objects.filter(person__in=people).values_list("person", "asset").distinct())
    return [
        Waiting(
            request=request,
            risks=risks_of(facts[request.revision_key]),
            is_first=_is_first(request, known),
            is_late=request.due_at is not None and request.due_at < at,
        )
        for request in requests
    ]


def _is_first(request: Request, known: set[tuple[int, int]]) -> bool:
    revision = request.revision
    return revision is not None and any(
        (revision.person_id, item.asset_id) not in known for item in revision.items.all()
    )

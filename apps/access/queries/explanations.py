"""Why a request was answered as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.access.models import Decision
from apps.access.queries.details import reasons_in
from apps.access.queries.requests import requests_visible_to
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found
from apps.policy.explanation import RuleRow, deciding_codes, table_of
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Explanation:
    decision_id: UUID
    rulebook_sha256: str
    reasons: tuple[Reason, ...]
    rules: tuple[RuleRow, ...]
    trace: Mapping[str, Any]


def explanation_of(actor: Actor, request_id: UUID) -> Explanation:
    """Of the newest evaluation.  Raises: NotFound; also where nothing was evaluated yet."""
    request = requests_visible_to(actor).one(request_id)  # type: ignore[attr-defined]
    newest = Decision.objects.filter(revision=request.revision_key).select_related("rulebook")
    decision = newest.order_by("-pk").first()
    if decision is None:
        raise not_found("decision")
    codes = deciding_codes(decision.trace)
    return Explanation(
        decision_id=decision.uid,
        rulebook_sha256=decision.rulebook.sha256,
        reasons=tuple(reason for reason in reasons_in(decision.trace) if reason.code in codes),
        rules=table_of(decision.trace),
        trace=decision.trace,
    )

"""What policy saw and found, as an approver reads it: taken from the stored decision, not asked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from apps.access.queries import RequestDetail, RequestState, TicketStanding, ticket_checks_on
from apps.access.queries.details import reasons_in
from apps.compliance.queries import purposes
from apps.console.wording import Word, class_word, ranked_word
from apps.kernel.actor import Actor
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class AssetSeen:
    """Columns grouped by class, the highest first; `categories` with how many columns have them."""

    uid: str
    kind: str
    version: str
    groups: tuple[tuple[Word, tuple[str, ...]], ...]
    categories: tuple[tuple[str, int], ...]
    identifiability: tuple[str, ...]
    is_confirmed: bool
    special_kinds: tuple[str, ...]
    original_basis: str | None
    retention_ends_on: date | str | None
    activities: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class RuleSeen:
    """`unknown`: facts that nobody recorded, each with what it was taken for."""

    rule: str
    type: str
    status: str
    effect: str | None
    articles: tuple[str, ...]
    reasons: tuple[Reason, ...]
    unknown: tuple[tuple[str, str], ...]
    max_lease_minutes: int | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    assets: tuple[AssetSeen, ...]
    purpose: Mapping[str, Any]
    purpose_ends_on: date | str | None
    subject: Mapping[str, Any]
    cleared: Word | None
    contract_ends_on: date | str | None
    matched: tuple[RuleSeen, ...]
    others: tuple[RuleSeen, ...]
    obligations: tuple[Mapping[str, Any], ...]
    max_lease_minutes: int | None


def evidence_of(detail: RequestDetail) -> Evidence | None:
    """None for a request that was never put to policy."""
    if detail.decision is None:
        return None
    facts, trace = detail.decision.facts, detail.decision.trace
    names = {step["rank"]: step["code"] for step in facts["handling"]}
    rank = facts["subject"]["cleared_rank"]
    rules = [_rule(finding) for finding in trace["findings"]]
    return Evidence(
        assets=tuple(_asset(asset, names) for asset in facts["assets"]),
        purpose=facts["purpose"],
        purpose_ends_on=_day(facts["purpose"]["valid_to"]),
        subject=facts["subject"],
        cleared=_class(rank, names) if rank in names else None,
        contract_ends_on=_day(facts["subject"]["contract_ends_on"]),
        matched=tuple(rule for rule in rules if rule.status == "matched"),
        others=tuple(rule for rule in rules if rule.status != "matched"),
        obligations=tuple(trace["obligations"]),
        max_lease_minutes=trace["max_lease_minutes"],
    )


def purpose_named(actor: Actor, key: int) -> Any:
    """The purpose with its name, as far as the reader may see it.  One query."""
    return purposes(actor).prefetch_related(None).filter(pk=key).first()


def asset_names(detail: RequestDetail) -> dict[str, str]:
    """By id, for the sentences of reasons."""
    return {str(item.asset.uid): item.asset.name for item in detail.revision.items.all()}


def _rule(finding: Mapping[str, Any]) -> RuleSeen:
    return RuleSeen(
        rule=finding["rule"],
        type=finding["type"],
        status=finding["status"],
        effect=finding["effect"],
        articles=tuple(finding["articles"]),
        reasons=reasons_in({"findings": [finding]}),
        unknown=tuple((each["fact"], each["counted_as"]) for each in finding["unknown"]),
        max_lease_minutes=finding["max_lease_minutes"],
    )


def _class(rank: int | None, names: Mapping[int, str]) -> Word:
    """As it was called then: its code was kept, not its label."""
    if rank is None:
        return class_word(None)
    return ranked_word(names.get(rank, str(rank)).replace("_", " ").capitalize(), rank)


def _day(told: str | None) -> date | str | None:
    """A day; what is none, such as that there is no limit, as it stands."""
    return (parse_date(told) or told) if told else None


def _asset(asset: Mapping[str, Any], names: Mapping[int, str]) -> AssetSeen:
    columns = asset["columns"]
    ranks = sorted(
        {column["class_rank"] for column in columns}, key=lambda rank: -1 if rank is None else rank
    )
    return AssetSeen(
        uid=asset["uid"],
        kind=asset["kind"],
        version=asset["version"],
        groups=tuple(
            (_class(rank, names), tuple(c["name"] for c in columns if c["class_rank"] == rank))
            for rank in reversed(ranks)
        ),
        categories=tuple(Counter(code for c in columns for code in c["categories"]).most_common()),
        identifiability=tuple(sorted({c["identifiability"] for c in columns if c["identifiability"]})),
        is_confirmed=all(column["is_confirmed"] for column in columns),
        special_kinds=tuple(sorted({kind for c in columns for kind in c["special_kinds"]})),
        original_basis=asset["original_basis"],
        retention_ends_on=_day(asset["retention_ends_on"]),
        activities=tuple(asset["activities"]),
    )


BEGINNING = frozenset({RequestState.AWAITING_CONDITIONS, RequestState.APPROVED})
"""Access was approved, and may wait for a word before it begins."""


def ticket_context(detail: RequestDetail, *, may_ask: bool) -> dict[str, Any]:
    """What ticket systems said, and for whom there is a way to have them asked again."""
    checks = list(ticket_checks_on(detail.request)) if detail.revision.ticket else []
    is_unsettled = any(check.standing != TicketStanding.OPEN or check.is_pending for check in checks)
    is_open = detail.request.state in {RequestState.IN_REVIEW, *BEGINNING}
    return {"checks": checks, "ask_again": detail.uid if may_ask and is_open and is_unsettled else None}

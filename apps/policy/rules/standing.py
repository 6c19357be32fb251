"""A21, A37 and A39: legal holds, what people undertook and learnt, and breaches that are open."""

from __future__ import annotations

from datetime import date, timedelta

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import AssetFacts
from apps.policy.law_words import BreachRisk
from apps.policy.reason import declare
from apps.policy.rules.case import Case, Said, start_of
from apps.policy.rules.rule import EITHER, Number, Rule

HELD_FOR_CLAIMS_ONLY = declare(
    "HELD_FOR_CLAIMS_ONLY",
    "%(asset)s is past its retention and kept by a legal hold: it is there for legal claims only.",
    "Ask for another version; only a purpose of legal claims opens this one.",
)
HOLD_UNKNOWN = declare(
    "HOLD_UNKNOWN",
    "%(asset)s is past its retention, and whether a legal hold keeps it, and until when, is not recorded.",
    "Record the legal hold and its review, or have the version deleted.",
)
UNDERTAKING_MISSING = declare(
    "UNDERTAKING_MISSING",
    "The %(party)s has not lately, or not on record: %(missing)s.",
    "Sign the undertaking of confidentiality, or take the training; both are renewed within %(days)s days.",
)
BREACH_OPEN = declare(
    "BREACH_OPEN",
    "A breach of high risk is open on %(asset)s.",
    "Wait until it is closed, or ask those who handle it.",
)
BREACH_UNKNOWN = declare(
    "BREACH_UNKNOWN",
    "Whether a breach is open on %(asset)s is not known, or its risk is not assessed.",
    "Have the risk of the breach assessed.",
)


def _is_past_retention(case: Case, asset: AssetFacts) -> bool:
    until = asset.retention_ends_on
    return isinstance(until, date) and start_of(until) <= case.facts.now


def held(case: Case) -> Finding:
    """A21. The exemption for legal claims takes the retention limit of A20 away; the hold's review limits."""
    said = Said(case)
    for asset in case.personal_assets:
        if not _is_past_retention(case, asset):
            continue
        hold = asset.hold
        if hold is None or hold.is_held is None:
            said.not_known(f"assets.{asset.uid}.hold.is_held", "not held")
            said.object(Effect.BLOCK, HOLD_UNKNOWN, asset=asset.uid)
        elif hold.is_held and case.facts.purpose.is_for_legal_claims is not True:
            if case.facts.purpose.is_for_legal_claims is None:
                said.not_known("purpose.is_for_legal_claims", "no")
            said.object(Effect.DENY, HELD_FOR_CLAIMS_ONLY, asset=asset.uid)
        elif hold.is_held:
            said.ends(hold.review_on, "legal_hold_review", asset.uid, HOLD_UNKNOWN, asset=asset.uid)
    return case.answered(said)


def undertaken(case: Case) -> Finding:
    """A37. Not asked where the data were never about people (A00)."""
    said = Said(case)
    days = case.number("days")
    for name in ("requester", "subject"):
        party = getattr(case.facts, name)
        missing = []
        for fact in ("undertaking_on", "trained_on"):
            on = getattr(party, fact)
            if on is None:
                said.not_known(f"{name}.{fact}", "never")
            if on is None or case.facts.now - start_of(on) > timedelta(days=days):
                missing.append(fact)
        if missing:
            said.object(Effect.BLOCK, UNDERTAKING_MISSING, party=name, missing=tuple(missing), days=days)
    return case.answered(said)


def breached(case: Case) -> Finding:
    """A39. Runs under every exemption: what leaked may be more than was thought."""
    said = Said(case)
    for asset in case.facts.assets:
        if asset.open_breach is None:
            said.not_known(f"assets.{asset.uid}.open_breach", BreachRisk.HIGH.value)
            said.object(Effect.BLOCK, BREACH_UNKNOWN, asset=asset.uid)
        elif asset.open_breach is BreachRisk.HIGH:
            said.object(Effect.BLOCK, BREACH_OPEN, asset=asset.uid)
    return case.answered(said)


RULES = (
    Rule(
        id="A21",
        type=RuleType.LAW,
        articles=("GDPR Art. 5(1)(e)", "GDPR Art. 17(3)(e)", "GDPR Art. 18"),
        evaluate=held,
        exempted_by=EITHER,
    ),
    Rule(
        id="A37",
        type=RuleType.POLICY,
        articles=("GDPR Art. 29", "GDPR Art. 32(4)", "GDPR Art. 39(1)(b)"),
        evaluate=undertaken,
        parameters={"days": Number(minimum=30, maximum=1095)},
        defaults={"days": 366},
        exempted_by=frozenset({"A00"}),
    ),
    Rule(
        id="A39",
        type=RuleType.POLICY,
        articles=("GDPR Art. 32", "GDPR Art. 33"),
        evaluate=breached,
    ),
)

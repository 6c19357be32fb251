"""A11, A29 and A30: what people agreed to, and what they have taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import (
    Art9Condition,
    AssetFacts,
    ConsentFacts,
    LawfulBasis,
    Obligation,
    ObligationKind,
)
from apps.policy.purposes import permits, rests_on_consent
from apps.policy.reason import declare
from apps.policy.rules.case import Case, Said, names
from apps.policy.rules.rule import EITHER, Number, Rule
from apps.policy.rules.special import is_complete

CONSENT_SCOPE_EXCEEDED = declare(
    "CONSENT_SCOPE_EXCEEDED",
    "The explicit consent that these columns rest on does not cover the purpose: %(columns)s.",
    "Drop the columns, choose a purpose the consent names, or obtain consent for this one.",
)
CONSENT_NOT_EXPLICIT = declare(
    "CONSENT_NOT_EXPLICIT",
    "Special categories need explicit consent, and the consent to %(asset)s is not explicit.",
    "Drop the columns, or obtain explicit consent.",
)
CONSENT_UNKNOWN = declare(
    "CONSENT_UNKNOWN",
    "What the consent to %(asset)s covers is not recorded.",
    "Record the consent basis of the data, with the purposes people agreed to and when it ends.",
)
WITHDRAWALS_STALE = declare(
    "WITHDRAWALS_STALE",
    "The list of those who withdrew consent to %(asset)s was last read more than %(hours)s hours ago.",
    "Have the list of withdrawals synchronised.",
)
WITHDRAWALS_UNKNOWN = declare(
    "WITHDRAWALS_UNKNOWN",
    "When the list of those who withdrew consent to %(asset)s was last read is not known.",
    "Record the consent basis of the data, and connect its register of withdrawals.",
)
ROWS_FILTERED = declare(
    "ROWS_FILTERED",
    "Some rows of %(asset)s must not be read; they are left out.",
    "Nothing to do.",
)
ROWS_NOT_EXCLUDED = declare(
    "ROWS_NOT_EXCLUDED",
    "The version of %(asset)s is older than its list of rows that must not be read.",
    "Ask for the next version, which leaves them out.",
)
ROWS_UNKNOWN = declare(
    "ROWS_UNKNOWN",
    "Whether the version of %(asset)s leaves out the rows that must not be read is not known.",
    "Record the newest list of rows to leave out, and the list the version was made with.",
)


def _relies_on_explicit_consent(case: Case) -> bool:
    """Is consent the only complete condition that the purpose names?"""
    purpose = case.facts.purpose
    complete = {item for item in purpose.art9_conditions if is_complete(purpose, item)}
    return complete == {Art9Condition.EXPLICIT_CONSENT}


def _covers(case: Case, asset: AssetFacts, consent: ConsentFacts) -> bool:
    """Literally, or below a research area that the consent itself names (rec. 33)."""
    scope, code = consent.scope or frozenset(), case.facts.purpose.code
    return code in scope or permits(scope & {asset.research_area or ""}, code, case.facts.purpose_parents)


def consented_explicitly(case: Case) -> Finding:
    """A11."""
    said = Said(case)
    if not case.special_columns or not _relies_on_explicit_consent(case):
        return case.clear()
    for asset in case.facts.assets:
        columns = names((asset, column) for column in asset.columns if column.special_kinds)
        consent = asset.consent
        if not columns:
            continue
        if consent is None or consent.scope is None or consent.is_explicit is None:
            said.not_known(f"assets.{asset.uid}.consent", "none")
            said.object(Effect.BLOCK, CONSENT_UNKNOWN, asset=asset.uid)
        if consent is None:
            continue
        if consent.is_explicit is False:
            said.object(Effect.DENY, CONSENT_NOT_EXPLICIT, asset=asset.uid, columns=columns)
        if consent.scope is not None and not _covers(case, asset, consent):
            said.object(Effect.DENY, CONSENT_SCOPE_EXCEEDED, columns=columns)
    return case.answered(said)


def _on_consent(case: Case) -> Iterator[AssetFacts]:
    for asset in case.personal_assets:
        if rests_on_consent(asset) or case.facts.purpose.lawful_basis is LawfulBasis.CONSENT:
            yield asset


def withdrawals_read(case: Case) -> Finding:
    """A29. Withdrawing is as easy as giving (Art. 7(3)) only where the list is read; its end limits too."""
    said = Said(case)
    hours = case.number("hours")
    for asset in _on_consent(case):
        consent = asset.consent
        if consent is None or consent.withdrawals_synced_at is None:
            said.not_known(f"assets.{asset.uid}.consent.withdrawals_synced_at", "never")
            said.object(Effect.BLOCK, WITHDRAWALS_UNKNOWN, asset=asset.uid)
        elif case.facts.now - consent.withdrawals_synced_at > timedelta(hours=hours):
            said.object(Effect.BLOCK, WITHDRAWALS_STALE, asset=asset.uid, hours=hours)
        if consent is not None:
            said.ends(consent.ends_on, "consent_end", consent.ref, CONSENT_UNKNOWN, asset=asset.uid)
    return case.answered(said)


def rows_left_out(case: Case) -> Finding:
    """A30. Restriction and objection bind at once; an old version still holds what was taken back."""
    said = Said(case)
    filtered: list[Obligation] = []
    for asset in case.personal_assets:
        rows = asset.rows
        if rows is not None and rows.flags is not None and not rows.flags:
            continue
        filtered.append(Obligation(kind=ObligationKind.ROW_FILTER, value=asset.uid))
        if rows is None or rows.flags is None:
            said.not_known(f"assets.{asset.uid}.rows.flags", "some")
        if rows is None or rows.list_version is None or rows.applied_version is None:
            said.not_known(f"assets.{asset.uid}.rows.applied_version", "older than the list")
            said.object(Effect.BLOCK, ROWS_UNKNOWN, asset=asset.uid)
        elif rows.applied_version < rows.list_version:
            said.object(Effect.DENY, ROWS_NOT_EXCLUDED, asset=asset.uid)
        else:
            said.object(None, ROWS_FILTERED, asset=asset.uid)
    return case.answered(said, obligations=frozenset(filtered))


RULES = (
    Rule(
        id="A11",
        type=RuleType.LAW,
        articles=("GDPR Art. 9(2)(a)", "GDPR Art. 7"),
        evaluate=consented_explicitly,
        exempted_by=EITHER,
    ),
    Rule(
        id="A29",
        type=RuleType.POLICY,
        articles=("GDPR Art. 7(3)",),
        evaluate=withdrawals_read,
        parameters={"hours": Number(minimum=1, maximum=168)},
        defaults={"hours": 24},
        exempted_by=EITHER,
    ),
    Rule(
        id="A30",
        type=RuleType.LAW,
        articles=("GDPR Art. 7(3)", "GDPR Art. 17", "GDPR Art. 18", "GDPR Art. 21"),
        evaluate=rows_left_out,
        exempted_by=EITHER,
    ),
)

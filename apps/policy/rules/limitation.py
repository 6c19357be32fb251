"""A04 to A09: purpose limitation. What was collected for one purpose is used for another only with reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from apps.policy.decision import Effect, Finding, RuleType, Unknown
from apps.policy.facts import (
    AssetFacts,
    CompatibilityFacts,
    LawfulBasis,
    Outcome,
    Presumption,
)
from apps.policy.purposes import gap, rests_on_consent
from apps.policy.reason import declare
from apps.policy.rules.case import Case
from apps.policy.rules.rule import EITHER, Rule

PURPOSE_PERMITTED = declare(
    "PURPOSE_PERMITTED", "The purpose is permitted for every requested column.", "Nothing to do."
)
ASSESSED_COMPATIBLE = declare(
    "ASSESSED_COMPATIBLE",
    "An approved assessment finds the purpose compatible with the original one: %(assessments)s.",
    "Keep to the conditions of the assessment.",
)
CONSENT_DOES_NOT_COVER = declare(
    "CONSENT_DOES_NOT_COVER",
    "These columns were collected on consent for another purpose, or on an unknown basis: %(columns)s.",
    "Obtain new consent, name the law that allows it, record the research presumption with its safeguards, "
    "or drop the columns.",
)
ASSESSMENT_MISSING = declare(
    "ASSESSMENT_MISSING",
    "No approved assessment finds the purpose compatible for columns that do not permit it: %(columns)s.",
    "Ask the compliance officer for an assessment, choose a permitted purpose, or drop the columns.",
)
SAFEGUARDS_MISSING = declare(
    "SAFEGUARDS_MISSING",
    "The purpose invokes the presumption for archiving, research or statistics without its safeguards.",
    "Record the safeguards, for example pseudonymisation, or record that the presumption is not invoked.",
)
ASSESSED_INCOMPATIBLE = declare(
    "ASSESSED_INCOMPATIBLE",
    "An assessment finds the purpose incompatible with the original one: %(assessments)s.",
    "Choose another purpose; a new assessment replaces this one when the facts have changed.",
)
ASSESSMENT_UNCLEAR = declare(
    "ASSESSMENT_UNCLEAR",
    "An assessment of this purpose may find it incompatible, but its record is incomplete: %(assessments)s.",
    "Complete the assessment and the original purpose of the data.",
)

_COMPATIBLE = (Outcome.COMPATIBLE, Outcome.COMPATIBLE_WITH_CONDITIONS)


def _gaps(case: Case) -> Iterator[tuple[AssetFacts, tuple[str, ...]]]:
    for asset in case.facts.assets:
        open_columns = gap(asset, case.facts.purpose.code, case.facts.purpose_parents)
        if open_columns:
            yield asset, tuple(f"{asset.uid}/{column.name}" for column in open_columns)


def _about(case: Case, asset: AssetFacts) -> list[CompatibilityFacts]:
    """Assessments of this asset and purpose; an unknown original purpose may be the one assessed."""
    return [
        item
        for item in case.facts.assessments
        if asset.uid in item.asset_uids
        and item.new_purpose_uid == case.facts.purpose.uid
        and asset.original_purpose in (item.original_purpose, None)
    ]


def _compatible(case: Case, asset: AssetFacts) -> list[CompatibilityFacts]:
    return [
        item
        for item in _about(case, asset)
        if item.is_approved is True and item.outcome in _COMPATIBLE and asset.original_purpose is not None
    ]


def _label(item: CompatibilityFacts) -> str:
    return f"{item.ref} v{item.version}"


def _rests_on_new_consent_or_law(case: Case) -> bool:
    """GDPR Art. 6(4) asks for no assessment then; the law must be of the Art. 23(1) kind."""
    purpose = case.facts.purpose
    if purpose.has_legal_ground is not True:
        return False
    if purpose.lawful_basis is LawfulBasis.CONSENT:
        return True
    by_law = (LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.PUBLIC_TASK)
    return purpose.lawful_basis in by_law and purpose.is_art23_law is True


def _is_presumed(case: Case) -> bool:
    """GDPR Art. 5(1)(b) with the safeguards of Art. 89(1). An unknown presumption is none."""
    purpose = case.facts.purpose
    return purpose.presumption not in (Presumption.NONE, None) and bool(purpose.art89_safeguards)


def permitted(case: Case) -> Finding:
    """A04. Every requested column must permit the purpose: the intersection, never the sum."""
    gaps = tuple(name for _, columns in _gaps(case) for name in columns)
    if gaps:
        return case.clear(facts={"columns": gaps, "purpose": case.facts.purpose.code}, columns=gaps)
    return case.matched(case.reason(PURPOSE_PERMITTED), facts={"purpose": case.facts.purpose.code})


def compatible(case: Case) -> Finding:
    """A05. Conditions are carried from every assessment that may apply, even one not yet complete."""
    gaps = [asset for asset, _ in _gaps(case)]
    conditions = frozenset(
        condition
        for asset in gaps
        for item in _about(case, asset)
        if item.is_approved is not False
        for condition in item.conditions
    )
    refs = tuple(sorted({_label(item) for asset in gaps for item in _compatible(case, asset)}))
    if not refs:
        return case.clear(obligations=conditions)
    return case.matched(case.reason(ASSESSED_COMPATIBLE, assessments=refs), obligations=conditions)


def consented(case: Case) -> Finding:
    """A06. An assessment does not help here: consent is not stretched by weighing."""
    gaps = [(asset, columns) for asset, columns in _gaps(case) if rests_on_consent(asset)]
    if not gaps or _rests_on_new_consent_or_law(case) or _is_presumed(case):
        return case.clear()
    columns = tuple(name for _, names in gaps for name in names)
    unknown = tuple(
        Unknown(fact=f"assets.{asset.uid}.original_basis", counted_as="consent")
        for asset, _ in gaps
        if asset.original_basis is None
    )
    reason = case.reason(CONSENT_DOES_NOT_COVER, columns=columns)
    return case.matched(reason, effect=Effect.BLOCK, columns=columns, unknown=unknown)


def assessed(case: Case) -> Finding:
    """A07. Any approved assessment ends this rule; A05 and A09 say what it means."""
    if _rests_on_new_consent_or_law(case) or _is_presumed(case):
        return case.clear()
    gaps = [
        (asset, columns)
        for asset, columns in _gaps(case)
        if not _compatible(case, asset) and not _incompatible(case, asset)
    ]
    if not gaps:
        return case.clear()
    columns = tuple(name for _, names in gaps for name in names)
    unknown = tuple(
        Unknown(fact=f"assets.{asset.uid}.original_purpose", counted_as="not assessed")
        for asset, _ in gaps
        if asset.original_purpose is None
    )
    unapproved = tuple(
        Unknown(fact=f"assessments.{_label(item)}.is_approved", counted_as="not approved")
        for asset, _ in gaps
        for item in _about(case, asset)
        if item.is_approved is None
    )
    reason = case.reason(ASSESSMENT_MISSING, columns=columns)
    return case.matched(reason, effect=Effect.BLOCK, columns=columns, unknown=(*unknown, *unapproved))


def safeguarded(case: Case) -> Finding:
    """A08. The purpose states whether it invokes the presumption; not stating it counts as invoking it."""
    purpose = case.facts.purpose
    looked_at = {
        "presumption": purpose.presumption,
        "art89_safeguards": tuple(sorted(purpose.art89_safeguards)),
    }
    if purpose.presumption is Presumption.NONE or purpose.art89_safeguards:
        return case.clear(facts=looked_at)
    unknown = (Unknown(fact="purpose.presumption", counted_as="invoked"),)
    return case.matched(
        case.reason(SAFEGUARDS_MISSING, field="purpose"),
        effect=Effect.BLOCK,
        facts=looked_at,
        unknown=unknown if purpose.presumption is None else (),
    )


def _incompatible(case: Case, asset: AssetFacts) -> list[CompatibilityFacts]:
    return [
        item
        for item in _about(case, asset)
        if item.is_approved is not False and item.outcome in (Outcome.INCOMPATIBLE, None)
    ]


def not_incompatible(case: Case) -> Finding:
    """A09. A recorded incompatibility denies until another assessment replaces it.

    It stands also where the purpose is permitted or has a new basis: two records then contradict each other,
    and the stricter counts. Where the record is incomplete the answer is to wait for it.
    """
    certain: set[str] = set()
    unclear: set[str] = set()
    for asset in case.facts.assets:
        for item in _incompatible(case, asset):
            stated = (item.outcome, item.is_approved, asset.original_purpose)
            (unclear if None in stated else certain).add(_label(item))
    if certain:
        reason = case.reason(ASSESSED_INCOMPATIBLE, assessments=tuple(sorted(certain)))
        return case.matched(reason, effect=Effect.DENY)
    if unclear:
        reason = case.reason(ASSESSMENT_UNCLEAR, assessments=tuple(sorted(unclear)))
        unknown = tuple(
            Unknown(fact=f"assessments.{ref}", counted_as="incompatible") for ref in sorted(unclear)
        )
        return case.matched(reason, effect=Effect.BLOCK, unknown=unknown)
    return case.clear()


def _rule(id: str, type: RuleType, evaluate: Callable[[Case], Finding], *articles: str) -> Rule:
    return Rule(id=id, type=type, articles=articles, evaluate=evaluate, exempted_by=EITHER)


RULES = (
    _rule("A04", RuleType.LAW, permitted, "GDPR Art. 5(1)(b)"),
    _rule("A05", RuleType.LAW, compatible, "GDPR Art. 6(4)"),
    _rule("A06", RuleType.LAW, consented, "GDPR Art. 6(4)", "GDPR Art. 7", "GDPR Art. 5(1)(b)"),
    _rule("A07", RuleType.LAW, assessed, "GDPR Art. 6(4)"),
    _rule("A08", RuleType.LAW, safeguarded, "GDPR Art. 5(1)(b)", "GDPR Art. 89(1)"),
    _rule("A09", RuleType.LAW, not_incompatible, "GDPR Art. 5(1)(b)"),
)

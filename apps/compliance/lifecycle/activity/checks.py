"""What an activity lacks, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from apps.compliance.lifecycle.activity import article30, bound, protection
from apps.compliance.lifecycle.activity.content import ActivityContent
from apps.compliance.lifecycle.activity.covered import Covered
from apps.compliance.lifecycle.activity.particulars import SpecialCategory
from apps.compliance.lifecycle.declaration import found
from apps.compliance.lifecycle.evidence import exchangeable
from apps.compliance.lifecycle.purpose import IDENTIFYING
from apps.policy.reason import Reason, declare
from apps.policy.vocabulary import LawfulBasis

RECIPIENTS_UNCONFIRMED = declare(
    "ACTIVITY_RECIPIENTS_UNCONFIRMED",
    "No recipient is named, and nobody has confirmed that there is none.",
    "Name the recipients, or confirm that there are none.",
)
RECIPIENTS_CONTRADICTED = declare(
    "ACTIVITY_RECIPIENTS_CONTRADICTED",
    "Recipients are named, and at the same time it is confirmed that there are none.",
    "Take back the confirmation, or the recipients.",
)
TRANSFERS_UNCONFIRMED = declare(
    "ACTIVITY_TRANSFERS_UNCONFIRMED",
    "No transfer to a third country is named, and nobody has confirmed that there is none.",
    "Name the transfers, or confirm that there are none.",
)
TRANSFERS_CONTRADICTED = declare(
    "ACTIVITY_TRANSFERS_CONTRADICTED",
    "Transfers are named, and at the same time it is confirmed that there are none.",
    "Take back the confirmation, or the transfers.",
)
REMEDY_UNOWNED = declare(
    "ACTIVITY_REMEDY_UNOWNED",
    "It takes place already, something is missing, and nobody answers for putting it right.",
    "Name who puts it right; it is recorded as it is, and stays blocked until then.",
)
REMEDY_UNDATED = declare(
    "ACTIVITY_REMEDY_UNDATED",
    "It takes place already, something is missing, and no day is set by which it is put right.",
    "Name the day.",
)
REMEDY_LATE = declare(
    "ACTIVITY_REMEDY_LATE",
    "The day by which it would be put right, %(due)s, is over.",
    "Name a day that is still to come.",
)
PURPOSES_MISSING = declare(
    "ACTIVITY_PURPOSES_MISSING", "The activity has no purpose.", "Name at least one purpose."
)
PURPOSE_UNAPPROVED = declare(
    "ACTIVITY_PURPOSE_UNAPPROVED",
    "The purpose %(purpose)s is not approved.",
    "Have the purpose approved, or take it out.",
)
PURPOSE_WITHOUT_BASIS = declare(
    "ACTIVITY_PURPOSE_WITHOUT_BASIS",
    "The purpose %(purpose)s names no lawful basis, and the data are about people.",
    "Choose exactly one basis for the purpose, or take it out.",
)
GROUND_GONE = declare(
    "ACTIVITY_PURPOSE_GROUND_GONE",
    "What the lawful basis of %(purpose)s rests on does not carry it.",
    "Have the assessment or the consent that the purpose names approved anew, or take the purpose out.",
)
ART9_MISSING = declare(
    "ACTIVITY_ART9_MISSING",
    "The assets hold special categories (%(special_kinds)s); %(purpose)s has no condition for them.",
    "Name a condition of Art. 9(2) in the purpose, or keep these assets or this purpose apart.",
)
ART9_ALONE = declare(
    "ACTIVITY_ART9_ALONE",
    "The assets hold special categories; %(purpose)s has a condition for them and no lawful basis.",
    "Choose a basis of Art. 6(1) in the purpose: a condition of Art. 9(2) never stands alone.",
)
ART10_MISSING = declare(
    "ACTIVITY_ART10_MISSING",
    "The assets hold data on offences; %(purpose)s has no authority for them.",
    "Name the authority of Art. 10 in the purpose, or keep these assets or this purpose apart.",
)
ASSETS_MISSING = declare(
    "ACTIVITY_ASSETS_MISSING", "The activity covers no asset.", "Name the assets whose data are processed."
)


def faults(content: ActivityContent, covered: Covered) -> tuple[Reason, ...]:
    """What makes the description untrue or unreadable: nobody may approve it, running or not (V-01 [E], and
    V-23)."""
    return (
        *_unconfirmed(content),
        *article30.faults(content, covered),
        *exchangeable(content.particulars.evidence, "particulars.evidence"),
        *_without_remedy(content, covered),
    )


def gaps(content: ActivityContent, covered: Covered) -> tuple[Reason, ...]:
    """What keeps the processing from being lawful ([C]): planned processing is not approved with it, and
    running processing is approved as described, with its clearance blocked."""
    return (
        *article30.gaps(content, covered),
        *bound.gaps(content, covered),
        *protection.gaps(content, covered),
        *_in_the_purposes(content, covered),
    )


def warnings(content: ActivityContent, covered: Covered) -> tuple[Reason, ...]:
    """What a reviewer should look at ([W])."""
    return (*article30.warnings(content, covered), *protection.warnings(content, covered))


def _without_remedy(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    """What takes place although something is missing is recorded as it is, with who puts it right by when."""
    if not content.is_running or not gaps(content, covered):
        return
    said = content.particulars
    if not said.remedy_owner.strip():
        yield found(REMEDY_UNOWNED, "particulars.remedy_owner", "V-01", "GDPR Art. 24(1)")
    if said.remedy_due is None:
        yield found(REMEDY_UNDATED, "particulars.remedy_due", "V-01", "GDPR Art. 24(1)")
    elif said.remedy_due < covered.today:
        due = said.remedy_due.isoformat()
        yield found(REMEDY_LATE, "particulars.remedy_due", "V-01", "GDPR Art. 24(1)", due=due)


def _unconfirmed(content: ActivityContent) -> Iterator[Reason]:
    has_transfers = bool(content.transfers or content.particulars.transfer_records)
    if not content.recipients and not content.no_recipients_confirmed:
        yield found(RECIPIENTS_UNCONFIRMED, "recipients", "V-01", "GDPR Art. 30(1)(d)")
    if content.recipients and content.no_recipients_confirmed:
        yield found(RECIPIENTS_CONTRADICTED, "recipients", "V-01", "GDPR Art. 30(1)(d)")
    if not has_transfers and not content.no_transfers_confirmed:
        yield found(TRANSFERS_UNCONFIRMED, "transfers", "V-01", "GDPR Art. 30(1)(e)")
    if has_transfers and content.no_transfers_confirmed:
        yield found(TRANSFERS_CONTRADICTED, "transfers", "V-01", "GDPR Art. 30(1)(e)")
    if not content.purpose_ids:
        yield found(PURPOSES_MISSING, "purpose_ids", "V-02", "GDPR Art. 30(1)(b)")
    if not content.asset_ids:
        yield found(ASSETS_MISSING, "asset_ids", "V-01", "GDPR Art. 30")


BIOMETRIC_USE_UNSTATED = declare(
    "ACTIVITY_BIOMETRIC_USE_UNSTATED",
    "Faces, voices or other traits of a body are among the data, and %(purpose)s does not say what for.",
    "Say in the purpose whether they are used to verify or to identify who somebody is, or not at all.",
)


def _in_the_purposes(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    declared = {row.special_kind for row in content.particulars.personal_data if row.special_kind}
    is_criminal = covered.is_criminal or SpecialCategory.CRIMINAL in declared
    said = covered.special_kinds | {kind.value for kind in declared - {SpecialCategory.CRIMINAL}}
    for purpose in covered.purposes:
        named = {"purpose": purpose.ref}
        is_identifying = covered.has_traits and purpose.biometric_use in IDENTIFYING
        special = said | {SpecialCategory.BIOMETRIC.value} if is_identifying else said
        kinds = ", ".join(sorted(special))
        if not purpose.is_approved:
            yield found(PURPOSE_UNAPPROVED, "purpose_ids", "V-02", "GDPR Art. 30(1)(b)", **named)
            continue
        if covered.is_personal and not purpose.has_basis:
            yield found(PURPOSE_WITHOUT_BASIS, "purpose_ids", "V-02", "GDPR Art. 6(1)", **named)
        if covered.is_personal and not purpose.has_ground:
            rule, article = _GROUNDS.get(purpose.basis, ("V-09", "GDPR Art. 6(3)"))
            yield found(GROUND_GONE, "purpose_ids", rule, article, **named)
        if covered.has_traits and purpose.biometric_use is None:
            yield found(BIOMETRIC_USE_UNSTATED, "purpose_ids", "V-03", "GDPR Art. 4(14)", **named)
        if special and not purpose.has_art9_condition:
            law = ("GDPR Art. 9(1)", "GDPR Art. 9(2)")
            yield found(ART9_MISSING, "purpose_ids", "V-03", *law, special_kinds=kinds, **named)
        if special and purpose.has_art9_condition and not purpose.has_basis:
            yield found(ART9_ALONE, "purpose_ids", "V-05", "GDPR Art. 6(1)", "GDPR Art. 9(2)", **named)
        if is_criminal and not purpose.has_art10_authority:
            yield found(ART10_MISSING, "purpose_ids", "V-06", "GDPR Art. 10", **named)


_GROUNDS: dict[LawfulBasis | None, tuple[str, str]] = {
    LawfulBasis.CONSENT: ("V-10", "GDPR Art. 6(1)(a)"),
    LawfulBasis.CONTRACT: ("V-02", "GDPR Art. 6(1)(b)"),
    LawfulBasis.VITAL_INTERESTS: ("V-02", "GDPR Art. 6(1)(d)"),
    LawfulBasis.LEGITIMATE_INTERESTS: ("V-07", "GDPR Art. 6(1)(f)"),
}

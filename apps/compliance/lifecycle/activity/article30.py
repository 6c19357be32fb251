"""V-01: each element of Art. 30(1)(a)-(g), or of Art. 30(2) where the organization is a processor."""

from __future__ import annotations

from collections.abc import Iterator

from apps.compliance.lifecycle.activity.content import ActivityContent, Role
from apps.compliance.lifecycle.activity.covered import Covered
from apps.compliance.lifecycle.declaration import found
from apps.policy.packs import ALL_PACKS, law_on
from apps.policy.reason import Reason, declare

CONTACT_MISSING = declare(
    "ACTIVITY_CONTACT_MISSING",
    "Nothing says how %(controller)s is reached.",
    "Add its address and contact on the page of the organization; they stand in every record then.",
)
REPRESENTATIVE_MISSING = declare(
    "ACTIVITY_REPRESENTATIVE_MISSING",
    "%(controller)s sits outside the European Economic Area, and no representative in the Union is named.",
    "Name the representative, or say for certain that there is none.",
)
REPRESENTATIVE_CONTRADICTED = declare(
    "ACTIVITY_REPRESENTATIVE_CONTRADICTED",
    "A representative is named, and at the same time it is said that there is none.",
    "Take back one of the two.",
)
DPO_MISSING = declare(
    "ACTIVITY_DPO_MISSING",
    "No data protection officer is named, and nobody has said that there is none.",
    "Name the data protection officer with a contact, or say for certain that none is designated.",
)
DPO_CONTRADICTED = declare(
    "ACTIVITY_DPO_CONTRADICTED",
    "A data protection officer is named, and at the same time it is said that there is none.",
    "Take back one of the two.",
)
JOINT_MISSING = declare(
    "ACTIVITY_JOINT_MISSING",
    "The organization is a joint controller, and the others are not named.",
    "Choose the records of those who decide together with the organization.",
)
DATA_MISSING = declare(
    "ACTIVITY_DATA_MISSING",
    "Nothing says which kinds of personal data these are.",
    "Fill in a row for each kind of data.",
)
CATEGORY_MISSING = declare(
    "ACTIVITY_CATEGORY_MISSING",
    "Row %(row)s of the kinds of data does not say what kind it is.",
    "Choose the kind of data, or empty the row.",
)
CATEGORY_ODD = declare(
    "ACTIVITY_CATEGORY_ODD",
    "«%(category)s» is no kind of data, or it is no longer in use.",
    "Choose one of the kinds of data in use.",
)
TIME_LIMITS_MISSING = declare(
    "ACTIVITY_TIME_LIMITS_MISSING",
    "Nothing says how long these data are kept: %(categories)s.",
    "Choose the retention schedule of each kind of data, or say why no time limit can be named.",
)
PLACES_MISSING = declare(
    "ACTIVITY_PLACES_MISSING",
    "Nothing says in which countries the data are kept and worked with.",
    "Name the countries, also those of service providers.",
)
MEASURES_MISSING = declare(
    "ACTIVITY_MEASURES_MISSING",
    "No security measure is named, and nothing says why none can be described.",
    "Name at least one measure, or say why they cannot be described.",
)
SUBJECTS_MISSING = declare(
    "ACTIVITY_SUBJECTS_MISSING",
    "Nothing says whose data these are.",
    "Name the categories of data subjects.",
)
ON_BEHALF_MISSING = declare(
    "ACTIVITY_ON_BEHALF_MISSING",
    "The organization is a processor, and nothing says on whose behalf.",
    "Fill in a row for each controller it works for, and choose the record of that party.",
)
ON_BEHALF_UNNAMED = declare(
    "ACTIVITY_ON_BEHALF_UNNAMED",
    "Row %(row)s of those it works for names no controller.",
    "Choose the record of the controller, or empty the row.",
)
WORK_MISSING = declare(
    "ACTIVITY_WORK_MISSING",
    "Row %(row)s of those it works for does not say what is done.",
    "Say in a few words what is done on behalf of this controller.",
)
FUNCTION_UNSTATED = declare(
    "ACTIVITY_FUNCTION_UNSTATED",
    "Nothing says to which business function it belongs.",
    "Name the department or task: personnel, sales, research.",
)
SCALE_UNSTATED = declare(
    "ACTIVITY_SCALE_UNSTATED",
    "Nothing says how many people the data are about.",
    "A rough number is enough; large scale counts when it is asked whether an impact assessment is needed.",
)
SPECIAL_UNDECLARED = declare(
    "ACTIVITY_SPECIAL_UNDECLARED",
    "The assets hold special categories that no row of the kinds of data names: %(special_kinds)s.",
    "Add a row for them, so that the record says what is used.",
)

P = "particulars."


def faults(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    """What cannot be true as it stands, and terms that are none (V-23)."""
    said = content.particulars
    if said.dpo.strip() and said.has_no_dpo:
        yield found(DPO_CONTRADICTED, f"{P}has_no_dpo", "V-01", "GDPR Art. 30(1)(a)")
    if said.representative.strip() and said.has_no_representative:
        yield found(REPRESENTATIVE_CONTRADICTED, f"{P}has_no_representative", "V-01", "GDPR Art. 30(1)(a)")
    for number, row in enumerate(said.personal_data):
        at = f"{P}personal_data.{number}.category"
        if not row.category:
            yield found(CATEGORY_MISSING, at, "V-01", "GDPR Art. 30(1)(c)", row=number + 1)
        elif row.category in covered.odd_categories:
            yield found(CATEGORY_ODD, at, "V-23", "GDPR Art. 30(1)(c)", category=row.category)


def gaps(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    said = content.particulars
    if not content.security_measures and not said.no_measures_reason.strip():
        yield found(MEASURES_MISSING, "security_measures", "V-01", "GDPR Art. 30(1)(g)", "GDPR Art. 32(1)")
    if not covered.is_personal:
        return
    yield from _answerable(content, covered)
    if not said.places:
        yield found(PLACES_MISSING, f"{P}places", "V-01", "GDPR Art. 30(1)(e)", "GDPR Art. 44")
    if content.role is Role.PROCESSOR:
        yield from _on_behalf(content)
        return
    if not content.data_subject_categories:
        yield found(SUBJECTS_MISSING, "data_subject_categories", "V-01", "GDPR Art. 30(1)(c)")
    if not said.personal_data:
        yield found(DATA_MISSING, f"{P}personal_data", "V-01", "GDPR Art. 30(1)(c)")
    endless = tuple(row.category for row in said.personal_data if row.retention is None)
    if endless and not said.no_time_limits_reason.strip():
        yield found(
            TIME_LIMITS_MISSING, f"{P}personal_data", "V-01", "GDPR Art. 30(1)(f)", categories=endless
        )


def warnings(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    said = content.particulars
    if not covered.is_personal:
        return
    if not said.business_function.strip():
        yield found(FUNCTION_UNSTATED, f"{P}business_function", "V-01", "GDPR Art. 30(1)")
    if said.subjects_band is None:
        yield found(SCALE_UNSTATED, f"{P}subjects_band", "V-01", "GDPR rec. 91")
    named = {row.special_kind.value for row in said.personal_data if row.special_kind}
    if undeclared := tuple(sorted(covered.special_kinds - named)):
        kinds = ", ".join(undeclared)
        yield found(
            SPECIAL_UNDECLARED, f"{P}personal_data", "V-01", "GDPR Art. 30(1)(c)", special_kinds=kinds
        )


def _answerable(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    """Letter (a): who answers, and how one reaches them."""
    said, named = content.particulars, {"controller": covered.controller}
    if not covered.is_controller_reachable:
        yield found(CONTACT_MISSING, "controller_id", "V-01", "GDPR Art. 30(1)(a)", **named)
    inside = law_on(covered.today, ALL_PACKS).countries("eu-gdpr", "eea") or frozenset()
    if covered.controller_country not in inside and not (
        said.representative.strip() or said.has_no_representative
    ):
        at = f"{P}representative"
        yield found(REPRESENTATIVE_MISSING, at, "V-01", "GDPR Art. 30(1)(a)", "GDPR Art. 27", **named)
    if not said.dpo.strip() and not said.has_no_dpo:
        yield found(DPO_MISSING, f"{P}dpo", "V-01", "GDPR Art. 30(1)(a)", "GDPR Art. 37")
    if content.role is Role.JOINT_CONTROLLER and not said.joint_controllers:
        yield found(JOINT_MISSING, f"{P}joint_controllers", "V-01", "GDPR Art. 30(1)(a)")


def _on_behalf(content: ActivityContent) -> Iterator[Reason]:
    rows = content.particulars.on_behalf
    if not rows:
        yield found(ON_BEHALF_MISSING, f"{P}on_behalf", "V-01", "GDPR Art. 30(2)(a)")
    for number, row in enumerate(rows):
        at = f"{P}on_behalf.{number}."
        if row.controller is None:
            yield found(ON_BEHALF_UNNAMED, f"{at}controller", "V-01", "GDPR Art. 30(2)(a)", row=number + 1)
        if not row.categories.strip():
            yield found(WORK_MISSING, f"{at}categories", "V-01", "GDPR Art. 30(2)(b)", row=number + 1)

"""What a labeling policy must not leave open. AI Act Art. 10, GDPR Art. 9, 28, 32."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from apps.compliance.lifecycle.data_sheets import listed
from apps.compliance.lifecycle.declaration import Around, found
from apps.compliance.lifecycle.evidence import is_hashed
from apps.compliance.lifecycle.labeling.content import (
    LabelingPolicyContent,
    has_vendor,
    is_hard,
    is_preceded,
)
from apps.compliance.lifecycle.labeling.words import AgreementMeasure, LabelTask
from apps.compliance.lifecycle.parties import ContractClause
from apps.policy.reason import Reason, declare

SHARE = re.compile(r"0(?:\.\d{1,4})?|1(?:\.0{1,4})?")
GRADE = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?")
NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
RESEARCH = 0.667
"""K. Krippendorff: below it nothing should be concluded."""
SHARES = (
    "overlap_share",
    "release_agreement",
    "research_agreement",
    "gold_accuracy",
    "coverage",
    "unsure_share",
    "test_score",
    "machine_share",
    "verified_share",
    "redaction_recall",
)

OURS = (
    ("release_agreement", 0.80, False),
    ("gold_accuracy", 0.90, False),
    ("coverage", 0.98, False),
    ("unsure_share", 0.05, True),
    ("redaction_recall", 0.99, False),
)
"""What is asked for where a policy says nothing, and whether it is the most that may be."""
CHECK_OF = {
    "release_agreement": "L04",
    "gold_accuracy": "L07",
    "coverage": "L08",
    "unsure_share": "L08",
    "redaction_recall": "L11",
}

OUT_OF_RANGE = declare(
    "LABELING_SHARE_MALFORMED",
    "«%(given)s» is no share.",
    "Give a number from 0 to 1 with a point, such as 0.85.",
)
TOLERANCE_MALFORMED = declare(
    "LABELING_TOLERANCE_MALFORMED",
    "«%(given)s» is no number from 0 on.",
    "Give a number with a point, in the unit of the labels, such as 0.5.",
)
TOLERANCE_UNFIT = declare(
    "LABELING_TOLERANCE_UNFIT",
    "The labels are no numbers, so none differs from gold by %(given)s.",
    "Leave it empty, or choose a task whose labels are numbers, or grades with numbers for ids.",
)
MEASURE_UNFIT = declare(
    "LABELING_MEASURE_UNFIT",
    "This measure says nothing of what is done here.",
    "Leave it empty, or choose the one that fits: alpha of classes, of grades or of numbers, F1 of"
    " regions, or Dice of areas.",
)
LABELS_FEW = declare(
    "LABELING_LABELS_FEW",
    "The schema has %(count)s labels, and this task needs two at least.",
    "Add the labels that annotators choose from.",
)
LABEL_TWICE = declare(
    "LABELING_LABEL_TWICE", "The label «%(id)s» is there twice.", "Give every label an id of its own."
)
NOTHING_OPEN = declare(
    "LABELING_NOTHING_OPEN",
    "No label leaves it open, so annotators have to guess where they do not know.",
    "Add one such as «unsure» or «other».",
)
TOO_FEW_ANSWERS = declare(
    "LABELING_TOO_FEW_ANSWERS",
    "%(count)s annotations for each item do not tell whether annotators agree; %(needed)s are needed.",
    "Ask for more, from people who do not see each other's answers.",
)
NOT_BLIND = declare(
    "LABELING_NOT_BLIND",
    "Annotators see each other's answers, so that they agree says nothing.",
    "Have them label without seeing what others said.",
)
TERMS_REVERSED = declare(
    "LABELING_TERMS_REVERSED",
    "More agreement is asked for research (%(research)s) than for release (%(release)s).",
    "Ask for more agreement for release.",
)
LAX = declare(
    "LABELING_TERMS_LAX",
    "An agreement of %(given)s is asked for; below %(least)s nothing should be concluded from labels.",
    "Ask for %(least)s or more.",
)
BELOW_OURS = declare(
    "LABELING_TERMS_BELOW_OURS",
    "Here %(given)s will do, where %(ours)s is asked for otherwise.",
    "Ask for as much, or say why this is enough where the record is reviewed.",
)
BELOW_OURS_IN_HIGH_RISK = declare(
    "LABELING_TERMS_BELOW_OURS_IN_HIGH_RISK",
    "For a system of high risk %(given)s will not do: %(ours)s is asked for.",
    "Ask for as much.",
)
NOT_CLEARED = declare(
    "LABELING_ANNOTATORS_NOT_CLEARED",
    "Annotators see the data, and %(field)s is answered with no.",
    "Have it done before anybody labels.",
)
VENDOR_UNBOUND = declare(
    "LABELING_VENDOR_UNBOUND",
    "%(vendor)s has no contract on record that says all that the law asks for.",
    "Record the contract and its clauses with the party, and have that approved.",
)
SENSITIVE_LABELS = declare(
    "LABELING_SENSITIVE_LABELS",
    "The labels %(labels)s make sensitive data, and the purpose %(purpose)s has no condition for such data.",
    "Record the condition with the purpose, or do without these labels.",
)
EXPOSED = declare(
    "LABELING_EXPOSED",
    "What is labeled can harm, and %(field)s does not protect those who look at it.",
    "Let only those do it who agreed, and for fewer hours a day.",
)
VERIFIED_LITTLE = declare(
    "LABELING_VERIFIED_LITTLE",
    "People check less than a tenth of what the model labels.",
    "Have them check more.",
)
GOLD_FEW = declare(
    "LABELING_GOLD_FEW",
    "%(count)s gold items show little: even without an error fewer than fifty leave nine of ten open.",
    "Have experts label more items.",
)
GOLD_SEEN = declare(
    "LABELING_GOLD_SEEN",
    "Annotators know which items are gold, so they take care there.",
    "Hide them among the others.",
)
COUNTRY_MALFORMED = declare(
    "LABELING_COUNTRY_MALFORMED",
    "«%(given)s» is no code of a country, so nobody could be held to it.",
    "Write codes of ISO 3166-1 with commas between them, such as DE, FR; or EEA.",
)
MOST_HOURS = 8
REGION = "EEA"
"""Stands for its countries."""
CHOOSING = (LabelTask.CLASSIFICATION, LabelTask.MULTI_LABEL, LabelTask.ORDINAL)
NAMED = (*CHOOSING, LabelTask.SPAN, LabelTask.BOX, LabelTask.SEGMENTATION)


MEASURES = {
    LabelTask.CLASSIFICATION: {AgreementMeasure.ALPHA_NOMINAL},
    LabelTask.MULTI_LABEL: {AgreementMeasure.ALPHA_NOMINAL},
    LabelTask.ORDINAL: {AgreementMeasure.ALPHA_ORDINAL},
    LabelTask.REGRESSION: {AgreementMeasure.ALPHA_INTERVAL},
    LabelTask.PAIRWISE: {AgreementMeasure.ALPHA_NOMINAL},
    LabelTask.SPAN: {AgreementMeasure.F1},
    LabelTask.BOX: {AgreementMeasure.F1},
    LabelTask.SEGMENTATION: {AgreementMeasure.DICE, AgreementMeasure.F1},
}


def share_of(given: str, otherwise: float) -> float:
    """What a field of a share says; `otherwise` where it is empty.  Raises: ValueError where it is none."""
    told = given.strip()
    return float(told) if told else otherwise


def is_country(word: str) -> bool:
    return word == REGION or (len(word) == 2 and word.isascii() and word.isalpha() and word.isupper())


def faults(content: LabelingPolicyContent, around: Around) -> Iterator[Reason]:
    malformed = [
        name for name in SHARES if (said := getattr(content, name).strip()) and not SHARE.fullmatch(said)
    ]
    for name in malformed:
        yield found(OUT_OF_RANGE, name, "", given=getattr(content, name)[:40])
    if not {"release_agreement", "research_agreement"} & set(malformed):
        yield from _terms(content)
    if content.is_high_risk:
        yield from _below_ours(content, BELOW_OURS_IN_HIGH_RISK)
    fitting = MEASURES.get(content.task) if content.task else None
    if fitting and content.measure and content.measure not in fitting:
        yield found(MEASURE_UNFIT, "measure", "L05", "AI Act Art. 10(3)")
    yield from _tolerance(content)
    yield from is_hashed(content.guideline_sha256, "guideline_sha256", "AI Act Annex IV 2(d)")
    for word in listed(content.countries):
        if not is_country(word):
            yield found(COUNTRY_MALFORMED, "countries", "L02", "GDPR Art. 44", given=word[:40])
    seen: set[str] = set()
    for number, label in enumerate(content.labels):
        if label.id and label.id in seen:
            yield found(LABEL_TWICE, f"labels.{number}.id", "L01", "AI Act Art. 10(2)(c)", id=label.id)
        seen.add(label.id)


def tolerance_of(content: LabelingPolicyContent) -> Decimal | None:
    """By how much an answer may differ from gold; none where labels are classes.

    Raises: InvalidOperation where it is no number."""
    told = Decimal(content.gold_tolerance.strip() or 0)
    if content.task is LabelTask.REGRESSION:
        return told
    return told if told and _has_numbers(content) else None


def _has_numbers(content: LabelingPolicyContent) -> bool:
    grades = [each.id for each in content.labels if not each.leaves_it_open]
    return content.task is LabelTask.ORDINAL and all(GRADE.fullmatch(grade) for grade in grades)


def _tolerance(content: LabelingPolicyContent) -> Iterator[Reason]:
    given = content.gold_tolerance.strip()
    about = ("gold_tolerance", "L07", "AI Act Art. 10(3)")
    if given and not NUMBER.fullmatch(given):
        yield found(TOLERANCE_MALFORMED, *about, given=given[:40])
    elif given and Decimal(given) and content.task and tolerance_of(content) is None:
        yield found(TOLERANCE_UNFIT, *about, given=given)


def _terms(content: LabelingPolicyContent) -> Iterator[Reason]:
    release = share_of(content.release_agreement, 0.80)
    research = share_of(content.research_agreement, RESEARCH)
    for name, told in (("release_agreement", release), ("research_agreement", research)):
        if told < RESEARCH:
            least = f"{RESEARCH:g}"
            yield found(LAX, name, "L04", "AI Act Art. 10(3)", given=f"{told:g}", least=least)
    if research > release >= RESEARCH:
        both = {"release": f"{release:g}", "research": f"{research:g}"}
        yield found(TERMS_REVERSED, "release_agreement", "L04", "AI Act Art. 10(3)", **both)


def _below_ours(content: LabelingPolicyContent, code: str) -> Iterator[Reason]:
    for name, ours, is_most in OURS:
        given = getattr(content, name).strip()
        if SHARE.fullmatch(given) and (float(given) > ours if is_most else float(given) < ours):
            yield found(code, name, CHECK_OF[name], given=given, ours=f"{ours:g}")


def gaps(content: LabelingPolicyContent, around: Around) -> Iterator[Reason]:
    yield from _schema(content)
    yield from _sensitive(content, around)
    yield from _people(content, around)
    least = 3 if content.is_high_risk or content.is_subjective else 2
    given = content.annotations_per_item
    if given is not None and given < least:
        yield found(
            TOO_FEW_ANSWERS, "annotations_per_item", "L03", "AI Act Art. 10(3)", count=given, needed=least
        )
    if content.is_blind is False:
        yield found(NOT_BLIND, "is_blind", "L03", "AI Act Art. 10(3)")
    if is_hard(content):
        if content.is_opt_in is False:
            yield found(EXPOSED, "is_opt_in", "L15", field="is_opt_in")
        if content.hours_a_day is not None and content.hours_a_day > MOST_HOURS:
            yield found(EXPOSED, "hours_a_day", "L15", field="hours_a_day")


def _schema(content: LabelingPolicyContent) -> Iterator[Reason]:
    needed = 2 if content.task in CHOOSING else 1
    if content.task in NAMED and len(content.labels) < needed:
        yield found(LABELS_FEW, "labels", "L01", "AI Act Art. 10(2)(c)", count=len(content.labels))
    elif content.task in NAMED and not any(each.leaves_it_open for each in content.labels):
        yield found(NOTHING_OPEN, "labels", "L08", "AI Act Art. 10(2)(h)")


def _sensitive(content: LabelingPolicyContent, around: Around) -> Iterator[Reason]:
    """GDPR Art. 9(1): to assign such a label is to process such data."""
    labels = tuple(each.id for each in content.labels if each.is_sensitive)
    for purpose in content.purposes if labels else ():
        named = around.of(purpose)
        if named is not None and named.is_in_force and not named.content.art9_conditions:
            yield found(
                SENSITIVE_LABELS, "labels", "V-04", "GDPR Art. 9(2)", labels=labels, purpose=named.ref
            )


def _people(content: LabelingPolicyContent, around: Around) -> Iterator[Reason]:
    for name, article in (("is_cleared", "GDPR Art. 32(4)"), ("is_confidential", "GDPR Art. 28(3)(b)")):
        if getattr(content, name) is False:
            yield found(NOT_CLEARED, name, "L02", article, field=name)
    vendor = around.of(content.vendor) if has_vendor(content) else None
    if vendor is not None and not (vendor.is_in_force and set(ContractClause) <= vendor.content.clauses):
        yield found(VENDOR_UNBOUND, "vendor", "L02", "GDPR Art. 28(3)", vendor=vendor.ref)


def warnings(content: LabelingPolicyContent, around: Around) -> Iterator[Reason]:
    if not content.is_high_risk:
        yield from _below_ours(content, BELOW_OURS)
    if content.gold_items is not None and content.gold_items < 50:
        yield found(GOLD_FEW, "gold_items", "L07", "AI Act Art. 10(3)", count=content.gold_items)
    if content.is_gold_hidden is False:
        yield found(GOLD_SEEN, "is_gold_hidden", "L07")
    verified = content.verified_share.strip()
    if is_preceded(content) and SHARE.fullmatch(verified) and float(verified) < 0.1:
        yield found(VERIFIED_LITTLE, "verified_share", "L14", "AI Act Art. 10(3)")

"""What a labeling policy says.

What a version says does not change: another schema of labels or another guideline is another version of the
policy, so that a label that cites its version can be understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Content, choice, count, flag, line, one, rows, some, text
from apps.compliance.lifecycle.labeling.words import Adjudication, AgreementMeasure, LabelTask, Workforce


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """A label of the schema. Its id never changes its meaning."""

    id: str = line(_("Id"), _("As it stands in the files."), needed=True, longest=80)
    definition: str = text(_("What it means"), _("With what does not belong to it."), needed=True)
    examples: str = text(_("Examples"))
    is_sensitive: bool | None = flag(
        _("Does it say something sensitive about a person?"),
        _("As an origin, a belief or an illness. Who assigns such a label makes such data."),
        article="Art. 9(1) GDPR",
        needed=True,
    )
    leaves_it_open: bool | None = flag(
        _("Does it leave it open?"), _("As «unsure» or «other» do."), needed=True
    )


def has_vendor(content: LabelingPolicyContent) -> bool:
    return content.workforce in (Workforce.VENDOR, Workforce.CROWD)


def is_hard(content: LabelingPolicyContent) -> bool:
    return content.has_hard_content is True


def is_preceded(content: LabelingPolicyContent) -> bool:
    return bool(content.machine_tool.strip())


def is_redacted_first(content: LabelingPolicyContent) -> bool:
    return content.is_redacted is True


@dataclass(frozen=True, kw_only=True)
class LabelingPolicyContent(Content):
    purposes: tuple[UUID, ...] = some(
        "purpose",
        _("Purposes that the labels serve"),
        _("Models that are trained for one of them are held to this policy."),
        article="Art. 5(1)(b) GDPR",
        rule="A35",
        needed=True,
    )
    datasets: tuple[UUID, ...] = some("asset", _("Data that are labeled"), needed=True)
    task: LabelTask | None = choice(LabelTask, _("What is done"), needed=True)
    is_high_risk: bool | None = flag(
        _("Are the labels for a system of high risk?"), article="Art. 6, 10 AI Act", needed=True
    )
    is_subjective: bool | None = flag(
        _("Is it a matter of judgment?"), _("As whether a remark offends."), needed=True
    )
    labels: tuple[LabelRow, ...] = rows(LabelRow, _("Labels"), article="Art. 10(2)(c) AI Act", rule="L01")
    guideline: str = line(
        _("Guideline"), _("Where it is kept."), article="Annex IV 2(d) AI Act", rule="L01", needed=True
    )
    guideline_version: str = line(_("Version of the guideline"), rule="L01", needed=True, longest=80)
    guideline_sha256: str = line(
        _("Hash of the guideline"), _("Of the file, by SHA-256."), rule="L01", needed=True, longest=64
    )
    workforce: Workforce | None = choice(Workforce, _("Who labels"), rule="L02", needed=True)
    vendor: UUID | None = one(
        "parties", _("Which company"), article="Art. 28 GDPR", rule="L02", needed=has_vendor
    )
    qualification: str = text(_("What annotators have to know"), rule="L02", needed=True)
    test_score: str = line(
        _("Least score in the entrance test"),
        _("From 0 to 1. Empty means: 0.85."),
        rule="L02",
        otherwise="0.85",
    )
    is_cleared: bool | None = flag(
        _("Are annotators cleared for the class of the data?"),
        article="Art. 29, 32(4) GDPR",
        rule="L02",
        needed=True,
    )
    is_confidential: bool | None = flag(
        _("Have they undertaken to keep silent?"), article="Art. 28(3)(b) GDPR", rule="L02", needed=True
    )
    countries: str = text(
        _("From which countries people may label"),
        _(
            "Codes of countries, separated by commas; EEA stands for all of its countries. Empty: from"
            " anywhere. Who sees data from outside the EEA has them transferred."
        ),
        article="Art. 44 GDPR",
        rule="L02",
    )
    conflicts: str = text(
        _("Who must not label what"),
        _("Each of those who label then declares, with the day, that none of it is true of them."),
        rule="L02",
    )
    annotations_per_item: int | None = count(
        _("Annotations for each item"),
        _("Two at least; three for what is a matter of judgment or of high risk."),
        article="Art. 10(3) AI Act",
        rule="L03",
        needed=True,
    )
    overlap_share: str = line(
        _("Share of the items that several people label"),
        _("Empty means: a tenth, and a hundred items at least; all of them for systems of high risk."),
        rule="L03",
    )
    is_blind: bool | None = flag(_("Do annotators not see each other's answers?"), rule="L03", needed=True)
    adjudication: Adjudication | None = choice(Adjudication, _("Who settles what differs"), needed=True)
    adjudicators: str = line(
        _("Which experts"), needed=lambda content: content.adjudication is Adjudication.EXPERT
    )
    measure: AgreementMeasure | None = choice(
        AgreementMeasure,
        _("How agreement is measured"),
        _("Empty means: as fits what is done."),
        rule="L05",
    )
    release_agreement: str = line(
        _("Agreement needed for release"),
        _("The lower bound, from 0 to 1. Empty means: 0.80."),
        article="Art. 10(3) AI Act",
        rule="L04",
        otherwise="0.80",
    )
    research_agreement: str = line(
        _("Agreement needed for research"),
        _("The lower bound, from 0 to 1. Empty means: 0.667."),
        rule="L04",
        otherwise="0.667",
    )
    gold_items: int | None = count(
        _("Gold items"),
        _("Labeled by experts, to hold annotators against. Fifty at least tell something."),
        article="Art. 10(3) AI Act",
        rule="L07",
        needed=True,
    )
    gold_accuracy: str = line(
        _("Share of gold that has to be right"),
        _("The lower bound, from 0 to 1. Empty means: 0.90."),
        rule="L07",
        otherwise="0.90",
    )
    gold_tolerance: str = line(
        _("By how much a number may differ from gold"),
        _("In the unit of the labels, such as 0.5. Only where they are numbers. Empty means: not at all."),
        article="Art. 10(3) AI Act",
        rule="L07",
    )
    gold_days: int | None = count(
        _("Days after which gold is renewed"), _("Who knows it by heart is not held against it."), rule="L07"
    )
    is_gold_hidden: bool | None = flag(_("Is gold hidden among the others?"), rule="L07", needed=True)
    coverage: str = line(
        _("Share of the items that has to be labeled"), _("Empty means: 0.98."), rule="L08", otherwise="0.98"
    )
    unsure_share: str = line(
        _("Share of answers that may leave it open"), _("Empty means: 0.05."), rule="L08", otherwise="0.05"
    )
    subgroups: str = text(_("Groups that are compared"), article="Art. 10(2)(f), (g) AI Act", rule="L09")
    machine_tool: str = line(
        _("Model that labels first"), _("Empty means: people label from nothing."), rule="L14"
    )
    machine_version: str = line(_("Version of that model"), rule="L14", needed=is_preceded)
    machine_share: str = line(_("Share that it may label"), rule="L14", needed=is_preceded)
    verified_share: str = line(
        _("Share of it that people check"), _("A tenth at least."), rule="L14", needed=is_preceded
    )
    has_hard_content: bool | None = flag(
        _("Can what is labeled harm those who look at it?"),
        _("As violence does."),
        rule="L15",
        needed=True,
    )
    hard_content: str = text(_("What it shows"), rule="L15", needed=is_hard)
    is_opt_in: bool | None = flag(_("Did they agree to see it?"), rule="L15", needed=is_hard)
    hours_a_day: int | None = count(_("Most hours a day"), rule="L15", needed=is_hard)
    is_blurred: bool | None = flag(_("Is it blurred until they choose to look?"), rule="L15")
    support: str = text(_("Who helps them"), rule="L15", needed=is_hard)
    is_redacted: bool | None = flag(
        _("Is what names people taken out before anybody labels?"),
        article="Art. 5(1)(c), 25 GDPR",
        rule="L11",
        needed=True,
    )
    redaction: str = text(_("How"), rule="L11", needed=is_redacted_first)
    redaction_recall: str = line(_("Share of it that has to be found"), _("Empty means: 0.99."), rule="L11")
    audited_items: int | None = count(
        _("Items that are looked through afterwards"), _("Empty means: 300, and never fewer."), rule="L11"
    )
    visibility: str = text(_("Who sees the labels"))
    are_raw_kept: bool | None = flag(
        _("Is kept who gave which label?"),
        _("These are personal data of those who work."),
        article="Art. 4(1), 88 GDPR",
        needed=True,
    )
    raw_activity: UUID | None = one(
        "activity",
        _("Processing activity of it"),
        article="Art. 30 GDPR",
        needed=lambda content: content.are_raw_kept is True,
    )
    raw_retention: UUID | None = one(
        "retention-schedules",
        _("How long it is kept"),
        article="Art. 5(1)(e) GDPR",
        needed=lambda content: content.are_raw_kept is True,
    )
    fairness: str = text(_("Pay and time"))

"""The data protection impact assessment: screening, content and decision. Art. 35, 36 GDPR; WP248 rev.01.

The DPO advises and approves nothing; the accountable owner decides, and says why where that departs from the
advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.declaration import (
    TIME,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    day,
    flag,
    found,
    line,
    rows,
    some,
    text,
)
from apps.policy.law_words import DpiaState, ScreeningPoint
from apps.policy.reason import Reason, declare

LAW = "Art. 35 GDPR"
THRESHOLD = 2
"""So many criteria of WP248 and more: required, in most cases."""
ANSWER_WEEKS, LONGEST_ANSWER_WEEKS = 8, 14


class Level(Choice):
    NEGLIGIBLE = "negligible", _("Negligible")
    LIMITED = "limited", _("Limited")
    IMPORTANT = "important", _("Important")
    MAXIMAL = "maximal", _("Maximal")


HIGH = (Level.IMPORTANT, Level.MAXIMAL)


class Harm(Choice):
    ILLEGITIMATE_ACCESS = "illegitimate_access", _("Somebody sees the data who must not")
    UNWANTED_CHANGE = "unwanted_modification", _("Data are changed")
    DISAPPEARANCE = "data_disappearance", _("Data disappear")
    REIDENTIFICATION = "re_identification", _("People are recognized in data without names")
    MEMBERSHIP = "membership_inference", _("A model tells whether somebody was in its data")
    INVERSION = "model_inversion", _("A model gives its data away")
    LINKABILITY = "linkability", _("Data are linked that should not be")
    OPACITY = "opacity", _("Nobody can say why a model decides as it does")
    FUNCTION_CREEP = "function_creep", _("The data end up serving something else")
    DISCRIMINATION = "discriminatory_outcome", _("Some people fare worse for no good reason")


class Opinion(Choice):
    FAVOURABLE = "favourable", _("Favourable"), "Art. 35(2) GDPR"
    CONDITIONS = "conditions", _("Favourable under conditions"), "Art. 35(2) GDPR"
    UNFAVOURABLE = "unfavourable", _("Unfavourable"), "Art. 35(2) GDPR"


class OwnerDecision(Choice):
    APPROVE = "approve", _("Go ahead"), LAW
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Go ahead under conditions"), LAW
    REJECT = "reject", _("Do not do it"), LAW
    CONSULT = "consult_authority", _("Ask the supervisory authority first"), "Art. 36(1) GDPR"


class DpiaStage(Choice):
    SCREENING = "screening", _("Screening")
    NOT_REQUIRED = "not_required", _("Not required")
    DRAFT = "draft", _("Being written")
    DPO_CONSULTED = "dpo_consulted", _("With the data protection officer")
    OWNER_DECISION = "owner_decision", _("With the owner")
    APPROVED = "approved", _("Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("Approved under conditions")
    REJECTED = "rejected", _("Rejected")
    PRIOR_CONSULTATION = "prior_consultation", _("With the supervisory authority")
    ADVICE_RECEIVED = "advice_received", _("Advice received")
    PERIOD_ELAPSED = "period_elapsed", _("No advice in time")
    PROHIBITED = "prohibited", _("Prohibited")
    OUTDATED = "outdated", _("Outdated")


@dataclass(frozen=True, kw_only=True)
class Risk:
    harm: Harm | None = choice(Harm, _("What may happen"), needed=True)
    source: str = line(_("Through whom or what"))
    impact: str = line(_("What it does to people"), needed=True)
    measures: str = line(_("What is done against it"))
    severity: Level | None = choice(Level, _("Severity"), needed=True)
    likelihood: Level | None = choice(Level, _("Likelihood"), needed=True)


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    what: str = line(_("What"), needed=True)
    owner: str = line(_("Who"))
    due_on: date | None = day(_("By"), needed=True)


def _point(
    label: object, help: object = "", article: str = "WP248 III.B(a)", *, is_needed: bool = True
) -> bool | None:
    declared: bool | None = flag(label, help, article=article, rule="1.6", needed=is_needed)
    return declared


POINTS: dict[str, ScreeningPoint] = {
    "is_evaluation": ScreeningPoint.EVALUATION,
    "is_automated_decision": ScreeningPoint.AUTOMATED_DECISION,
    "is_monitoring": ScreeningPoint.MONITORING,
    "is_sensitive": ScreeningPoint.SENSITIVE,
    "is_large_scale": ScreeningPoint.LARGE_SCALE,
    "is_matching": ScreeningPoint.MATCHING,
    "is_vulnerable": ScreeningPoint.VULNERABLE,
    "is_innovative": ScreeningPoint.INNOVATIVE,
    "prevents_right": ScreeningPoint.PREVENTS_RIGHT,
}
DECISIVE: dict[str, ScreeningPoint] = {
    "is_systematic_evaluation": ScreeningPoint.SYSTEMATIC_EVALUATION,
    "is_large_scale_sensitive": ScreeningPoint.LARGE_SCALE_SENSITIVE,
    "is_public_monitoring": ScreeningPoint.PUBLIC_MONITORING,
    "is_on_authority_list": ScreeningPoint.AUTHORITY_LIST,
}


@dataclass(frozen=True, kw_only=True)
class DpiaContent(Content):
    activities: tuple[UUID, ...] = some(
        "activity", _("Processing activities"), article="Art. 35(1) GDPR", needed=True
    )
    assets: tuple[UUID, ...] = some("asset", _("Datasets and models"))
    is_evaluation: bool | None = _point(
        _("Are people evaluated, scored or predicted?"), _("1. Also profiling.")
    )
    is_automated_decision: bool | None = _point(
        _("Are decisions made automatically that affect people seriously?"), _("2.")
    )
    is_monitoring: bool | None = _point(
        _("Are people observed systematically?"), _("3. Cameras, logs, telemetry.")
    )
    is_sensitive: bool | None = _point(
        _("Are the data sensitive or highly personal?"), _("4. Art. 9, Art. 10, location, money, diaries.")
    )
    is_large_scale: bool | None = _point(_("Is it done on a large scale?"), _("5. Many people, much data."))
    is_matching: bool | None = _point(
        _("Are datasets matched or combined?"), _("6. Beyond what people expect.")
    )
    is_vulnerable: bool | None = _point(
        _("Are the people vulnerable?"), _("7. Children, patients, employees, the old.")
    )
    is_innovative: bool | None = _point(
        _("Is new technology used?"), _("8. Training models on personal data counts as new.")
    )
    prevents_right: bool | None = _point(
        _("Can it keep people from a right, a service or a contract?"), _("9.")
    )
    is_systematic_evaluation: bool | None = _point(
        _("A systematic and extensive evaluation with legal or similar effect?"), article="Art. 35(3)(a) GDPR"
    )
    is_large_scale_sensitive: bool | None = _point(
        _("Special categories or offences on a large scale?"), article="Art. 35(3)(b) GDPR"
    )
    is_public_monitoring: bool | None = _point(
        _("Public places observed on a large scale?"), article="Art. 35(3)(c) GDPR"
    )
    is_on_authority_list: bool | None = _point(
        _("Is it on the authority's list of what needs an assessment?"), article="Art. 35(4) GDPR"
    )
    is_on_exempt_list: bool | None = _point(
        _("Is it on the authority's list of what needs none?"), article="Art. 35(5) GDPR", is_needed=False
    )
    is_assessed_in_law: bool | None = _point(
        _("Was it assessed when the law was made?"), article="Art. 35(10) GDPR", is_needed=False
    )
    reasons_for_not_doing: str = text(
        _("Why no assessment is made"),
        _("Where the guidance asks for one and the law does not; with the view of the DPO."),
        article="WP248 III.B(a)",
    )
    description: str = text(
        _("What is done"), _("Systematically: data, people, means."), article="Art. 35(7)(a) GDPR"
    )
    necessity: str = text(_("Why it is needed"), article="Art. 35(7)(b) GDPR")
    proportionality: str = text(_("Why it is in proportion"), article="Art. 35(7)(b) GDPR")
    rights_controls: str = text(_("How people use their rights"), article="Art. 12-22 GDPR")
    risks: tuple[Risk, ...] = rows(Risk, _("Risks to people"), article="Art. 35(7)(c) GDPR")
    initial_risk: Level | None = choice(Level, _("Risk without the measures"), article="Art. 35(7)(c) GDPR")
    residual_risk: Level | None = choice(Level, _("Risk that remains"), article="Art. 35(7)(d), 36(1) GDPR")
    actions: tuple[ActionItem, ...] = rows(
        ActionItem, _("What is still to be done"), article="Art. 35(7)(d) GDPR"
    )
    codes_of_conduct: str = text(_("Codes of conduct"), article="Art. 35(8) GDPR")
    views: str = text(_("Views of the people"), article="Art. 35(9) GDPR")
    views_not_sought: str = text(_("Why they were not asked"), article="Art. 35(9) GDPR")
    is_published: bool | None = flag(_("Is it published?"))


@dataclass(frozen=True, kw_only=True)
class Screening:
    """`is_required` by law where a decisive point holds, else by guidance."""

    criteria: tuple[str, ...]
    decisive: tuple[str, ...]
    is_exempt: bool

    @property
    def is_required_by_law(self) -> bool:
        return bool(self.decisive) and not self.is_exempt

    @property
    def is_required(self) -> bool:
        return not self.is_exempt and (bool(self.decisive) or len(self.criteria) >= THRESHOLD)


def screening_of(content: DpiaContent) -> Screening:
    decisive = tuple(name for name in DECISIVE if getattr(content, name) is True)
    is_listed = content.is_on_exempt_list is True and not decisive
    return Screening(
        criteria=tuple(name for name in POINTS if getattr(content, name) is True),
        decisive=decisive,
        is_exempt=is_listed or content.is_assessed_in_law is True,
    )


@dataclass(frozen=True, kw_only=True)
class Advice:
    opinion: Opinion | None = choice(Opinion, _("Opinion"), article="Art. 35(2), 39(1)(c) GDPR", needed=True)
    text: str = text(_("In words"), _("Kept as it is, and shown with every report."), needed=True)


@dataclass(frozen=True, kw_only=True)
class Decided:
    decision: OwnerDecision | None = choice(
        OwnerDecision, _("Decision"), article="Art. 24, 35(1) GDPR", needed=True
    )
    conditions: str = text(
        _("Conditions"),
        needed=lambda said: said.decision is OwnerDecision.APPROVE_WITH_CONDITIONS,
    )
    deviation_reason: str = text(
        _("Why it departs from the DPO's opinion"),
        _("Needed where it does."),
        article="Art. 35(2) GDPR",
        rule="V-26",
    )


@dataclass(frozen=True, kw_only=True)
class NotNeeded:
    view_of_dpo: str = text(_("View of the DPO"), article="Art. 39(1)(c) GDPR")


@dataclass(frozen=True, kw_only=True)
class AuthorityAdvice:
    received_on: date | None = day(_("Received on"), article="Art. 36(2) GDPR", needed=True)
    text: str = text(_("What it says"), article="Art. 36(2) GDPR", needed=True)


@dataclass(frozen=True, kw_only=True)
class Elapsed:
    asked_on: date | None = day(
        _("The authority received the request on"), article="Art. 36(2) GDPR", needed=True
    )
    was_extended: bool | None = flag(
        _("Did it extend the period by six weeks?"), article="Art. 36(2) GDPR", needed=True
    )


@dataclass(frozen=True, kw_only=True)
class Outdated:
    change: str = text(
        _("What changed"),
        _("Category, purpose, recipient, country, task or scale."),
        article="Art. 35(11) GDPR",
        needed=True,
    )


ASSESSMENT_REQUIRED = declare(
    "DPIA_REQUIRED",
    "The screening shows that the law requires an assessment: %(points)s.",
    "Begin it, or correct the screening and have that approved.",
)
OVERRIDE_UNSAID = declare(
    "DPIA_OVERRIDE_UNSAID",
    "%(count)s criteria are met, and the guidance then asks for an assessment.",
    "Give the reasons for making none in the record, and the view of the DPO here.",
)
CONTENT_MISSING = declare(
    "DPIA_CONTENT_MISSING",
    "%(field)s is not filled in, and the law demands it of an assessment.",
    "Write it in a version of the record, and have that approved.",
)
OPINION_MISSING = declare(
    "DPIA_OPINION_MISSING", "The data protection officer was not heard.", "Ask for the opinion first."
)
DEPARTURE_UNEXPLAINED = declare(
    "DPIA_DEPARTURE_UNEXPLAINED",
    "The decision departs from the opinion of the data protection officer without a reason.",
    "Say why, or follow the opinion.",
)
CONSULTATION_NEEDED = declare(
    "DPIA_CONSULTATION_NEEDED",
    "A high risk remains, and the supervisory authority was not asked.",
    "Ask it first, lower the risk, or do not do it.",
)
PERIOD_RUNNING = declare(
    "DPIA_PERIOD_RUNNING",
    "The authority has until %(ends_on)s to answer.",
    "Wait for its advice, or for the end of the period.",
)
ANSWERS_OPEN = ("description", "necessity", "proportionality", "risks", "initial_risk", "residual_risk")


def _not_needed(said: NotNeeded, standing: Standing) -> Iterator[Reason]:
    content: DpiaContent = standing.content
    screened = screening_of(content)
    if screened.is_required_by_law:
        yield found(
            ASSESSMENT_REQUIRED, "", "V-21", "GDPR Art. 35(3)", "GDPR Art. 35(4)", points=screened.decisive
        )
    elif screened.is_required and not (content.reasons_for_not_doing.strip() and said.view_of_dpo.strip()):
        met = len(screened.criteria)
        yield found(OVERRIDE_UNSAID, "view_of_dpo", "V-21", "WP248 III.B(a)", count=met)


def _complete(said: object, standing: Standing) -> Iterator[Reason]:
    """Art. 35(7), (9)."""
    for name in ANSWERS_OPEN:
        if not getattr(standing.content, name):
            yield found(CONTENT_MISSING, "", "V-26", "GDPR Art. 35(7)", field=name)
    if not (standing.content.views.strip() or standing.content.views_not_sought.strip()):
        yield found(CONTENT_MISSING, "", "V-26", "GDPR Art. 35(9)", field="views")


def _decided(said: Decided, standing: Standing) -> Iterator[Reason]:
    advice = standing.last("advise")
    goes_ahead = said.decision in (OwnerDecision.APPROVE, OwnerDecision.APPROVE_WITH_CONDITIONS)
    if advice is None:
        yield found(OPINION_MISSING, "", "V-26", "GDPR Art. 35(2)")
    elif goes_ahead and _departs(said, advice.said) and not said.deviation_reason.strip():
        yield found(DEPARTURE_UNEXPLAINED, "deviation_reason", "V-26", "GDPR Art. 35(2)")
    was_asked = standing.last("advice") or standing.last("period-elapsed")
    if goes_ahead and standing.content.residual_risk in HIGH and was_asked is None:
        yield found(CONSULTATION_NEEDED, "decision", "V-21", "GDPR Art. 36(1)")


def _departs(said: Decided, advice: Advice) -> bool:
    if advice.opinion is Opinion.CONDITIONS:
        return said.decision is not OwnerDecision.APPROVE_WITH_CONDITIONS
    return advice.opinion is Opinion.UNFAVOURABLE


def _elapsed(said: Elapsed, standing: Standing) -> Iterator[Reason]:
    if said.asked_on is None or said.was_extended is None:
        return
    weeks = LONGEST_ANSWER_WEEKS if said.was_extended else ANSWER_WEEKS
    ends = said.asked_on + timedelta(weeks=weeks)
    if standing.at.date() < ends:
        yield found(PERIOD_RUNNING, "asked_on", "", "GDPR Art. 36(2)", ends_on=ends.isoformat())


S = DpiaStage
AFTER_DECISION = {
    OwnerDecision.APPROVE: S.APPROVED,
    OwnerDecision.APPROVE_WITH_CONDITIONS: S.APPROVED_WITH_CONDITIONS,
    OwnerDecision.REJECT: S.REJECTED,
    OwnerDecision.CONSULT: S.PRIOR_CONSULTATION,
}


def _step(
    slug: str, verb: object, icon: str, before: tuple[str, ...], after: str, taker: Taker, **more: object
) -> Step:
    given: dict[str, object] = {"needs_description": True, **more}
    return Step(slug=slug, verb=verb, icon=icon, before=before, after=after, taker=taker, **given)  # type: ignore[arg-type]


CYCLE = Cycle(
    begins=S.SCREENING,
    ends=(),
    stages=DpiaStage,
    steps=(
        _step("begin", _("Begin the assessment"), "edit", (S.SCREENING,), S.DRAFT, Taker.WRITER),
        _step(
            "not-needed",
            _("None is needed"),
            "check",
            (S.SCREENING,),
            S.NOT_REQUIRED,
            Taker.DECIDER,
            said=NotNeeded,
            check=_not_needed,
        ),
        _step("screen-again", _("Screen again"), "history", (S.NOT_REQUIRED,), S.SCREENING, Taker.WRITER),
        _step(
            "consult",
            _("Ask the data protection officer"),
            "send",
            (S.DRAFT,),
            S.DPO_CONSULTED,
            Taker.WRITER,
            check=_complete,
        ),
        _step(
            "advise",
            _("Give the opinion"),
            "law",
            (S.DPO_CONSULTED,),
            S.OWNER_DECISION,
            Taker.DPO,
            said=Advice,
        ),
        Step(
            slug="decide",
            verb=_("Decide"),
            icon="law",
            before=(S.OWNER_DECISION, S.ADVICE_RECEIVED, S.PERIOD_ELAPSED),
            after=lambda said: AFTER_DECISION[said.decision],
            afters=tuple(AFTER_DECISION.values()),
            taker=Taker.OWNER,
            said=Decided,
            check=_decided,
            needs_description=True,
        ),
        _step(
            "advice",
            _("The authority answered"),
            "inbox",
            (S.PRIOR_CONSULTATION,),
            S.ADVICE_RECEIVED,
            Taker.DECIDER,
            said=AuthorityAdvice,
        ),
        _step(
            "period-elapsed",
            _("The authority did not answer in time"),
            "deadline",
            (S.PRIOR_CONSULTATION,),
            S.PERIOD_ELAPSED,
            Taker.DECIDER,
            said=Elapsed,
            check=_elapsed,
        ),
        _step(
            "prohibit",
            _("The authority prohibited it"),
            "cross",
            (S.PRIOR_CONSULTATION, S.ADVICE_RECEIVED, S.PERIOD_ELAPSED),
            S.PROHIBITED,
            Taker.DECIDER,
            said=AuthorityAdvice,
        ),
        _step(
            "outdate",
            _("Something material changed"),
            "alert",
            (S.APPROVED, S.APPROVED_WITH_CONDITIONS),
            S.OUTDATED,
            Taker.WRITER,
            said=Outdated,
        ),
        _step(
            "revise",
            _("Write it anew"),
            "edit",
            (S.OUTDATED, S.REJECTED, S.PROHIBITED),
            S.DRAFT,
            Taker.WRITER,
        ),
    ),
)

DPIAS = Kind(
    slug="impact-assessments",
    prefix="DPIA",
    one=_("Impact assessment"),
    many=_("Impact assessments"),
    new=_("New impact assessment"),
    lead=_("What a processing may do to people, and what is done about it. It begins with a screening."),
    empty=_("Begin with the screening: it tells whether an assessment is needed."),
    icon="shield",
    content=DpiaContent,
    aspect="residual_risk",
    article="Art. 35, 36 GDPR",
    groups=(
        Group(id="scope", title=_("What it is about"), names=("name", "activities", "assets")),
        Group(
            id="screening",
            title=_("Screening: the nine criteria"),
            lead=_("Two or more: an assessment is needed in most cases."),
            names=tuple(POINTS),
        ),
        Group(
            id="lists",
            title=_("Screening: what the law names"),
            names=(*DECISIVE, "is_on_exempt_list", "is_assessed_in_law", "reasons_for_not_doing"),
        ),
        Group(
            id="context",
            title=_("The processing"),
            names=("description", "necessity", "proportionality", "rights_controls", "codes_of_conduct"),
        ),
        Group(id="risks", title=_("Risks"), names=("risks", "initial_risk", "residual_risk")),
        Group(
            id="plan",
            title=_("What follows"),
            names=("actions", "views", "views_not_sought", "is_published"),
        ),
        TIME,
    ),
    is_high_risk=lambda content: content.residual_risk in HIGH or content.initial_risk in HIGH,
    cycle=CYCLE,
)

STATES = {stage.value: DpiaState(stage.value) for stage in DpiaStage}

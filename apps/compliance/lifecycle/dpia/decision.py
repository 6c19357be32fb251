"""The way of an impact assessment to its decision: advice, the owner, the authority. Art. 35, 36 GDPR.

The DPO advises and approves nothing; the accountable owner decides, and says why where that departs from the
advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, StepCheck, Taker, no_check
from apps.compliance.lifecycle.declaration import (
    choice,
    day,
    found,
    text,
)
from apps.compliance.lifecycle.dpia import consultation
from apps.compliance.lifecycle.dpia.content import (
    HIGH,
    DpiaContent,
    DpiaStage,
    Opinion,
    OwnerDecision,
    screening_of,
)
from apps.compliance.lifecycle.dpia.measures import FINISH
from apps.policy.reason import Reason, declare


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
NOT_APPROVED = declare(
    "ACTIVITY_DPIA_NOT_APPROVED",
    "The processing needs an impact assessment, and %(ref)s is not approved: it is at «%(stage)s».",
    "Bring the assessment to its decision; the clearance is derived anew then.",
)
APPROVED_STAGES = (DpiaStage.APPROVED, DpiaStage.APPROVED_WITH_CONDITIONS)
ANSWERS_OPEN = ("description", "necessity", "proportionality", "risks", "initial_risk", "residual_risk")


def blocks_clearance(ref: str, content: DpiaContent, stage: str) -> Iterator[Reason]:
    """V-21 [B]: the description may be signed off, and the processing must not run."""
    if screening_of(content).is_required and stage not in (*APPROVED_STAGES, DpiaStage.NOT_REQUIRED):
        yield found(NOT_APPROVED, "", "V-21", "GDPR Art. 35(1)", ref=ref, stage=stage)


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


def _with_authority(slug: str, verb: object, icon: str, said: type, check: StepCheck = no_check) -> Step:
    """Something about the consultation is recorded; the assessment stays where it is."""
    asked = S.PRIOR_CONSULTATION
    return _step(slug, verb, icon, (asked,), asked, Taker.WRITER, said=said, check=check)


CYCLE = Cycle(
    begins=S.SCREENING,
    ends=(),
    stages=DpiaStage,
    due=consultation.due_of,
    stopped=consultation.stopped,
    due_article=consultation.ARTICLE,
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
        _with_authority(
            "authority-received", _("The authority received the request"), "send", consultation.Received
        ),
        _with_authority(
            "authority-prolongs",
            _("The authority takes six weeks more"),
            "deadline",
            consultation.Prolonged,
            consultation.in_first_month,
        ),
        _with_authority(
            "authority-asks",
            _("The authority asks for information"),
            "question",
            consultation.InformationAsked,
            consultation.received,
        ),
        _with_authority(
            "information-given",
            _("The authority has the information"),
            "check",
            consultation.InformationGiven,
            consultation.received,
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
            check=consultation.elapsed,
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
        FINISH,
    ),
)

"""A16 to A19: the impact assessment of the activities under which a request would run (GDPR Art. 35, 36)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from apps.policy.decision import Effect, Finding, Limit, RuleType
from apps.policy.facts import ActivityFacts, AssetFacts, DpiaFacts, NoLimit, RequestFacts
from apps.policy.law_words import DpiaState
from apps.policy.reason import declare
from apps.policy.rules.case import Case, Said, start_of
from apps.policy.rules.rule import EITHER, Number, Rule
from apps.policy.screening import CRITERIA, Screened, screened

DPIA_MISSING = declare(
    "DPIA_MISSING",
    "%(activity)s needs an impact assessment and has none that is approved, because of: %(points)s.",
    "Have the assessment approved, or the screening completed; until then work with synthetic data.",
)
DPIA_REVIEW_UNKNOWN = declare(
    "DPIA_REVIEW_UNKNOWN",
    "When the impact assessment %(dpia)s is reviewed is not recorded.",
    "Record the date of its next review.",
)
DPIA_TO_BE_SCREENED_AGAIN = declare(
    "DPIA_TO_BE_SCREENED_AGAIN",
    "With this request %(activity)s meets %(count)s criteria for an impact assessment, which its screening "
    "did not see: %(points)s.",
    "Screen the activity again with what is asked for, or ask for less.",
)
DPIA_CONSULTED = declare(
    "DPIA_CONSULTED",
    "The supervisory authority is being consulted on %(dpia)s.",
    "Wait for its answer, or for the end of its period and the owner's decision.",
)
DPIA_UNKNOWN = declare(
    "DPIA_UNKNOWN",
    "How the impact assessment of %(activity)s stands, or that it has none, is not recorded.",
    "Record the assessment, or that none is required.",
)
DPIA_PROHIBITED = declare(
    "DPIA_PROHIBITED",
    "The supervisory authority prohibits the processing assessed in %(dpia)s.",
    "Choose another purpose or other data.",
)
DPIA_CONDITION_OPEN = declare(
    "DPIA_CONDITION_OPEN",
    "A condition of the impact assessment %(dpia)s is due and not met: %(conditions)s.",
    "Meet the condition and record it.",
)
DPIA_CONDITIONS_UNKNOWN = declare(
    "DPIA_CONDITIONS_UNKNOWN",
    "Whether the impact assessment %(dpia)s has conditions is not recorded.",
    "Record the conditions and the days on which they are due, or that there are none.",
)

APPROVED = (DpiaState.APPROVED, DpiaState.APPROVED_WITH_CONDITIONS)
USUAL_THRESHOLD = 2


def _activities(case: Case) -> Iterator[tuple[AssetFacts, ActivityFacts]]:
    """All activities that cover an asset for this purpose: the request runs under each of them."""
    for asset in case.personal_assets:
        for activity in asset.activities:
            if case.facts.purpose.uid in activity.purposes:
                yield asset, activity


def _assessments(case: Case) -> Iterator[DpiaFacts]:
    for _, activity in _activities(case):
        if activity.dpia is not None:
            yield activity.dpia


def _threshold(case: Case) -> int:
    stated = case.law.number("eu-gdpr", "wp248_criteria")
    return USUAL_THRESHOLD if stated is None else stated


def _is_overridden(case: Case, asset: AssetFacts, activity: ActivityFacts, found: Screened) -> bool:
    """The count is guidance and may be overridden; not so Art. 35(3), nor where the people need care most."""
    screening = activity.screening
    if found.decisive or screening is None or screening.is_override_recorded is not True:
        return False
    has_children = asset.people is None or asset.people.has_children is not False
    return not (has_children or case.special_columns or case.criminal_columns)


def required(case: Case) -> Finding:
    """A16."""
    said = Said(case)
    for asset, activity in _activities(case):
        found = screened(case.facts, asset, activity, union=False)
        if not found.is_required(_threshold(case)) or _is_overridden(case, asset, activity, found):
            continue
        dpia = activity.dpia
        if dpia is None or dpia.state not in APPROVED:
            for point in sorted(found.unknown):
                said.not_known(f"activities.{activity.ref}.screening.{point.value}", "yes")
            points = tuple(sorted(point.value for point in found.decisive | found.criteria))
            said.object(Effect.BLOCK, DPIA_MISSING, activity=activity.ref, points=points)
        else:
            _limit(case, said, dpia)
    return case.answered(said)


def _limit(case: Case, said: Said, dpia: DpiaFacts) -> None:
    """A review that is overdue ends access only after its grace."""
    if isinstance(dpia.review_on, date):
        ends_at = start_of(dpia.review_on) + timedelta(days=case.number("grace_days"))
        said.limits.append(Limit(ends_at=ends_at, factor="dpia_review", about=dpia.ref))
    elif not isinstance(dpia.review_on, NoLimit):
        said.not_known(f"dpia_review.{dpia.ref}", "passed")
        said.object(Effect.BLOCK, DPIA_REVIEW_UNKNOWN, dpia=dpia.ref)


def rescreened(case: Case) -> Finding:
    """A17. Did the screening see what this request, together with what is held, amounts to?"""
    said = Said(case)
    for asset, activity in _activities(case):
        seen = (activity.screening.yes if activity.screening else frozenset()) & CRITERIA
        found = screened(case.facts, asset, activity, union=True)
        if len(seen) >= _threshold(case) or found.is_exempt or len(found.criteria) < _threshold(case):
            continue
        for point in sorted(found.unknown & CRITERIA):
            said.not_known(f"activities.{activity.ref}.screening.{point.value}", "yes")
        points = tuple(sorted(point.value for point in found.criteria - seen))
        said.object(
            Effect.BLOCK,
            DPIA_TO_BE_SCREENED_AGAIN,
            activity=activity.ref,
            count=len(found.criteria),
            points=points,
        )
        if case.facts.joint is None or case.facts.joint.screened is None:
            said.not_known("joint.screened", "every criterion")
    return case.answered(said)


def consulted(case: Case) -> Finding:
    """A18. An assessment nobody recorded may be one that the authority has stopped."""
    said = Said(case)
    for _, activity in _activities(case):
        dpia = activity.dpia
        if dpia is None or dpia.state is None:
            said.not_known(f"activities.{activity.ref}.dpia.state", DpiaState.PROHIBITED.value)
            said.object(Effect.BLOCK, DPIA_UNKNOWN, activity=activity.ref)
        elif dpia.state is DpiaState.PROHIBITED:
            said.object(Effect.DENY, DPIA_PROHIBITED, dpia=dpia.ref)
        elif dpia.state is DpiaState.PRIOR_CONSULTATION:
            said.object(Effect.BLOCK, DPIA_CONSULTED, dpia=dpia.ref)
    return case.answered(said)


def conditions_met(case: Case) -> Finding:
    """A19. Conditions without a day are due at once."""
    said = Said(case)
    for dpia in _assessments(case):
        if dpia.conditions is None:
            said.not_known(f"dpia.{dpia.ref}.conditions", "open")
            said.object(Effect.BLOCK, DPIA_CONDITIONS_UNKNOWN, dpia=dpia.ref)
            continue
        due = [
            item for item in dpia.conditions if item.is_met is not True and _is_due(case.facts, item.due_on)
        ]
        for item in due:
            if item.is_met is None:
                said.not_known(f"dpia.{dpia.ref}.{item.code}", "not met")
        if due:
            codes = tuple(item.code for item in due)
            said.object(Effect.BLOCK, DPIA_CONDITION_OPEN, dpia=dpia.ref, conditions=codes)
    return case.answered(said)


def _is_due(facts: RequestFacts, due_on: date | NoLimit | None) -> bool:
    return not isinstance(due_on, date) or start_of(due_on) <= facts.now


RULES = (
    Rule(
        id="A16",
        type=RuleType.LAW,
        articles=("GDPR Art. 35(1)", "GDPR Art. 35(3)", "WP248 rev.01"),
        evaluate=required,
        parameters={"grace_days": Number(minimum=0, maximum=90)},
        defaults={"grace_days": 30},
        exempted_by=EITHER,
    ),
    Rule(
        id="A17",
        type=RuleType.GUIDE,
        articles=("GDPR Art. 35(11)", "WP248 rev.01"),
        evaluate=rescreened,
        exempted_by=EITHER,
    ),
    Rule(
        id="A18",
        type=RuleType.LAW,
        articles=("GDPR Art. 36(1)", "GDPR Art. 58(2)(f)"),
        evaluate=consulted,
        exempted_by=EITHER,
    ),
    Rule(
        id="A19",
        type=RuleType.POLICY,
        articles=("GDPR Art. 35(7)(d)",),
        evaluate=conditions_met,
        exempted_by=EITHER,
    ),
)

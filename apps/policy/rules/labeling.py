"""LABELING: who labels is on the roster of the policy that governs it, in the part that is asked for, tested,
trained, cleared and bound; and what names people was taken out before, where the policy asks for that."""

from __future__ import annotations

from collections.abc import Iterable

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import Action, LabelingFacts
from apps.policy.law_words import LabelerGap, LabelerPart
from apps.policy.reason import declare, worded
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import Rule

PARTS = worded(annotator="annotator", adjudicator="adjudicator", reviewer="reviewer")
GAPS = worded(
    roster="a place on its roster",
    test="a good enough entrance test",
    training="training with its guideline",
    undertaking="an undertaking to keep silent",
    clearance="clearance for the class of the data",
    contract="a contract in force with all that the law asks for",
    consent="agreement to see what can harm, for no more hours than allowed",
    country="a country from which the policy lets people label",
    conflict="a declaration that no conflict of interest stands against it",
)
LABELERS_UNKNOWN = declare(
    "LABELERS_UNKNOWN",
    "Which labeling policy is about %(asset)s, or who stands on its roster, is not known.",
    "Ask again: it is read from the records.",
)
LABELER_NOT_QUALIFIED = declare(
    "LABELER_NOT_QUALIFIED",
    "Nobody labels %(asset)s under %(policy)s who lacks: %(missing)s.",
    "Ask a compliance officer, or whoever owns or keeps the data, to enter them on the roster of the policy.",
    missing=GAPS,
)
LABELER_OF_ANOTHER_PART = declare(
    "LABELER_OF_ANOTHER_PART",
    "Nobody labels %(asset)s under %(policy)s as %(asked)s whom its roster names as %(listed)s.",
    "Ask for the part that the roster names, or have whoever keeps the roster enter them for the other part.",
    asked=PARTS,
    listed=PARTS,
)
LABELING_PART_UNKNOWN = declare(
    "LABELING_PART_UNKNOWN",
    "Whether %(asset)s is to be labeled as annotator, adjudicator or reviewer is not known.",
    "Say in the request for which part it asks.",
)
LABELER_PAUSED = declare(
    "LABELER_PAUSED",
    "Nobody labels %(asset)s under %(policy)s who is paused there: what they labeled was not steady.",
    "Have them trained anew; whoever keeps the roster of the policy then lifts the pause, with the reason.",
)
LABELER_ELSEWHERE = declare(
    "LABELER_ELSEWHERE",
    "Nobody labels %(asset)s under %(policy)s from %(place)s: the policy names other countries.",
    "Ask for access from a country that the policy names.",
)
LABELING_STANDS_STILL = declare(
    "LABELING_STANDS_STILL",
    "Nobody labels %(asset)s: %(policy)s is paused or closed.",
    "Wait until labeling goes on, or have it tried out anew.",
)
LABELING_UNGOVERNED = declare(
    "LABELING_UNGOVERNED",
    "No labeling policy is about %(asset)s, so nobody looks at who labels it.",
    "Record a labeling policy before a model learns from the labels.",
)
LABELING_UNREDACTED = declare(
    "LABELING_UNREDACTED",
    "Nobody labels %(asset)s yet: %(policy)s asks that what names people is taken out first, and no check"
    " says how well that was done.",
    "Have it taken out, and bring the check of the redaction: with enough planted names to show that"
    " %(needed)s of them are found, and with %(audited_needed)s items that people looked through.",
)
LABELING_REDACTION_MISSED = declare(
    "LABELING_REDACTION_MISSED",
    "Nobody labels %(asset)s: %(policy)s asks that what names people is taken out first, and the newest"
    " check misses that. %(found)s of %(planted)s planted names were taken out (with 95 percent at least"
    " %(recall)s, where %(needed)s is needed), and the %(audited)s items that were looked through"
    " (%(audited_needed)s are needed) name somebody %(left)s times (none may).",
    "Improve what takes them out, and bring the check of the redaction anew.",
)
LABELING_REDACTION_UNKNOWN = declare(
    "LABELING_REDACTION_UNKNOWN",
    "Whether what names people was taken out of %(asset)s, as %(policy)s may ask, is not known.",
    "Ask again: it is read from the records.",
)


def labeled_by_the_qualified(case: Case) -> Finding:
    """Of several policies about an asset one is enough: people label under one. What is not known of a policy
    counts as the strictest."""
    if Action.LABEL not in case.facts.actions:
        return case.clear()
    said = Said(case)
    stated, part = case.facts.labeling, case.facts.labeling_part
    for asset in case.facts.assets:
        if stated is None:
            said.not_known("labeling", "nobody is qualified")
            said.object(Effect.BLOCK, LABELERS_UNKNOWN, asset=asset.uid)
            continue
        about = [each for each in stated if each.asset == asset.uid]
        if not about:
            said.object(None, LABELING_UNGOVERNED, asset=asset.uid)
        elif not any(_opens(each, part) for each in about):
            _refuse(said, about, part, case.facts.place_of_processing or "")
    return case.answered(said, facts={"part": part.value if part else None})


def _opens(each: LabelingFacts, part: LabelerPart | None) -> bool:
    is_redacted = each.redaction is not None and each.redaction.is_met
    is_qualified = each.gaps == frozenset() and part is not None and each.parts <= {part}
    return each.is_open is True and is_qualified and is_redacted


def _refuse(said: Said, about: Iterable[LabelingFacts], part: LabelerPart | None, place: str) -> None:
    for each in about:
        named = {"asset": each.asset, "policy": each.policy}
        others = () if part is None else tuple(sorted(other.value for other in each.parts - {part}))
        if part is None:
            said.not_known("labeling_part", "another than theirs")
            said.object(Effect.BLOCK, LABELING_PART_UNKNOWN, asset=each.asset)
        elif others:
            said.object(Effect.DENY, LABELER_OF_ANOTHER_PART, asked=part.value, listed=others, **named)
        if each.gaps:
            missing = tuple(sorted(gap.value for gap in each.gaps - {LabelerGap.PAUSE, LabelerGap.PLACE}))
            if missing:
                said.object(Effect.DENY, LABELER_NOT_QUALIFIED, missing=missing, **named)
            if LabelerGap.PAUSE in each.gaps:
                said.object(Effect.DENY, LABELER_PAUSED, **named)
            if LabelerGap.PLACE in each.gaps:
                said.object(Effect.DENY, LABELER_ELSEWHERE, place=place, **named)
        elif each.is_open is False:
            said.object(Effect.DENY, LABELING_STANDS_STILL, **named)
        elif each.is_open is None or each.gaps is None:
            for name in ("is_open", "gaps"):
                if getattr(each, name) is None:
                    said.not_known(f"labeling.{name}", "the strictest")
            said.object(Effect.BLOCK, LABELERS_UNKNOWN, asset=each.asset)
        _unredacted(said, each)


def _unredacted(said: Said, each: LabelingFacts) -> None:
    """A check cures it, so it waits for one."""
    told = each.redaction
    named = {"asset": each.asset, "policy": each.policy}
    if told is None:
        said.not_known("labeling.redaction", "missed")
        said.object(Effect.BLOCK, LABELING_REDACTION_UNKNOWN, **named)
    elif not told.is_met and not told.is_checked:
        said.object(
            Effect.BLOCK,
            LABELING_UNREDACTED,
            needed=told.recall_needed,
            audited_needed=told.audited_needed,
            **named,
        )
    elif not told.is_met:
        said.object(
            Effect.BLOCK,
            LABELING_REDACTION_MISSED,
            found=told.found,
            planted=told.planted,
            recall=told.recall,
            needed=told.recall_needed,
            audited=told.audited,
            audited_needed=told.audited_needed,
            left=told.left,
            **named,
        )


RULES = (
    Rule(
        id="LABELING",
        type=RuleType.POLICY,
        articles=(
            "GDPR Art. 5(1)(c)",
            "GDPR Art. 28(3)",
            "GDPR Art. 29",
            "GDPR Art. 32(4)",
            "AI Act Art. 10(2)(c)",
        ),
        evaluate=labeled_by_the_qualified,
    ),
)

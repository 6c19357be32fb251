"""Measures that an assessment leaves to be done, and how each was shown to be done. Art. 35(7)(d) GDPR.

A measure is known by its words. What is to be done again is worded anew, or in another version's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import STAYS, Standing, Step, Taken, Taker
from apps.compliance.lifecycle.declaration import day, found, line
from apps.compliance.lifecycle.dpia.content import ActionItem, DpiaContent, DpiaStage
from apps.compliance.lifecycle.evidence import is_done, is_hashed
from apps.policy.reason import Reason, declare

FINISHING = "finish-measure"
ARTICLE = "Art. 35(7)(d) GDPR"
LAW = "GDPR Art. 35(7)(d)"


@dataclass(frozen=True, kw_only=True)
class Finished:
    measure: str = line(_("Measure"), _("In the words of the assessment."), article=ARTICLE, needed=True)
    done_on: date | None = day(_("Done on"), needed=True)
    evidence: str = line(_("Evidence"), _("Where what shows it is kept."), needed=True)
    evidence_sha256: str = line(
        _("SHA-256 of the evidence"), _("64 digits, so that nobody puts another in its place.")
    )


MEASURE_UNKNOWN = declare(
    "DPIA_MEASURE_UNKNOWN",
    "The assessment in force leaves no such measure to be done: %(measure)s.",
    "Name one of these in its words: %(open)s.",
)
MEASURE_DONE = declare(
    "DPIA_MEASURE_DONE",
    "That the measure is done stands in the log already: %(measure)s.",
    "Word it anew in a version of the record where it has to be done again.",
)


def finished_in(log: Iterable[Taken]) -> Mapping[str, Taken]:
    """By the words of the measure."""
    return {each.said.measure: each for each in log if each.step == FINISHING}


def still_open(content: DpiaContent, log: Iterable[Taken]) -> tuple[ActionItem, ...]:
    done = finished_in(log)
    return tuple(action for action in content.actions if action.what not in done)


def _shown(said: Finished, standing: Standing) -> Iterator[Reason]:
    left = {action.what for action in still_open(standing.content, standing.log)}
    if said.measure in finished_in(standing.log):
        yield found(MEASURE_DONE, "said.measure", "A19", LAW, measure=said.measure)
    elif said.measure and said.measure not in left:
        words = tuple(sorted(left)) or ("none",)
        yield found(MEASURE_UNKNOWN, "said.measure", "A19", LAW, measure=said.measure, open=words)
    yield from is_done(said.done_on, standing, LAW)
    yield from is_hashed(said.evidence_sha256, "said.evidence_sha256", LAW)


FINISH = Step(
    slug=FINISHING,
    verb=_("Finish a measure"),
    icon="check",
    before=tuple(DpiaStage),
    after=STAYS,
    taker=Taker.DECIDER,
    said=Finished,
    check=_shown,
    needs_description=True,
    lead=_("With what shows that it is done. From then on it holds back no access, and is due no more."),
)

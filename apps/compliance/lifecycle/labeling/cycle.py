"""How far a labeling policy is: tried out, approved, labeled by, paused, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.declaration import count, found, line, text
from apps.compliance.lifecycle.labeling.checks import OUT_OF_RANGE, RESEARCH, SHARE, share_of
from apps.compliance.lifecycle.labeling.content import LabelingPolicyContent
from apps.compliance.lifecycle.labeling.words import PolicyStage
from apps.policy.reason import Reason, declare

PILOT_SMALL = declare(
    "LABELING_PILOT_SMALL",
    "The pilot had %(items)s items; %(needed)s are needed to see how the guideline works.",
    "Label more items with the same guideline.",
)
PILOT_FAILED = declare(
    "LABELING_PILOT_FAILED",
    "The pilot reached %(reached)s, and labels below %(needed)s are not used.",
    "Sharpen the guideline, and try it out again.",
)
PILOT_ITEMS = 20


@dataclass(frozen=True, kw_only=True)
class Piloted:
    """What came out when the guideline was tried out."""

    items: int | None = count(_("Items that were labeled"), needed=True)
    reached: str = line(
        _("Agreement reached"), _("The lower bound of its 95 % interval, from 0 to 1."), needed=True
    )
    learned: str = text(_("What became of the guideline"), needed=True)


@dataclass(frozen=True, kw_only=True)
class Halted:
    why: str = text(_("Why"), needed=True)


def _pilot(said: Piloted, standing: Standing) -> Iterator[Reason]:
    content: LabelingPolicyContent = standing.content
    if said.items is not None and said.items < PILOT_ITEMS:
        yield found(PILOT_SMALL, "said.items", "L04", items=said.items, needed=PILOT_ITEMS)
    reached = said.reached.strip()
    if reached and not SHARE.fullmatch(reached):
        yield found(OUT_OF_RANGE, "said.reached", "", given=reached[:40])
    elif reached:
        needed = share_of(content.research_agreement, RESEARCH)
        if float(reached) < needed:
            told = {"reached": reached, "needed": f"{needed:g}"}
            yield found(PILOT_FAILED, "said.reached", "L04", "AI Act Art. 10(3)", **told)


S = PolicyStage
CYCLE = Cycle(
    begins=S.DRAFT,
    ends=(S.CLOSED,),
    stages=PolicyStage,
    steps=(
        Step(
            slug="pilot",
            verb=_("It was tried out"),
            icon="check",
            before=(S.DRAFT, S.PILOTED, S.PAUSED),
            after=S.PILOTED,
            taker=Taker.WRITER,
            said=Piloted,
            check=_pilot,
            needs_description=True,
            lead=_("A few items, labeled by several people with this guideline."),
        ),
        Step(
            slug="approve-labeling",
            verb=_("Approve labeling"),
            icon="approve",
            before=(S.PILOTED,),
            after=S.APPROVED,
            taker=Taker.DECIDER,
            needs_description=True,
            second_to="pilot",
        ),
        Step(
            slug="begin-labeling",
            verb=_("Labeling begins"),
            icon="activity",
            before=(S.APPROVED,),
            after=S.ACTIVE,
            taker=Taker.WRITER,
            needs_description=True,
        ),
        Step(
            slug="pause-labeling",
            verb=_("Pause labeling"),
            icon="pause",
            before=(S.APPROVED, S.ACTIVE),
            after=S.PAUSED,
            taker=Taker.DECIDER,
            said=Halted,
            lead=_("Until it goes on, no model is trained with what it made."),
        ),
        Step(
            slug="resume-labeling",
            verb=_("Labeling goes on"),
            icon="history",
            before=(S.PAUSED,),
            after=S.ACTIVE,
            taker=Taker.DECIDER,
            said=Halted,
            needs_description=True,
        ),
        Step(
            slug="close-labeling",
            verb=_("Labeling is over"),
            icon="archive",
            before=(S.APPROVED, S.ACTIVE, S.PAUSED),
            after=S.CLOSED,
            taker=Taker.DECIDER,
            said=Halted,
            lead=_(
                "Nobody labels by it any more. Models learn from what was labeled, as far as it is good"
                " enough; where none may, retire the record instead."
            ),
        ),
        Step(
            slug="begin-anew",
            verb=_("Its labels or its guideline changed"),
            icon="history",
            before=(S.PILOTED, S.APPROVED, S.ACTIVE, S.PAUSED),
            after=S.DRAFT,
            taker=Taker.MACHINE,
            needs_description=True,
        ),
    ),
    anew="begin-anew",
    anew_where=("task", "labels", "guideline_version", "guideline_sha256"),
)
GOVERNING = (S.APPROVED.value, S.ACTIVE.value, S.CLOSED.value)
"""Stages at which labels that were made under a policy may be learned from: it was tried out and approved."""

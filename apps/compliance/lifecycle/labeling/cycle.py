"""How far a labeling policy is: tried out, approved, labeled by, paused, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.declaration import choice, count, found, line, text
from apps.compliance.lifecycle.evidence import is_hashed
from apps.compliance.lifecycle.labeling.checks import OUT_OF_RANGE, RESEARCH, SHARE, share_of
from apps.compliance.lifecycle.labeling.content import LabelingPolicyContent
from apps.compliance.lifecycle.labeling.words import PilotBasis, PolicyStage
from apps.kernel.contributions import Question
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
PILOT_UNDEFINED = declare(
    "LABELING_PILOT_UNDEFINED",
    "In the labels of the pilot agreement is undefined, so nobody knows whether the guideline works.",
    "Have items of every class labeled by several people, and measure a pilot that says who labeled what.",
)
PILOT_MEASURED = declare(
    "LABELING_PILOT_MEASURED",
    "A pilot of this version was measured here (%(reached)s of %(items)s items), and what is typed does not"
    " count beside it.",
    "Leave the figures empty, or measure the labels of another pilot.",
)
PILOT_UNSHOWN = declare(
    "LABELING_PILOT_UNSHOWN",
    "No pilot of this version was measured here, and nothing shows the figures that are given.",
    "Bring the labels of the pilot to be measured, or say where its report is kept, or give the hash of it.",
)
PILOT_ITEMS = 20
TRYING_OUT = Question(name="compliance.try_out_labeling", about="legal_record")
"""Floors above show the newest pilot that was measured by the approved version, as a `Pilot`."""


def _is_typed(said: Any) -> bool:
    """Where one of the figures was."""
    return said.items is not None or bool(said.reached)


@dataclass(frozen=True, kw_only=True)
class Piloted:
    """What came out when the guideline was tried out. Where a pilot was measured here, its figures and the
    hash of its labels stand here instead of typed ones."""

    learned: str = text(_("What became of the guideline"), needed=True)
    items: int | None = count(
        _("Items that were labeled"), _("Empty means: as was measured here."), needed=_is_typed
    )
    reached: str = line(
        _("Agreement reached"),
        _("The lower bound of its 95 % interval, from 0 to 1. Empty means: as was measured here."),
        needed=_is_typed,
    )
    report: str = line(
        _("Where it is shown"), _("The report or the labels, where nothing was measured here.")
    )
    sha256: str = line(_("Hash"), _("Of that file, by SHA-256."), longest=64)
    basis: PilotBasis = choice(PilotBasis, _("How it is known"), is_filled_in=True, empty=PilotBasis.TOLD)


@dataclass(frozen=True, kw_only=True)
class Halted:
    why: str = text(_("Why"), needed=True)


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """As it was measured: `items` were answered by as many people as the policy asks; `lower` is the lower
    bound of the agreement, `None` where that is undefined."""

    items: int
    lower: float | None
    sha256: str

    @property
    def reached(self) -> str:
        return "" if self.lower is None else f"{self.lower:.4f}"


def _measured(standing: Standing) -> Pilot | None:
    """The newest."""
    rows = [row for exhibit in standing.shown for row in exhibit.rows]
    return Pilot(**rows[0]) if rows else None


def _pilot(said: Piloted, standing: Standing) -> Iterator[Reason]:
    measured = _measured(standing)
    is_typed = _is_typed(said) or bool(said.report or said.sha256)
    if measured is None:
        yield from _told(said, standing.content)
    elif is_typed:
        reached = measured.reached or "undefined"
        yield found(PILOT_MEASURED, "said.reached", "L04", items=measured.items, reached=reached)
    else:
        yield from short_of(measured, standing.content)


def short_of(measured: Pilot, content: LabelingPolicyContent) -> Iterator[Reason]:
    """What keeps the policy from being tried out with what was measured."""
    yield from _of_figures(measured.items, measured.lower, content)
    if measured.lower is None:
        yield found(PILOT_UNDEFINED, "", "L04", "AI Act Art. 10(3)")


def _told(said: Piloted, content: LabelingPolicyContent) -> Iterator[Reason]:
    reached = said.reached
    if not (_is_typed(said) and (said.report or said.sha256)):
        yield found(PILOT_UNSHOWN, "said.report", "L04", "AI Act Art. 10(3)")
    yield from is_hashed(said.sha256, "said.sha256", "AI Act Art. 10(3)")
    if reached and not SHARE.fullmatch(reached):
        yield found(OUT_OF_RANGE, "said.reached", "", given=reached[:40])
        reached = ""
    yield from _of_figures(said.items, float(reached) if reached else None, content)


def _of_figures(items: int | None, lower: float | None, content: LabelingPolicyContent) -> Iterator[Reason]:
    if items is not None and items < PILOT_ITEMS:
        yield found(PILOT_SMALL, "said.items", "L04", items=items, needed=PILOT_ITEMS)
    needed = max(share_of(content.research_agreement, RESEARCH), RESEARCH)
    if lower is not None and lower < needed:
        told = {"reached": f"{lower:.4g}", "needed": f"{needed:g}"}
        yield found(PILOT_FAILED, "said.reached", "L04", "AI Act Art. 10(3)", **told)


def _completed(said: Piloted, standing: Standing) -> Piloted:
    measured = _measured(standing)
    if measured is None:
        return replace(said, basis=PilotBasis.TOLD)
    return replace(
        said,
        items=measured.items,
        reached=measured.reached,
        sha256=measured.sha256,
        basis=PilotBasis.MEASURED,
    )


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
            asks=TRYING_OUT,
            completed=_completed,
            needs_description=True,
            lead=_(
                "A few items, labeled by several people with this guideline. Where their labels were measured"
                " here, the newest figures count."
            ),
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

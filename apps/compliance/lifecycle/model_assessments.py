"""What becomes of a model that learned from data which were taken back, and whether it may be released.

That consent is withdrawn does not by itself make a model unlawful (EDPB Opinion 28/2024): somebody looks,
says whether people's data can be got out of it, and on what ground it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Choice
from apps.policy.reason import Reason, Value, declare


class ModelOutcome(Choice):
    KEEP = (
        "keep",
        _("Keep it"),
        "EDPB 28/2024",
        _("Only where nobody's data can be got out of it, or where another ground carries it."),
    )
    UNLEARN = "unlearn", _("Make it forget"), "", _("What it learned from these data is taken out of it.")
    RETRAIN = "retrain", _("Train it anew"), "", _("A new version learns without these data.")
    RETIRE = "retire", _("Retire it"), "", _("It is used no more.")


@dataclass(frozen=True, kw_only=True)
class ModelVerdict:
    """What somebody found: whether personal data can be got out of the model, another ground, and the end of
    it. `anonymity_ref` names the assessment by which it is held to be anonymous."""

    is_extractable: bool | None
    other_ground: str
    anonymity_ref: str
    outcome: ModelOutcome
    why: str


KEPT_WITHOUT_GROUND = declare(
    "MODEL_KEPT_WITHOUT_GROUND",
    "The model may hold personal data, and no other ground carries it.",
    "Name another ground or the assessment of its anonymity; or have it forget, be trained anew or retired.",
)
ASSESSMENT_OPEN = declare(
    "MODEL_ASSESSMENT_OPEN",
    "Version %(version)s of %(model)s learned from data that %(occurrence)s is about, and nobody has said "
    "yet what becomes of it.",
    "Have the model assessed by %(due_on)s.",
)
MODEL_TO_BE_REPLACED = declare(
    "MODEL_TO_BE_REPLACED",
    "It was decided that version %(version)s of %(model)s is not kept as it is: %(outcome)s.",
    "Release a version that was made since, without the data.",
)
DATA_HELD = declare(
    "MODEL_DATA_HELD",
    "%(occurrence)s is in effect on data that version %(version)s of %(model)s was made from.",
    "Wait until it is lifted, or make a version without the data.",
)
LINEAGE_UNKNOWN = declare(
    "MODEL_LINEAGE_UNKNOWN",
    "Nobody has said what version %(version)s of %(model)s was trained on.",
    "Name its training data: what is not known never reads as none.",
)


def objections_to(verdict: ModelVerdict) -> Iterator[Reason]:
    """Kept as it is only where it holds nobody's data, or something else carries it."""
    is_carried = verdict.other_ground.strip() or verdict.anonymity_ref.strip()
    if verdict.outcome is ModelOutcome.KEEP and verdict.is_extractable is not False and not is_carried:
        articles = ("GDPR Art. 17(1)(b)", "EDPB 28/2024")
        yield Reason(code=KEPT_WITHOUT_GROUND, field="outcome", articles=articles)


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """Something that stands against a release: an assessment with its outcome, or an occurrence (`due_on`
    empty) that holds releases while it is in effect."""

    occurrence: str
    due_on: str = ""
    outcome: ModelOutcome | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """A version of a model, as far as what it was made from goes."""

    model: str
    version: int
    has_training_data: bool
    questions: tuple[OpenQuestion, ...] = ()


def obstacles_to_release(facts: ReleaseFacts) -> tuple[Reason, ...]:
    """Everything that is in the way; empty where nothing is."""
    return tuple(_obstacles(facts))


def _obstacles(facts: ReleaseFacts) -> Iterable[Reason]:
    named: dict[str, Value] = {"model": facts.model, "version": facts.version}
    if not facts.has_training_data:
        yield Reason(code=LINEAGE_UNKNOWN, facts=named)
    for question in facts.questions:
        stated: dict[str, Value] = {**named, "occurrence": question.occurrence}
        if question.outcome is None and question.due_on:
            yield Reason(code=ASSESSMENT_OPEN, facts={**stated, "due_on": question.due_on})
        elif question.outcome is None:
            yield Reason(code=DATA_HELD, facts=stated)
        elif question.outcome is not ModelOutcome.KEEP:
            yield Reason(code=MODEL_TO_BE_REPLACED, facts={**named, "outcome": question.outcome.value})

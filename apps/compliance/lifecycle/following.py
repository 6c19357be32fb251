"""Which occurrences follow from where a record stands. No database here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.compliance.lifecycle.cycle import Taken
from apps.compliance.lifecycle.dpia import APPROVED_STAGES, DpiaStage
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.rights import RightsContent, RightsOutcome, RightsStage, RightsType
from apps.compliance.lifecycle.use_agreements import ENDED, AgreementStage, UseAgreementContent

T, H = RightsType, Happening

AT_ONCE = {
    T.RESTRICTION: H.RESTRICTION,
    T.OBJECTION: H.OBJECTION,
    T.OBJECTION_MARKETING: H.OBJECTION,
    T.OBJECTION_RESEARCH: H.OBJECTION,
    T.WITHDRAWAL: H.CONSENT_WITHDRAWN,
}
"""While they are worked on: nobody waits for a decision to be left alone, or to take back their yes."""
WHEN_GRANTED = {T.ERASURE: H.ERASURE_GRANTED, T.RECTIFICATION: H.RECTIFICATION}
GRANTED = frozenset({RightsOutcome.FULFILLED, RightsOutcome.PARTIALLY})
REFUSED = frozenset({RightsOutcome.REFUSED, RightsOutcome.NO_DATA})
AT_WORK = frozenset({RightsStage.IN_PROGRESS, RightsStage.EXTENDED})


@dataclass(frozen=True, kw_only=True)
class Takes:
    """An occurrence takes effect."""

    happening: Happening
    said: str


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """One that is in effect holds no more."""

    happening: Happening
    said: str


Follows = Takes | Lifted


def what_follows_a_request(content: RightsContent, stage: str, log: tuple[Taken, ...]) -> Iterator[Follows]:
    """Of a request of a data subject. A refused objection is lifted; a withdrawal is nobody's to refuse."""
    if content.type is None:
        return
    if stage in AT_WORK and content.type in AT_ONCE:
        yield Takes(happening=AT_ONCE[content.type], said="It was asked for, and binds at once.")
    decided = next((taken for taken in reversed(log) if taken.step == "decide"), None)
    if stage != RightsStage.DECIDED or decided is None:
        return
    outcome = decided.said.outcome
    if outcome in GRANTED and content.type in WHEN_GRANTED:
        yield Takes(happening=WHEN_GRANTED[content.type], said="The request was granted.")
    if outcome in REFUSED and content.type is T.ERASURE:
        yield Takes(happening=H.ERASURE_REFUSED, said="The request was refused.")
    if outcome in REFUSED and content.type in AT_ONCE and content.type is not T.WITHDRAWAL:
        yield Lifted(happening=AT_ONCE[content.type], said="The request was refused.")


def what_follows_a_dpia(stage: str) -> Iterator[Follows]:
    """Something material changed (Art. 35(11)), until the assessment is approved anew."""
    if stage == DpiaStage.OUTDATED:
        yield Takes(happening=H.DPIA_OUTDATED, said="Something material changed.")
    if stage in APPROVED_STAGES:
        yield Lifted(happening=H.DPIA_OUTDATED, said="The assessment was approved anew.")


def what_follows_an_agreement(content: UseAgreementContent, stage: str) -> Iterator[Follows]:
    """Over, its data are to be gone, unless it says that nothing has to be; renewed, they may stay."""
    if stage in ENDED and content.needs_destruction_certificate is not False:
        yield Takes(happening=H.AGREEMENT_ENDED, said="The agreement under which the data came is over.")
    elif stage not in ENDED and stage != AgreementStage.CERTIFIED:
        yield Lifted(happening=H.AGREEMENT_ENDED, said="The agreement goes on.")

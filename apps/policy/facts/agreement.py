"""Agreements on the use of data, and the use that is meant (Data Use Ontology)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.policy.law_words import AgreementState, DuoModifier, DuoPermission, ResearchUse
from apps.policy.stated import Stated
from apps.policy.vocabulary import Until


@dataclass(frozen=True, kw_only=True)
class AgreementFacts(Stated):
    """One agreement the version came under. The sets are the parameters of permission and modifiers.

    `purposes` are concepts, admitted as those of a column are.
    """

    ref: str
    version: str
    state: AgreementState | None
    ends_on: Until
    purposes: frozenset[str] | None
    permission: DuoPermission | None
    modifiers: frozenset[DuoModifier] | None
    diseases: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    moratorium_until: date | None = None
    forbids_reidentification: bool | None = None
    forbids_sharing: bool | None = None
    needs_publication_review: bool | None = None
    needs_destruction_certificate: bool | None = None


@dataclass(frozen=True, kw_only=True)
class UseFacts(Stated):
    """What the requester says about the use; an agreement asks for some of it."""

    kind: ResearchUse | None
    is_commercial: bool | None
    is_for_profit: bool | None
    diseases: frozenset[str] | None = None
    is_genetic: bool | None = None
    has_ethics_document: bool | None = None
    is_collaboration_agreed: bool | None = None
    institution: str | None = None
    project: str | None = None
    region: str | None = None
    topic: str | None = None

"""Terms of the hierarchy of purposes: as commands are given them, one's own, and those out of use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.classification.commands.categories import LOCAL, check_code
from apps.classification.errors import (
    TERM_OUT_OF_USE,
    TERM_PARENT_MISSING,
    TERM_PARENT_UNKNOWN,
    TERM_SUCCESSOR_UNKNOWN,
    TERM_TAKEN,
    TERM_USED_ELSEWHERE,
)
from apps.compliance.errors import CONCEPT_IS_ROOT, CONCEPT_UNKNOWN
from apps.compliance.events import ConceptAdded, ConceptDeprecated
from apps.compliance.models import PermittedPurpose, PurposeConcept, PurposeVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, conflict, invalid, invalid_state, rule_broken
from apps.policy.reason import Reason

LOCAL_PURPOSES = "urn:lakewarden:purpose:"


@dataclass(frozen=True, kw_only=True)
class ConceptDraft:
    """A kind of purpose of one's own. Of several parents every one has to be permitted."""

    code: str
    label: str
    definition: str
    parent_codes: Sequence[str]


@command
def add_concept(*, actor: Actor, draft: ConceptDraft, at: datetime) -> PurposeConcept:
    """Put a kind of purpose below those there are.  Raises: NotPermitted, InvalidInput, Conflict."""
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=_of_the_house(actor))
    check_code(draft.code)
    if PurposeConcept.objects.filter(code__iexact=draft.code).exists():
        raise conflict(TERM_TAKEN, term=draft.code)
    parents = _parents(draft.parent_codes)
    added = PurposeConcept.objects.create(
        scheme=LOCAL,
        code=draft.code,
        iri=f"{LOCAL_PURPOSES}{draft.code}",
        label=present(draft.label),
        definition=present(draft.definition),
        since=at.date(),
        created_at=at,
    )
    added.parents.set(parents)
    event = ConceptAdded(purpose_concept_id=added.uid, code=added.code, parents=tuple(draft.parent_codes))
    record(event, actor=actor, at=at)
    return added


@command(lock=PurposeConcept)
def deprecate_concept(
    *, actor: Actor, purpose_concept_id: UUID, replaced_by_code: str = "", at: datetime
) -> PurposeConcept:
    """Take a kind of purpose out of use: records that name it stay, and no new one names it.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput, RuleBroken (the root; another
    organization still needs it).
    """
    concept = PurposeConcept.objects.visible_to(actor).for_update(purpose_concept_id)
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=_of_the_house(actor))
    if concept.deprecated_on is not None:
        raise invalid_state(TERM_OUT_OF_USE, term=concept.code)
    if not concept.parents.exists():
        raise rule_broken(CONCEPT_IS_ROOT)
    successor = None
    if replaced_by_code:
        others = PurposeConcept.objects.in_use().exclude(pk=concept.pk)
        successor = others.filter(code=replaced_by_code).first()
        if successor is None:
            raise invalid("replaced_by_code", TERM_SUCCESSOR_UNKNOWN, term=replaced_by_code)
    if not actor.is_system and _is_used_elsewhere(concept, actor):
        raise rule_broken(TERM_USED_ELSEWHERE, term=concept.code)
    concept.deprecated_on, concept.replaced_by = at.date(), successor
    concept.write("deprecated_on", "replaced_by")
    event = ConceptDeprecated(
        purpose_concept_id=concept.uid, code=concept.code, replaced_by=replaced_by_code or None
    )
    record(event, actor=actor, at=at)
    return concept


def concept_in_use(field: str, code: str) -> PurposeConcept:
    """V-23.  Raises: InvalidInput where the code is unknown or no longer in use."""
    concept = PurposeConcept.objects.in_use().filter(code=code).first()
    if concept is None:
        facts = {"concept": code}
        raise InvalidInput(Reason(code=CONCEPT_UNKNOWN, rule="V-23", field=field, facts=facts))
    return concept


def _parents(codes: Collection[str]) -> list[PurposeConcept]:
    if not codes:
        raise invalid("parent_codes", TERM_PARENT_MISSING)
    found = {each.code: each for each in PurposeConcept.objects.in_use().filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise invalid("parent_codes", TERM_PARENT_UNKNOWN, term=code[:80])
    return list(found.values())


def _of_the_house(actor: Actor) -> Resource:
    """The hierarchy is the installation's; an office reaches as far as one's organization."""
    return Resource(kind="purpose concept", organization_id=actor.organization_id or 0)


def _is_used_elsewhere(concept: PurposeConcept, actor: Actor) -> bool:
    """By a purpose of another organization in its newest words, or by what is permitted on its data."""
    own = actor.organization_id or 0
    newest = PurposeVersion.objects.filter(purpose=OuterRef("purpose")).order_by("-number").values("pk")[:1]
    named = PurposeVersion.objects.filter(concept=concept, pk=Subquery(newest))
    permitted = PermittedPurpose.objects.in_force().filter(concept=concept)
    return (
        named.exclude(purpose__organization=own).exists()
        or permitted.exclude(version__asset__organization=own).exists()
    )

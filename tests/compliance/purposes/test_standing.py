"""A purpose stands, rests, ends, and is told to policy."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from apps.accounts.roles import Role
from apps.compliance import commands, queries
from apps.compliance.facts import purpose_facts, purpose_parents
from apps.compliance.lifecycle import PurposeStanding
from apps.compliance.models import Purpose, PurposeConcept
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotPermitted,
)
from apps.policy.facts import NO_LIMIT, PurposeState
from apps.policy.purposes import permits
from apps.policy.vocabulary import Art9Condition, Presumption
from tests.compliance.purposes.reading import today
from tests.factories import accounts as people
from tests.factories.compliance import (
    approved_purpose,
    drafted_purpose,
    purpose_content,
)
from tests.factories.impacts import ENDING_PURPOSE, looked_at

pytestmark = pytest.mark.django_db


def test_a_purpose_is_suspended_resumed_withdrawn_and_then_gone(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    at = database_now()
    assert queries.purposes_in_force(world[Role.SCIENTIST].actor, at=at).count() == 1
    with pytest.raises(InvalidInput, match="PURPOSE_STANDING_REASON_MISSING"):
        commands.suspend_purpose(actor=writer, purpose_id=purpose.uid, reason="")
    with pytest.raises(NotPermitted):
        commands.suspend_purpose(actor=world[Role.STEWARD].actor, purpose_id=purpose.uid, reason="A breach.")
    seen = looked_at(ENDING_PURPOSE, purpose.uid)
    purpose = commands.suspend_purpose(
        actor=writer, purpose_id=purpose.uid, reason="A breach.", seen_impact=seen
    )
    assert purpose_facts(purpose, on=today()).state is PurposeState.SUSPENDED
    assert not queries.purposes_in_force(world[Role.SCIENTIST].actor, at=at).exists()
    purpose = commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).state is PurposeState.ACTIVE
    with pytest.raises(InvalidState, match="PURPOSE_STANDING"):
        commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    purpose = commands.withdraw_purpose(
        actor=writer, purpose_id=purpose.uid, reason="Given up.", seen_impact=seen
    )
    assert purpose_facts(purpose, on=today()).state is PurposeState.WITHDRAWN
    with pytest.raises(InvalidState):
        commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(InvalidState, match="PURPOSE_WITHDRAWN_FOR_GOOD"):
        commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=purpose_content())


@pytest.mark.parametrize("stop", [commands.suspend_purpose, commands.withdraw_purpose])
def test_what_was_never_approved_is_not_stopped(
    world: people.World, writer: Actor, approver: Actor, stop: Callable[..., Purpose]
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    seen = looked_at(ENDING_PURPOSE, purpose.uid)
    stopped = functools.partial(
        stop, actor=writer, purpose_id=purpose.uid, reason="A breach.", seen_impact=seen
    )
    with pytest.raises(InvalidState, match="PURPOSE_NEVER_APPROVED"):
        stopped()
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(InvalidState, match="PURPOSE_NEVER_APPROVED"):
        stopped()
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert stopped().standing != PurposeStanding.STANDING


def test_a_retired_purpose_has_expired(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    with pytest.raises(InvalidState, match="RECORD_NOT_APPROVED"):
        commands.retire_purpose(actor=writer, purpose_id=purpose.uid)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    commands.retire_purpose(actor=writer, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).state is PurposeState.EXPIRED


def test_facts_of_a_purpose_say_whether_its_conditions_are_complete(
    world: people.World, approver: Actor
) -> None:
    facts = purpose_facts(
        approved_purpose(
            world.organization,
            approver,
            art9_conditions=frozenset({Art9Condition.HEALTH_CARE}),
            art9_law_ref="§ 22",
            has_professional_secrecy=True,
        ),
        on=today(),
    )
    assert facts.has_legal_ground and facts.art9_has_law_ref and facts.art9_has_safeguards
    assert (facts.valid_to, facts.presumption, facts.art10_basis) == (NO_LIMIT, Presumption.NONE, None)
    without = approved_purpose(world.organization, approver, lawful_basis=None, lia_ref="")
    plain = purpose_facts(without, on=today())
    assert (plain.lawful_basis, plain.has_legal_ground) == (None, False)


def test_the_hierarchy_is_whole_and_a_concept_is_permitted_only_by_all_its_parents() -> None:
    concepts = {each.code: each for each in PurposeConcept.objects.prefetch_related("parents")}
    assert len(concepts) == 122
    roots = [code for code, each in concepts.items() if not each.parents.all()]
    assert roots == ["Purpose"]
    parents = purpose_parents("CommercialResearch")
    assert parents["CommercialResearch"] == {"CommercialPurpose", "ResearchAndDevelopment"}
    assert parents["Purpose"] == frozenset()
    assert not permits({"ResearchAndDevelopment"}, "CommercialResearch", parents)
    assert permits({"ResearchAndDevelopment", "CommercialPurpose"}, "CommercialResearch", parents)
    for code in concepts:
        assert "Purpose" in purpose_parents(code), code

"""What came of a request is judged by nobody who has an interest in it, in whatever disguise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.access import errors
from apps.access.commands import (
    ConditionDraft,
    Terms,
    approve_request,
    resume_grant,
    review_break_glass,
    satisfy_condition,
    show_evidence,
    suspend_grant,
)
from apps.access.models import Condition, Grant
from apps.access.queries import conditions_asked, conditions_visible_to, may_confirm
from apps.accounts.commands import assign_role
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.policy.conditions import ConditionKind
from apps.policy.eligibility import DELEGATION_WITH_PARTY, OWN_BENEFIT, OWN_PROJECT
from tests.access.refusals import refused
from tests.access.seats import delegated
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    about_nobody,
    asked,
    bound,
    broken,
    draft,
    granted,
    seen,
    thing,
)

SO = "Looked into."


def of_a_project(world: AccessWorld) -> Grant:
    lead, members = world.players["scientist"].person, (world.players["officer"].account,)
    project = people.project(world, lead, *members)
    return granted(world, project_id=project.uid)


def of_a_delegator(world: AccessWorld) -> Grant:
    delegated(world, "scientist", "officer")
    return granted(world)


def of_a_delegate(world: AccessWorld) -> Grant:
    delegated(world, "officer", "scientist")
    return granted(world)


def of_one_represented(world: AccessWorld) -> Grant:
    """The officer stands in for an owner, who has the grant."""
    delegated(world, "owner", "officer")
    return granted(world, "owner")


TIES = [
    (of_a_project, OWN_PROJECT),
    (of_a_delegator, DELEGATION_WITH_PARTY),
    (of_a_delegate, DELEGATION_WITH_PARTY),
    (of_one_represented, OWN_BENEFIT),
]


@pytest.mark.parametrize(("tied", "why"), TIES)
def test_who_is_tied_to_a_grant_neither_lets_it_go_on_nor_confirms_what_it_is_bound_to(
    tied: Callable[[AccessWorld], Grant], why: str, world: AccessWorld
) -> None:
    grant = tied(world)
    condition = bound(grant, evidence="Filed.")
    suspend_grant(actor=world["steward"], grant_id=grant.uid, comment=SO)
    with refused(NotPermitted, errors.RESUMES_OWN_GRANT, why):
        resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    with refused(NotPermitted, errors.OWN_EVIDENCE, why):
        satisfy_condition(actor=world["officer"], condition_id=condition.uid)
    assert not listed(world["officer"], condition)
    assert listed(world["second_officer"], condition)
    satisfy_condition(actor=world["second_officer"], condition_id=condition.uid)
    resume_grant(actor=world["second_officer"], grant_id=grant.uid, comment=SO)


@pytest.mark.parametrize("ends", [("on_call", "officer"), ("officer", "on_call")])
def test_who_a_delegation_ties_to_an_emergency_does_not_review_it(
    ends: tuple[str, str], world: AccessWorld
) -> None:
    glass = broken(world)
    delegated(world, *ends)
    review: dict[str, Any] = {"break_glass_id": glass.uid, "is_justified": True, "comment": SO}
    with refused(NotPermitted, errors.GLASS_OWN):
        review_break_glass(actor=world["officer"], **review)
    review_break_glass(actor=world["second_officer"], **review)


def test_whom_the_list_asks_to_confirm_is_whom_the_command_lets(world: AccessWorld) -> None:
    """Each once, though they own several of the assets; and no officer of another place who only looks on."""
    other = thing(world.domain, world["steward"], about_nobody("porosity"))
    wanted = draft(world.harmless, world.purposes["rock"], other, actions=["read", "export"])
    request = asked(world["scientist"], wanted)
    said = ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the confidentiality statement.")
    approve_request(actor=world["owner"], terms=Terms(conditions=(said,)), **seen(request))
    condition = Condition.objects.get(request=request)
    show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence="Filed.")
    everybody = {name: player.actor for name, player in world.players.items()}
    everybody["onlooker"] = _onlooker(world)
    asked_of = {name for name, actor in everybody.items() if listed(actor, condition)}
    assert asked_of == {"owner", "second_owner", "officer", "second_officer", "owner_and_officer"}


def listed(actor: Actor, condition: Condition) -> bool:
    """Whether the actor is asked to confirm it; the list and the single answer agree."""
    now = database_now()
    rows = [row for row in conditions_asked(actor, at=now) if row == condition]
    may = any(may_confirm(actor, row, at=now) for row in conditions_visible_to(actor).filter(pk=condition.pk))
    assert len(rows) == int(may)
    return may


def _onlooker(world: AccessWorld) -> Actor:
    """Sees everything as the data protection officer, and is a compliance officer of another domain."""
    player = people.player(world.organization, Role.DPO)
    elsewhere = people.domain(world.organization)
    assign_role(
        actor=SYSTEM,
        person_id=player.person.uid,
        role=Role.COMPLIANCE_OFFICER,
        organization_id=world.organization.uid,
        domain_id=elsewhere.uid,
    )
    return actor_of(player.account)

"""Ways to data around those who decide: by a project, by a program, by one's own description."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from apps.access import errors
from apps.access.commands import AgreementTarget, publish_agreement
from apps.access.models import Grant
from apps.access.queries import (
    agreements_visible_to,
    draft_preview,
    why_not_effective,
    why_not_usable,
)
from apps.accounts import commands as accounts
from apps.accounts.errors import DECIDED_FOR_PROJECT, HANDED_TO_ONESELF, PROJECT_TO_ONESELF
from apps.accounts.events import ServiceAccountHandedOver
from apps.accounts.models import Account, Audience, ConflictKind, Project
from apps.accounts.queries.targets import names_of_targets
from apps.accounts.roles import ObjectPermission
from apps.audit.models import AuditEvent
from apps.catalog import commands as catalog
from apps.catalog.models import AssetUserPermission
from apps.credentials import tasks
from apps.credentials.commands import reserve_lease
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from apps.kernel.events import subscribers_of
from apps.policy.decision import Effect
from tests.access.refusals import refused
from tests.factories import access as house
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import AccessWorld, about_nobody, approved, asked, draft, granted


@pytest.fixture
def project(world: AccessWorld) -> Project:
    """Led by the scientist, who belongs to it alone."""
    return people.project(world, world.players["scientist"].person)


def of_project(world: AccessWorld, project: Project) -> Grant:
    """On data about people, decided by the owner and the officer."""
    wanted = draft(world.personal, world.purposes["pay"], project_id=project.uid)
    request = approved(asked(world["scientist"], wanted), world["owner"], world["officer"])
    return Grant.objects.get(revision=request.revision)


def join(world: AccessWorld, project: Project, who: str, *, let_in_by: str = "scientist") -> None:
    accounts.add_member(
        actor=world[let_in_by], project_id=project.uid, username=world.players[who].account.username
    )


def key_of(world: AccessWorld, grant: Grant, account: Account) -> Lease:
    now = database_now()
    return Lease.objects.create(
        grant=grant,
        lake=things.lake(world.domain),
        role_arn="arn:aws:iam::000000000001:role/portal",
        decision_substance=grant.decision.substance,
        account=account,
        person=account.person,
        state=LeaseState.ISSUED,
        issued_at=now,
        expires_at=grant.not_after,
        created_at=now,
    )


def test_nobody_lets_themselves_into_a_project(world: AccessWorld, project: Project) -> None:
    administrator = world.players["administrator"]
    with refused(RuleBroken, PROJECT_TO_ONESELF, field="username"):
        join(world, project, "administrator", let_in_by="administrator")
    with refused(RuleBroken, PROJECT_TO_ONESELF, field="lead_id"):
        accounts.change_project(
            actor=administrator.actor, project_id=project.uid, lead_id=administrator.person.uid
        )
    join(world, project, "colleague", let_in_by="administrator")
    accounts.change_project(
        actor=administrator.actor,
        project_id=project.uid,
        lead_id=world.players["colleague"].person.uid,
    )


def test_who_decided_for_a_project_uses_nothing_of_it_by_joining_later(
    world: AccessWorld, project: Project
) -> None:
    """Nobody lets them in; where a machine did, a key is refused to them."""
    grant = of_project(world, project)
    with refused(RuleBroken, DECIDED_FOR_PROJECT, field="username"):
        join(world, project, "owner")
    with refused(RuleBroken, DECIDED_FOR_PROJECT, field="lead_id"):
        accounts.change_project(
            actor=world["administrator"], project_id=project.uid, lead_id=world.players["officer"].person.uid
        )
    join(world, project, "colleague")
    people.join(project, world.players["owner"].account)
    with refused(InvalidState, errors.DECIDED_ITSELF):
        reserve_lease(actor=world["owner"], grant_id=grant.uid, idempotency_key="")
    colleague = world.players["colleague"].person
    assert why_not_usable(grant, colleague, at=database_now()) == ()


def test_a_program_that_is_handed_over_loses_what_others_decided_for_its_owner(
    world: AccessWorld,
) -> None:
    grant = granted(world, service_account_id=world.robot.uid)
    team = people.team(world.organization, world.robot)
    catalog.give_asset_permission(
        actor=world["administrator"],
        asset_id=world.personal.asset.uid,
        permission=ObjectPermission.OWN,
        holder_id=world.robot.uid,
    )
    key = key_of(world, grant, world.robot)
    tasks.recheck_keys_for_account(world.robot.uid)
    assert why_not_effective(grant, at=database_now()) == ()
    heir = world.players["colleague"].person
    accounts.hand_over_service_account(
        actor=world["administrator"], account_id=world.robot.uid, person_id=heir.uid
    )
    with refused(InvalidState, errors.HANDED_OVER_SINCE):
        reserve_lease(actor=people.actor_of(_fresh(world)), grant_id=grant.uid, idempotency_key="")
    assert not Group.objects.filter(user=world.robot).exists()
    assert not AssetUserPermission.objects.filter(user=world.robot).exists()
    told = AuditEvent.objects.get(name="accounts.account.handed_over", subject_uid=world.robot.uid)
    assert (told.data["team_ids"], told.data["permissions_ended"]) == ([str(team.uid)], 1)
    key.refresh_from_db()
    assert key.state == LeaseState.ISSUED
    tasks.recheck_keys_for_account(world.robot.uid)
    key.refresh_from_db()
    assert key.state == LeaseState.REVOKE_REQUESTED
    assert any("recheck_keys_for_account" in name for name in subscribers_of(ServiceAccountHandedOver.name))


def test_nobody_hands_a_program_over_to_themselves(world: AccessWorld) -> None:
    administrator = world.players["administrator"]
    with refused(RuleBroken, HANDED_TO_ONESELF, field="person_id"):
        accounts.hand_over_service_account(
            actor=administrator.actor, account_id=world.robot.uid, person_id=administrator.person.uid
        )


def test_what_a_member_described_themselves_is_not_granted_to_the_project_at_once(
    world: AccessWorld, project: Project
) -> None:
    """The steward calls data harmless, and has a project that they belong to ask for them."""
    own = house.thing(world.domain, world["steward"], about_nobody("depth"))
    wanted = draft(own, world.purposes["rock"], project_id=project.uid)
    assert draft_preview(world["scientist"], wanted).answer.decision.effect is Effect.PERMIT
    join(world, project, "steward")
    request = asked(world["scientist"], wanted)
    assert (request.state, Grant.objects.filter(revision=request.revision).exists()) == ("in_review", False)


def test_who_described_the_data_joins_later_and_takes_no_key_of_what_nobody_decided(
    world: AccessWorld, project: Project
) -> None:
    own = house.thing(world.domain, world["steward"], about_nobody("depth"))
    described = asked(world["scientist"], draft(own, world.purposes["rock"], project_id=project.uid))
    grant = Grant.objects.get(revision=described.revision)
    join(world, project, "steward")
    with refused(NotPermitted, errors.GRANT_NEEDS_REVIEW):
        reserve_lease(actor=world["steward"], grant_id=grant.uid, idempotency_key="")


def test_an_agreement_on_a_hidden_domain_says_no_name_of_it(world: AccessWorld) -> None:
    hidden = people.domain(world.organization, Audience.TEAMS)
    made = publish_agreement(
        actor=world["officer"],
        code="hidden",
        title="Terms of the secret basin",
        text="No word about it.",
        target=AgreementTarget(domain_id=hidden.uid),
    )
    assert made not in agreements_visible_to(world["scientist"])
    assert made in agreements_visible_to(world["officer"])


def test_a_declared_conflict_tells_no_name_of_what_one_does_not_see(world: AccessWorld) -> None:
    hidden = people.domain(world.organization, Audience.TEAMS)
    declared = accounts.declare_conflict(
        actor=world["scientist"],
        person_id=world.players["scientist"].person.uid,
        kind=ConflictKind.DOMAIN,
        target_id=hidden.uid,
    )
    assert names_of_targets(world["scientist"], [declared]) == {}
    assert names_of_targets(world["officer"], [declared]) == {hidden.uid: hidden.name}


def _fresh(world: AccessWorld) -> Account:
    return Account.objects.select_related("person").get(pk=world.robot.pk)

"""Keys of a project are its members' own, and a leaver's key dies. Seen at the real lake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access.errors import NOT_A_MEMBER
from apps.access.models import Grant
from apps.access.queries import why_not_usable
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import Project, ProjectMember
from apps.accounts.roles import Role
from apps.credentials.commands import revoke_lease, take_credential
from apps.credentials.tasks import recheck_keys
from apps.kernel.clock import database_now
from apps.kernel.errors import NotFound, NotPermitted
from tests.credentials.test_end_of_a_key import works
from tests.factories import lakes
from tests.factories.accounts import Player, player
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake


@pytest.fixture
def colleague(place: Place) -> Player:
    return player(place.organization, Role.SCIENTIST, cleared_rank=3, relation="employee")


@pytest.fixture
def project(place: Place, colleague: Player) -> Project:
    now = database_now()
    made = Project.objects.create(
        organization=place.organization,
        name="Rock types",
        lead=place.scientist.person,
        ends_at=now + timedelta(days=400),
        created_at=now,
    )
    for who in (place.scientist, colleague):
        ProjectMember.objects.create(
            project=made, person=who.person, starts_at=now - timedelta(days=1), created_at=now
        )
    return made


@pytest.fixture
def grant(place: Place, project: Project) -> Grant:
    return lakes.grant(place, lakes.dataset(place), project_id=project.uid)


def leave(project: Project, who: Player) -> None:
    ProjectMember.objects.filter(project=project, person=who.person).update(ends_at=database_now())


def test_a_leaver_loses_the_key_and_the_others_keep_theirs(
    grant: Grant, project: Project, place: Place, colleague: Player, lake: DemoLake
) -> None:
    theirs = take_credential(actor=colleague.actor, grant_id=grant.uid)
    mine = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert works(lake.session_client(theirs.secret.reveal()))
    leave(project, colleague)
    with pytest.raises(NotFound):
        take_credential(actor=colleague.actor, grant_id=grant.uid)
    assert why_not_usable(grant, colleague.person, at=database_now())[0].code == NOT_A_MEMBER
    recheck_keys()
    assert not works(lake.session_client(theirs.secret.reveal()))
    assert works(lake.session_client(mine.secret.reveal()))


def test_a_member_cuts_their_own_key_and_nobody_elses(grant: Grant, place: Place, colleague: Player) -> None:
    theirs = take_credential(actor=colleague.actor, grant_id=grant.uid).lease
    mine = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    with pytest.raises(NotPermitted) as refused:
        revoke_lease(actor=colleague.actor, lease_id=mine.uid)
    assert refused.value.code == NOT_PERMITTED
    revoke_lease(actor=colleague.actor, lease_id=theirs.uid)
    theirs.refresh_from_db()
    assert theirs.state == "revoked"

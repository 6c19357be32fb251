"""A project receives access: each member as long as they belong to it, and none of them decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.access import errors
from apps.access.commands import (
    AgreementTarget,
    accept_agreement,
    approve_request,
    ask_for_access,
    extend_grant,
    publish_agreement,
)
from apps.access.facts import members_of
from apps.access.models import Grant, SubjectKind
from apps.access.queries import (
    answer,
    detail_of,
    draft_preview,
    grants_visible_to,
    inbox_of,
    requests_visible_to,
    why_not_effective,
    why_not_usable,
)
from apps.access.queries.grants import ask_again, takers_of
from apps.accounts.models import Project, ProjectMember
from apps.catalog.models import Asset
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted
from apps.policy.eligibility import OWN_PROJECT
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, approved, asked, decision_of, draft, granted, in_days, seen


@pytest.fixture
def project(world: AccessWorld) -> Project:
    """Led by the scientist, with the colleague as the other member."""
    now = database_now()
    made = Project.objects.create(
        organization=world.organization,
        name="Rock types",
        lead=world.players["scientist"].person,
        ends_at=now + timedelta(days=100),
        created_at=now,
    )
    for who in ("scientist", "colleague"):
        member(world, made, who)
    return made


def member(
    world: AccessWorld, project: Project, who: str, *, ends_at: datetime | None = None
) -> ProjectMember:
    now = database_now()
    return ProjectMember.objects.create(
        project=project,
        person=world.players[who].person,
        starts_at=now - timedelta(days=1),
        ends_at=ends_at,
        created_at=now,
    )


def leave(world: AccessWorld, project: Project, who: str) -> None:
    ProjectMember.objects.filter(project=project, person=world.players[who].person).update(
        ends_at=database_now()
    )


def of_project(world: AccessWorld, project: Project) -> Grant:
    return granted(world, project_id=project.uid)


def test_every_member_has_what_the_project_has_and_a_leaver_nothing(
    world: AccessWorld, project: Project
) -> None:
    grant = of_project(world, project)
    assert (grant.subject_kind, grant.project) == (SubjectKind.PROJECT, project)
    for who in ("scientist", "colleague"):
        assert grant in grants_visible_to(world[who])
        assert world.players[who].person.pk in takers_of(grant, at=database_now())
    leave(world, project, "colleague")
    gone = world.players["colleague"].person
    assert grant not in grants_visible_to(world["colleague"])
    assert gone.pk not in takers_of(grant, at=database_now())
    reasons = why_not_usable(grant, gone, at=database_now())
    assert [reason.code for reason in reasons] == [errors.NOT_A_MEMBER]
    assert why_not_usable(grant, world.players["scientist"].person, at=database_now()) == ()


def test_members_see_the_asset_and_a_leaver_does_not(world: AccessWorld, project: Project) -> None:
    request = approved(
        asked(world["scientist"], draft(world.personal, world.purposes["pay"], project_id=project.uid)),
        world["owner"],
        world["officer"],
    )
    assert Grant.objects.filter(revision=request.revision).exists()
    outsider = world["administrator"]
    seen_by = Asset.objects.visible_to(outsider).filter(pk=world.personal.asset.pk)
    before = seen_by.exists()
    member(world, project, "administrator")
    assert seen_by.exists()
    leave(world, project, "administrator")
    assert seen_by.exists() == before


def test_a_member_is_asked_about_as_themselves(world: AccessWorld, project: Project) -> None:
    facts = draft_preview(
        world["scientist"], draft(world.harmless, world.purposes["rock"], project_id=project.uid)
    ).answer.facts.subject
    assert (facts.kind, facts.uid, facts.is_active) == ("project", str(project.uid), True)
    low = world.players["colleague"].person
    low.cleared_rank = 0
    low.save(update_fields=["cleared_rank"])
    facts = draft_preview(
        world["scientist"], draft(world.harmless, world.purposes["rock"], project_id=project.uid)
    ).answer.facts.subject
    assert facts.cleared_rank == 0


def test_no_member_of_a_project_decides_for_it(world: AccessWorld, project: Project) -> None:
    member(world, project, "owner")
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], project_id=project.uid))
    visible = requests_visible_to(world["owner"]).get(pk=request.pk)
    assert OWN_PROJECT in {reason.code for reason in detail_of(world["owner"], visible).why_not}
    assert request not in inbox_of(world["owner"])
    assert request in inbox_of(world["second_owner"]) or request in inbox_of(world["owner_and_officer"])
    with refused(NotPermitted, OWN_PROJECT):
        approve_request(actor=world["owner"], **seen(request))


def test_what_a_project_holds_counts_when_it_asks_for_more(world: AccessWorld, project: Project) -> None:
    scientist = world["scientist"]
    wanted = draft(world.restricted, world.purposes["study"], project_id=project.uid)
    before = draft_preview(scientist, wanted).answer.facts.joint
    approved(
        asked(scientist, draft(world.personal, world.purposes["pay"], project_id=project.uid)),
        world["owner"],
        world["officer"],
    )
    after = draft_preview(scientist, wanted).answer.facts.joint
    assert before is not None and after is not None
    assert after.personal_assets == before.personal_assets + 1
    own = draft_preview(world["colleague"], draft(world.restricted, world.purposes["study"]))
    assert own.answer.facts.joint == after
    alone = draft_preview(world["second_officer"], draft(world.restricted, world.purposes["study"]))
    assert alone.answer.facts.joint == before


def test_what_members_hold_counts_for_their_project_and_at_a_key_what_the_taker_holds(
    world: AccessWorld, project: Project
) -> None:
    held = asked(world["colleague"], draft(world.personal, world.purposes["pay"]))
    approved(held, world["owner"], world["officer"])
    request = asked(world["scientist"], draft(world.harmless, world.purposes["rock"], project_id=project.uid))
    assert decision_of(request).facts["joint"]["personal_assets"] == 1
    grant = Grant.objects.get(revision__request=request)
    now = database_now()

    def counted(who: str) -> int:
        member = world.players[who].person
        joint = answer(ask_again(grant, grant.version, member=member, at=now), at=now).facts.joint
        assert joint is not None
        return joint.personal_assets

    assert (counted("colleague"), counted("scientist")) == (1, 0)
    leave(world, project, "colleague")
    alone = asked(world["scientist"], draft(world.harmless, world.purposes["rock"], project_id=project.uid))
    assert decision_of(alone).facts["joint"]["personal_assets"] == 0


def test_one_asks_for_a_running_project_of_ones_own_within_what_it_is_for(
    world: AccessWorld, project: Project
) -> None:
    wanted = draft(world.harmless, world.purposes["rock"], project_id=project.uid)
    with refused(InvalidInput, errors.PROJECT_UNKNOWN, field="project_id"):
        ask_for_access(actor=world["owner"], draft=wanted)
    with refused(InvalidInput, errors.PROJECT_ENDS, field="ends_on"):
        ask_for_access(
            actor=world["scientist"],
            draft=draft(world.harmless, world.purposes["rock"], project_id=project.uid, ends_on=in_days(200)),
        )
    with refused(InvalidInput, errors.SUBJECT_TWICE, field="project_id"):
        ask_for_access(
            actor=world["scientist"],
            draft=draft(
                world.harmless,
                world.purposes["rock"],
                project_id=project.uid,
                service_account_id=world.robot.uid,
            ),
        )
    Project.objects.filter(pk=project.pk).update(purposes=[world.purposes["pay"].uid])
    with refused(InvalidInput, errors.PROJECT_PURPOSE, field="purpose_id"):
        ask_for_access(actor=world["scientist"], draft=wanted)


def test_a_grant_of_a_project_that_ended_gives_nothing(world: AccessWorld, project: Project) -> None:
    grant = of_project(world, project)
    Project.objects.filter(pk=project.pk).update(ends_at=database_now())
    grant = Grant.objects.get(pk=grant.pk)
    assert errors.PROJECT_OVER in {reason.code for reason in why_not_effective(grant, at=database_now())}
    assert members_of(project, at=database_now()) == []


def test_each_member_accepts_for_themselves(world: AccessWorld, project: Project) -> None:
    agreement = publish_agreement(
        actor=world["officer"],
        code="dua",
        title="Data-use agreement",
        text="No onward sharing.",
        target=AgreementTarget(asset_id=world.harmless.asset.uid),
    )
    accept_agreement(actor=world["scientist"], agreement_id=agreement.uid, sha256=agreement.sha256)
    grant = of_project(world, project)
    colleague = world.players["colleague"].person
    reasons = why_not_usable(grant, colleague, at=database_now())
    assert reasons[0].facts["people"] == (colleague.name,)
    accept_agreement(actor=world["colleague"], agreement_id=agreement.uid, sha256=agreement.sha256)
    assert why_not_usable(grant, colleague, at=database_now()) == ()


def test_the_lead_extends_for_the_project(world: AccessWorld, project: Project) -> None:
    grant = of_project(world, project)
    with refused(NotPermitted):
        extend_grant(actor=world["colleague"], grant_id=grant.uid)
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    assert request.revision is not None and request.revision.project == project

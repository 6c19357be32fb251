"""Keeping and removing access: by whom, with which reasons, and by nobody who benefits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.access.commands import give_back_grant, revoke_grant
from apps.access.lifecycle import GrantState
from apps.access.models import Grant
from apps.accounts.authorization import NOT_PERMITTED, SCOPE_MISSING
from apps.accounts.commands import add_account, assign_role, end_role
from apps.accounts.models import ConflictDeclaration, Delegation, RoleAssignment
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, StaleVersion
from apps.kernel.models import STALE
from apps.policy import eligibility
from apps.reviews import errors
from apps.reviews.commands import ask_others, keep_access, remove_access
from apps.reviews.lifecycle import ITEM_NOT_POSSIBLE, ItemState, Pool
from apps.reviews.models import ReviewItem
from apps.reviews.queries import waiting_for, why_not_answer, with_evidence
from apps.reviews.tasks import ask_those_of_now, end_reviews_of_grant
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.accounts import organization, player
from tests.factories.reviews import opened, overdue, review_of, used


@pytest.fixture
def review(world: AccessWorld) -> ReviewItem:
    grant = granted(world)
    opened(world["officer"], world.organization)
    return review_of(grant)


def fresh(item: ReviewItem) -> ReviewItem:
    return ReviewItem.objects.select_related("grant__asset", "grant__revision__request").get(pk=item.pk)


def test_an_owner_keeps_access(world: AccessWorld, review: ReviewItem) -> None:
    keep_access(actor=world["owner"], review_item_id=review.uid, reason="The study goes on.")
    kept = fresh(review)
    assert (kept.state, kept.answered_by_id) == (ItemState.KEPT, world["owner"].person_id)
    assert kept.grant.ended_at is None
    assert AuditEvent.objects.filter(name="reviews.review.kept", subject_uid=review.uid).count() == 1


def test_an_owner_removes_access_and_says_why(world: AccessWorld, review: ReviewItem) -> None:
    with refused(InvalidInput, errors.REMOVAL_REASON_MISSING, field="reason"):
        remove_access(actor=world["owner"], review_item_id=review.uid, reason=" ")
    remove_access(actor=world["owner"], review_item_id=review.uid, reason="The study has ended.")
    removed = fresh(review)
    assert (removed.state, removed.grant.state) == (ItemState.REMOVED, GrantState.REVOKED)
    assert AuditEvent.objects.filter(name="access.grant.revoked", subject_uid=removed.grant.uid).exists()


@pytest.mark.parametrize(
    ("who", "family", "code"),
    [
        ("scientist", NotFound, None),
        ("colleague", NotFound, None),
        ("administrator", NotFound, None),
        ("dpo", NotPermitted, NOT_PERMITTED),
        ("auditor", NotPermitted, NOT_PERMITTED),
        # Others come first: the owner can answer.
        ("steward", NotPermitted, eligibility.ROLE_NOT_HELD),
        ("second_officer", NotPermitted, eligibility.ROLE_NOT_HELD),
    ],
)
def test_nobody_else_answers(
    who: str, family: type[NotPermitted], code: str | None, world: AccessWorld, review: ReviewItem
) -> None:
    for answer in (keep_access, remove_access):
        with refused(family, *([code] if code else [])):
            answer(actor=world[who], review_item_id=review.uid, reason="Because.")
    assert not waiting_for(world[who], at=database_now()).exists()
    keep_access(actor=world["owner"], review_item_id=review.uid)


def test_a_token_needs_the_scope_to_decide(world: AccessWorld, review: ReviewItem) -> None:
    with refused(NotPermitted, SCOPE_MISSING):
        keep_access(actor=replace(world["owner"], scopes=frozenset({"write"})), review_item_id=review.uid)
    keep_access(actor=replace(world["owner"], scopes=frozenset({"decide"})), review_item_id=review.uid)


def test_nobody_answers_about_their_own_access_however_they_come(world: AccessWorld) -> None:
    """As oneself, with a second account, and for a service account one answers for."""
    owner = world.players["owner"]
    mine = granted(world, "owner")
    second = add_account(actor=SYSTEM, person_id=owner.person.uid, username="owner-again")
    opened(world["officer"], world.organization)
    review = review_of(mine)
    for face in (owner.actor, actor_of(second)):
        with refused(NotPermitted, eligibility.OWN_BENEFIT, eligibility.OWN_REQUEST):
            keep_access(actor=face, review_item_id=review.uid)
        assert not waiting_for(face, at=database_now()).exists()
    keep_access(actor=world["second_owner"], review_item_id=review.uid)


def test_nor_for_a_service_account_one_answers_for(world: AccessWorld) -> None:
    wanted = draft(world.harmless, world.purposes["rock"], service_account_id=world.robot.uid)
    asked(world["scientist"], wanted)
    grant = Grant.objects.get(service_account=world.robot)
    give_owner_role(world, "scientist")
    opened(world["officer"], world.organization)
    review = review_of(grant)
    with refused(NotPermitted, eligibility.OWN_SERVICE_ACCOUNT):
        keep_access(actor=world["scientist"], review_item_id=review.uid)
    with refused(NotFound):
        keep_access(actor=world.robot_actor, review_item_id=review.uid)
    assert not waiting_for(world["scientist"], at=database_now()).exists()
    keep_access(actor=world["owner"], review_item_id=review.uid)


def delegate(world: AccessWorld, delegator: str, to: str) -> None:
    now = database_now()
    Delegation.objects.create(
        delegator=world.players[delegator].person,
        delegate=world.players[to].person,
        roles=["owner"],
        organization=world.organization,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=30),
        reason="On leave.",
        created_at=now,
    )


@pytest.mark.parametrize(("delegator", "to"), [("scientist", "owner"), ("owner", "scientist")])
def test_nor_for_somebody_whom_a_delegation_ties_to_them(
    delegator: str, to: str, world: AccessWorld, review: ReviewItem
) -> None:
    delegate(world, delegator, to)
    with refused(NotPermitted, eligibility.DELEGATION_WITH_PARTY):
        keep_access(actor=world["owner"], review_item_id=review.uid)
    assert not waiting_for(world["owner"], at=database_now()).exists()
    keep_access(actor=world["second_owner"], review_item_id=review.uid)


def test_nor_through_two_delegations(world: AccessWorld, review: ReviewItem) -> None:
    """The owner acts for a colleague, who acts for the scientist."""
    delegate(world, "scientist", "colleague")
    delegate(world, "colleague", "owner")
    with refused(NotPermitted, eligibility.DELEGATION_WITH_PARTY):
        keep_access(actor=world["owner"], review_item_id=review.uid)
    assert not waiting_for(world["owner"], at=database_now()).exists()


@pytest.mark.parametrize("kind", ["person", "asset", "domain", "organization"])
def test_nor_with_a_declared_conflict(kind: str, world: AccessWorld, review: ReviewItem) -> None:
    targets = {
        "person": world.players["scientist"].person.uid,
        "asset": world.harmless.asset.uid,
        "domain": world.domain.uid,
        "organization": world.organization.uid,
    }
    now = database_now()
    ConflictDeclaration.objects.create(
        person=world.players["owner"].person,
        kind=kind,
        target_uid=targets[kind],
        starts_at=now - timedelta(days=1),
        created_at=now,
    )
    with refused(NotPermitted, eligibility.CONFLICT_DECLARED):
        keep_access(actor=world["owner"], review_item_id=review.uid)
    assert not waiting_for(world["owner"], at=database_now()).exists()
    keep_access(actor=world["second_owner"], review_item_id=review.uid)


def give_owner_role(world: AccessWorld, who: str) -> None:
    assign_role(
        actor=SYSTEM,
        person_id=world.players[who].person.uid,
        role=Role.OWNER,
        organization_id=world.organization.uid,
    )


def end_all(world: AccessWorld, role: Role) -> None:
    for held in RoleAssignment.objects.filter(role=role, organization=world.organization):
        end_role(actor=SYSTEM, role_assignment_id=held.uid)


def test_owners_come_first_then_stewards_then_officers(world: AccessWorld, review: ReviewItem) -> None:
    turns = (
        (Role.OWNER, Pool.STEWARD, "steward"),
        (Role.STEWARD, Pool.COMPLIANCE_OFFICER, "second_officer"),
        (Role.COMPLIANCE_OFFICER, Pool.NOBODY, None),
    )
    for ended, pool, who in turns:
        end_all(world, ended)
        ask_those_of_now(at=database_now())
        assert fresh(review).pool == pool
        if who:
            assert [item.pk for item in waiting_for(world[who], at=database_now())] == [review.pk]
    told = AuditEvent.objects.filter(name="reviews.review.reviewers_changed", subject_uid=review.uid)
    assert told.count() == len(turns)


def test_who_is_asked_is_judged_anew_at_the_answer(world: AccessWorld, review: ReviewItem) -> None:
    """The list still says that the owners are asked; nobody has looked again since they left."""
    end_all(world, Role.OWNER)
    assert fresh(review).pool == Pool.DATA_OWNER
    keep_access(actor=world["steward"], review_item_id=review.uid)


def test_a_steward_who_is_asked_may_remove_although_stewards_do_not_revoke(
    world: AccessWorld, review: ReviewItem
) -> None:
    end_all(world, Role.OWNER)
    with pytest.raises((NotFound, NotPermitted)):
        revoke_grant(actor=world["steward"], grant_id=review.grant.uid, comment="So.")
    remove_access(actor=world["steward"], review_item_id=review.uid, reason="Not needed any more.")
    assert fresh(review).grant.state == GrantState.REVOKED


def test_the_list_agrees_with_the_single_question(world: AccessWorld, review: ReviewItem) -> None:
    second = granted(world, "owner")
    opened(world["officer"], world.organization, name="Again")
    assert review_of(second).pool == Pool.DATA_OWNER
    now = database_now()
    for name in world.players:
        listed = set(waiting_for(world[name], at=now).values_list("pk", flat=True))
        single = {
            item.pk
            for item in ReviewItem.objects.all()
            if not why_not_answer(world[name], fresh(item), at=now)
        }
        assert listed == single, name
    assert set(waiting_for(world["second_owner"], at=now)) and not set(waiting_for(world["dpo"], at=now))


def test_an_answer_counts_once_and_in_time(world: AccessWorld, review: ReviewItem) -> None:
    with refused(InvalidState, errors.REVIEW_OVERDUE):
        keep_access(actor=world["owner"], review_item_id=review.uid, at=overdue(review.campaign), reason="x")
    with refused(StaleVersion, STALE):
        keep_access(actor=world["owner"], review_item_id=review.uid, seen_version=9)
    keep_access(actor=world["owner"], review_item_id=review.uid, seen_version=1)
    with refused(InvalidState, ITEM_NOT_POSSIBLE):
        remove_access(actor=world["owner"], review_item_id=review.uid, reason="After all.")


def test_a_grant_that_ended_closes_its_review(world: AccessWorld, review: ReviewItem) -> None:
    give_back_grant(actor=world["scientist"], grant_id=review.grant.uid)
    with refused(InvalidState, errors.GRANT_ENDED_MEANWHILE):
        keep_access(actor=world["owner"], review_item_id=review.uid)
    end_reviews_of_grant(review.grant.uid)
    assert fresh(review).state == ItemState.ENDED


def test_what_is_not_used_is_suggested_for_removal_and_keeping_it_needs_a_reason(
    world: AccessWorld, review: ReviewItem
) -> None:
    later = review.grant.not_before + timedelta(days=12)
    review.grant.refresh_from_db()
    [new] = with_evidence([fresh(review)], at=later)
    assert (new.use.leases, new.suggestion) == (0, None)
    long = granted(world, "colleague", ends_on=(database_now() + timedelta(days=300)).date())
    campaign = opened(
        world["officer"], world.organization, due_on=(database_now() + timedelta(days=200)).date()
    )
    item, month = review_of(long, campaign), long.not_before + timedelta(days=40)
    [old] = with_evidence([fresh(item)], at=month)
    assert (old.unused_days, old.suggestion) == (40, "remove")
    with refused(InvalidInput, errors.KEEPING_REASON_MISSING, field="reason"):
        keep_access(actor=world["owner"], review_item_id=item.uid, at=month)
    used(long, at=month - timedelta(days=1))
    [now] = with_evidence([fresh(item)], at=month)
    assert (now.use.leases, now.unused_days, now.suggestion) == (1, 1, None)
    keep_access(actor=world["owner"], review_item_id=item.uid, at=month)


def test_another_organization_sees_nothing_of_it(world: AccessWorld, review: ReviewItem) -> None:
    stranger = player(organization(), Role.OWNER, Role.COMPLIANCE_OFFICER)
    with refused(NotFound):
        keep_access(actor=stranger.actor, review_item_id=review.uid)
    assert not ReviewItem.objects.visible_to(stranger.actor).exists()
    assert ask_others(actor=SYSTEM, review_item_id=review.uid).pool == Pool.DATA_OWNER

"""Holding a grant back, letting it go on, and putting another in its place."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access import errors
from apps.access.commands import (
    expire_grant,
    give_back_grant,
    resume_grant,
    revoke_grant,
    suspend_grant,
)
from apps.access.lifecycle import GRANT_NOT_POSSIBLE
from apps.access.models import Grant, Suspension
from apps.access.queries import why_not_effective
from apps.catalog.commands import retire_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
)
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, about_people, granted, in_days
from tests.factories.classification import classified

SO = "Something is to be looked into."


def said(grant: Grant) -> set[str]:
    found = Grant.objects.select_related("person", "service_account", "asset").get(pk=grant.pk)
    return {reason.code for reason in why_not_effective(found, at=database_now())}


def suspended(world: AccessWorld, by: str = "steward", *, cause: bool = False, **given: object) -> Grant:
    grant = granted(world, **given)  # type: ignore[arg-type]
    suspend_grant(actor=world[by], grant_id=grant.uid, comment=SO, is_for_cause=cause)
    return grant


@pytest.mark.parametrize("who", ["steward", "owner", "officer"])
def test_who_keeps_the_asset_suspends_with_a_reason(who: str, world: AccessWorld) -> None:
    grant = granted(world)
    with refused(InvalidInput, errors.REASON_MISSING, field="comment"):
        suspend_grant(actor=world[who], grant_id=grant.uid, comment=" ")
    assert not said(grant)
    suspend_grant(actor=world[who], grant_id=grant.uid, comment=SO)
    assert said(grant) == {errors.GRANT_SUSPENDED}
    resume_grant(actor=world[who], grant_id=grant.uid, comment="Looked into.")
    assert not said(grant)


@pytest.mark.parametrize(
    ("who", "family"), [("scientist", NotPermitted), ("auditor", NotPermitted), ("colleague", NotFound)]
)
def test_nobody_else_suspends_or_resumes(who: str, family: type[NotPermitted], world: AccessWorld) -> None:
    grant = granted(world)
    with refused(family):
        suspend_grant(actor=world[who], grant_id=grant.uid, comment=SO)
    suspend_grant(actor=world["steward"], grant_id=grant.uid, comment=SO)
    with refused(family):
        resume_grant(actor=world[who], grant_id=grant.uid, comment=SO)
    resume_grant(actor=world["steward"], grant_id=grant.uid, comment=SO)


def test_suspended_for_cause_another_person_lets_it_go_on(world: AccessWorld) -> None:
    grant = suspended(world, "owner_and_officer", cause=True)
    with refused(NotPermitted, errors.RESUMES_OWN_SUSPENSION):
        resume_grant(actor=world["owner_and_officer"], grant_id=grant.uid, comment=SO)
    by = world["owner_and_officer"].person_id
    with pytest.raises(IntegrityError, match="suspension_four_eyes"), transaction.atomic():
        Suspension.objects.filter(grant=grant).update(resumed_at=database_now(), resumed_by=by)
    resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)


def test_who_has_the_grant_does_not_let_it_go_on(world: AccessWorld) -> None:
    grant = suspended(world, "officer", who="owner")
    with refused(NotPermitted, errors.RESUMES_OWN_GRANT):
        resume_grant(actor=world["owner"], grant_id=grant.uid, comment=SO)
    resume_grant(actor=world["second_owner"], grant_id=grant.uid, comment=SO)


def test_a_grant_resumes_only_where_the_rules_still_let_it(world: AccessWorld) -> None:
    grant = suspended(world)
    with transaction.atomic():
        items = [about_people(name) for name in ("depth", "gamma")]
        classified(world.harmless.version, world["steward"], *items)
        with refused(RuleBroken):
            resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
        transaction.set_rollback(True)
    resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)


def test_what_is_retired_or_over_does_not_resume(world: AccessWorld) -> None:
    grant = suspended(world)
    with refused(InvalidState, errors.GRANT_OVER):
        resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO, at=grant.not_after)
    retire_asset(actor=SYSTEM, asset_id=world.harmless.asset.uid)
    with refused(InvalidState, errors.ASSET_NOT_IN_USE):
        resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)


def test_what_was_suspended_before_its_start_begins_at_its_start(world: AccessWorld) -> None:
    grant = suspended(world, starts_on=in_days(5))
    resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    assert Grant.objects.get(pk=grant.pk).state == "scheduled"
    assert said(grant) == {errors.GRANT_NOT_STARTED}


def test_only_what_is_suspended_resumes_and_only_what_gives_is_suspended(world: AccessWorld) -> None:
    grant = granted(world)
    with refused(InvalidState, errors.GRANT_NOT_SUSPENDED):
        resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    suspend_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    with refused(InvalidState, GRANT_NOT_POSSIBLE):
        suspend_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    revoke_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    with refused(InvalidState, GRANT_NOT_POSSIBLE):
        suspend_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)


def test_a_suspended_grant_ends_like_any_other(world: AccessWorld) -> None:
    over, returned = suspended(world), suspended(world)
    expire_grant(actor=SYSTEM, grant_id=over.uid, at=over.not_after)
    give_back_grant(actor=world["scientist"], grant_id=returned.uid)
    states = (
        Grant.objects.filter(pk__in=(over.pk, returned.pk)).order_by("pk").values_list("state", flat=True)
    )
    assert list(states) == ["expired", "given_back"]


def test_a_suspension_that_is_over_never_changes(world: AccessWorld) -> None:
    grant = suspended(world)
    resume_grant(actor=world["officer"], grant_id=grant.uid, comment=SO)
    for change in ("UPDATE access_suspension SET comment = 'x'", "DELETE FROM access_suspension"):
        with (
            pytest.raises(IntegrityError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{change} WHERE grant_id = %s", [grant.pk])

"""Emergency access: who gets it, what it gives, and what happens afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access import errors
from apps.access.commands import (
    GlassDraft,
    break_glass,
    name_incident,
    review_break_glass,
    sanction_break_glass,
)
from apps.access.models import BreakGlass, Grant, Request
from apps.access.queries import answer, why_not_effective, why_not_lawful
from apps.access.queries.grants import ask_again
from apps.accounts import freshness
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance.commands import suspend_purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.policy import emergency
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, Thing
from tests.factories.impacts import ENDING_PURPOSE, looked_at

SO = "Read the incident: it was needed."


def on_call(world: AccessWorld) -> Actor:
    return world.players["on_call"].proved


def stated(
    world: AccessWorld, thing: Thing | None = None, purpose: str = "unrecorded", **given: Any
) -> GlassDraft:
    made: dict[str, Any] = {
        "asset_id": (thing or world.personal).asset.uid,
        "purpose_id": world.purposes[purpose].uid,
        "actions": ["read"],
        "hours": 2,
        "reason": "Salaries are paid twice; the table has to be read now.",
        "incident_ref": "INC-7",
    }
    return GlassDraft(**{**made, **given})


def broken(world: AccessWorld, **given: Any) -> BreakGlass:
    glass: BreakGlass = break_glass(actor=on_call(world), draft=stated(world, **given))
    return glass


def test_who_is_on_call_has_access_at_once_for_hours_and_the_trail_tells_it(world: AccessWorld) -> None:
    now = database_now()
    glass = broken(world)
    grant = Grant.objects.select_related("revision__request", "decision").get(pk=glass.grant_id)
    assert grant.is_break_glass
    assert now + timedelta(hours=2) <= grant.not_after <= now + timedelta(hours=2, minutes=1)
    assert not why_not_effective(grant, at=database_now())
    asked_anew = answer(ask_again(grant, grant.version, at=database_now()), at=database_now())
    assert not why_not_lawful(grant, asked_anew)
    assert why_not_lawful(Grant(decision=grant.decision), asked_anew)
    assert grant.revision.request.state == "approved"
    assert glass.review_due_at - glass.created_at == timedelta(hours=24)
    assert AuditEvent.objects.filter(subject_uid=glass.uid, name="access.glass.broken").count() == 1


@pytest.mark.parametrize("who", ["scientist", "owner", "officer", "administrator"])
def test_nobody_else_breaks_the_glass(who: str, world: AccessWorld) -> None:
    with refused(NotPermitted, NOT_PERMITTED):
        break_glass(actor=world.players[who].proved, draft=stated(world))
    assert not Request.objects.exists()


def test_it_takes_a_second_factor_used_just_now_and_no_token(world: AccessWorld) -> None:
    actor = on_call(world)
    long_ago = database_now() - freshness.FRESH - timedelta(minutes=1)
    for given, code in (
        ({"second_factor_at": long_ago}, freshness.STEP_UP_NEEDED),
        ({"second_factor_at": None}, freshness.STEP_UP_NEEDED),
        ({"scopes": frozenset({"write"})}, freshness.STEP_UP_BY_TOKEN),
    ):
        with refused(NotPermitted, code):
            break_glass(actor=replace(actor, **given), draft=stated(world))  # type: ignore[arg-type]
    break_glass(actor=actor, draft=stated(world))


def test_it_takes_a_second_factor_at_all(world: AccessWorld) -> None:
    with refused(NotPermitted, freshness.SECOND_FACTOR_NEEDED):
        break_glass(actor=world["on_call"], draft=stated(world))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, emergency.GLASS_REASON_MISSING),
        ({"incident_ref": " "}, emergency.GLASS_INCIDENT_MISSING),
        ({"hours": 5}, emergency.GLASS_TOO_LONG),
    ],
)
def test_every_reason_why_the_glass_holds_is_told(
    given: dict[str, Any], code: str, world: AccessWorld
) -> None:
    with refused(RuleBroken, code):
        broken(world, **given)
    assert not Request.objects.exists()


def test_the_highest_class_is_not_opened_and_a_denial_never_lifted(world: AccessWorld) -> None:
    with refused(RuleBroken):
        broken(world, thing=world.restricted, purpose="study")
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["unrecorded"].uid,
        reason="So.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["unrecorded"].uid),
    )
    with refused(RuleBroken):
        broken(world)


def test_a_denial_that_comes_later_ends_it_too(world: AccessWorld) -> None:
    grant = Grant.objects.select_related("decision", "revision__request").get(pk=broken(world).grant_id)
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["unrecorded"].uid,
        reason="So.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["unrecorded"].uid),
    )
    now = database_now()
    assert why_not_lawful(grant, answer(ask_again(grant, grant.version, at=now), at=now))


def test_where_life_is_at_stake_the_incident_follows_and_the_review_waits_for_it(world: AccessWorld) -> None:
    glass = broken(world, incident_ref="", is_life_at_stake=True)
    with refused(InvalidState, errors.GLASS_INCIDENT_FIRST):
        review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=True, comment=SO)
    with refused(NotPermitted, NOT_PERMITTED):
        name_incident(actor=world["officer"], break_glass_id=glass.uid, incident_ref="INC-8")
    with refused(InvalidInput, errors.REASON_MISSING, field="incident_ref"):
        name_incident(actor=on_call(world), break_glass_id=glass.uid, incident_ref=" ")
    name_incident(actor=on_call(world), break_glass_id=glass.uid, incident_ref="INC-8")
    with refused(InvalidState, errors.GLASS_INCIDENT_KNOWN):
        name_incident(actor=on_call(world), break_glass_id=glass.uid, incident_ref="INC-9")
    review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=True, comment=SO)


@pytest.mark.parametrize(
    ("who", "family"), [("owner", NotPermitted), ("auditor", NotPermitted), ("colleague", NotFound)]
)
def test_a_compliance_officer_reviews_it_once_and_nobody_else(
    who: str, family: type[NotPermitted], world: AccessWorld
) -> None:
    glass = broken(world)
    with refused(family):
        review_break_glass(actor=world[who], break_glass_id=glass.uid, is_justified=True, comment=SO)
    with refused(InvalidInput, errors.REASON_MISSING, field="comment"):
        review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=True, comment=" ")
    review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=False, comment=SO)
    with refused(InvalidState, errors.GLASS_REVIEWED):
        review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=True, comment=SO)


def test_nobody_reviews_their_own_emergency(world: AccessWorld) -> None:
    person = world.players["on_call"].person
    RoleAssignment.objects.filter(person=person).update(role=Role.ON_CALL)
    RoleAssignment.objects.create(
        person=person,
        role=Role.COMPLIANCE_OFFICER,
        organization=world.organization,
        starts_at=database_now(),
        created_at=database_now(),
    )
    glass = broken(world)
    with refused(NotPermitted, errors.GLASS_OWN):
        review_break_glass(actor=world["on_call"], break_glass_id=glass.uid, is_justified=True, comment=SO)
    with pytest.raises(IntegrityError, match="glass_four_eyes"), transaction.atomic():
        BreakGlass.objects.filter(pk=glass.pk).update(
            verdict="justified", reviewer=person, review_comment=SO, reviewed_at=database_now()
        )


def test_two_working_days_without_a_review_take_the_role(world: AccessWorld) -> None:
    reviewed, forgotten = broken(world), broken(world)
    review_break_glass(actor=world["officer"], break_glass_id=reviewed.uid, is_justified=True, comment=SO)
    held = RoleAssignment.objects.filter(person=forgotten.person_id, role=Role.ON_CALL)
    moment = timedelta(microseconds=1)
    with refused(NotPermitted, NOT_PERMITTED):
        sanction_break_glass(actor=world["officer"], break_glass_id=forgotten.uid)
    for glass, at in ((reviewed, reviewed.sanction_at), (forgotten, forgotten.sanction_at - moment)):
        sanction_break_glass(actor=SYSTEM, break_glass_id=glass.uid, at=at)
        assert held.get().ends_at is None
    sanction_break_glass(actor=SYSTEM, break_glass_id=forgotten.uid, at=forgotten.sanction_at)
    sanction_break_glass(actor=SYSTEM, break_glass_id=forgotten.uid, at=forgotten.sanction_at)
    assert held.get().ends_at == forgotten.sanction_at
    assert AuditEvent.objects.filter(name="access.glass.sanctioned").count() == 1


def test_the_database_keeps_it_short_and_what_was_said(world: AccessWorld) -> None:
    glass = broken(world)
    review_break_glass(actor=world["officer"], break_glass_id=glass.uid, is_justified=True, comment=SO)
    for change in ("UPDATE access_breakglass SET reason = 'x'", "DELETE FROM access_breakglass"):
        with (
            pytest.raises(IntegrityError, match="never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{change} WHERE id = %s", [glass.pk])
    values = {name: getattr(glass.grant, name) for name in ("organization", "revision", "decision", "person")}
    with pytest.raises(IntegrityError, match="grant_in_emergency_is_short"), transaction.atomic():
        Grant.objects.create(
            **values,
            subject_kind="person",
            asset=world.harmless.asset,
            version=world.harmless.version,
            purpose=glass.grant.purpose,
            actions=["read"],
            mode="pinned",
            limiting_factor="requested_end",
            state="active",
            is_break_glass=True,
            not_before=glass.created_at,
            not_after=glass.created_at + timedelta(hours=4, seconds=1),
            created_at=glass.created_at,
        )

"""What an approval went through covers what the rules want later, or the grant neither begins nor goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from apps.access import errors
from apps.access.commands import activate_grant, reopen_request
from apps.access.models import Condition, Grant, Request
from apps.access.queries import answer, why_not_lawful
from apps.access.queries.evaluation import Answer
from apps.access.queries.grants import ask_again, why_not_covered
from apps.accounts.commands import change_person
from apps.accounts.models import Relation
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.decision import Decision as PolicyDecision
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, approved, asked, draft, granted, in_days
from tests.factories.policies import published_policy

TRAINED = """\
format: 1
name: House rules
rules:
  - id: TRAIN-1
    about: Who reads anything has been trained.
    when: {actions_any: read}
    then: {require_condition: {code: TRAINED, kind: before, text: Show the certificate of the training.}}
"""


def anew(grant: Grant) -> Answer:
    now = database_now()
    return answer(ask_again(grant, grant.version, at=now), at=now)


def codes(grant: Grant, now: PolicyDecision) -> list[str]:
    return [reason.code for reason in why_not_covered(grant.decision, now)]


def test_a_condition_that_was_not_set_is_more_than_was_gone_through(world: AccessWorld) -> None:
    grant = granted(world)
    now = anew(grant).decision
    assert codes(grant, now) == []
    for kind, wants_more in (("before", True), ("during", True), ("after", False)):
        spec = ConditionSpec(
            code="TRAINED", kind=ConditionKind(kind), text="Be trained.", check=ConditionCheck.MANUAL
        )
        found = codes(grant, replace(now, conditions=(spec,)))
        assert found == ([errors.GRANT_NEEDS_CONDITIONS] if wants_more else [])


def test_a_stage_that_was_not_independent_does_not_cover_one_that_is(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=request)
    now = anew(grant).decision
    assert codes(grant, now) == []
    strict = tuple(replace(stage, is_independent=True) for stage in now.stages)
    assert codes(grant, replace(now, stages=strict)) == [errors.GRANT_NEEDS_REVIEW]


def test_where_the_rules_set_a_condition_meanwhile_a_grant_does_not_begin_and_waits_for_it(
    world: AccessWorld,
) -> None:
    grant, begun = granted(world, starts_on=in_days(3)), granted(world)
    published_policy(world["officer"], world["second_officer"], TRAINED)
    assert [reason.code for reason in why_not_lawful(begun, anew(begun))] == [errors.GRANT_NEEDS_CONDITIONS]
    request = begin(grant)
    assert request.state == "awaiting_conditions"
    assert Condition.objects.get(request=request).code == "TRAINED"


def test_where_the_rules_end_it_earlier_meanwhile_it_begins_anew_with_the_earlier_end(
    world: AccessWorld,
) -> None:
    given = {"relation": Relation.CONTRACTOR, "contract_ends_on": in_days(60), "cleared_rank": 3}
    contractor = people.player(world.organization, Role.SCIENTIST, **given)
    wanted = draft(world.harmless, world.purposes["rock"], starts_on=in_days(3))
    grant = Grant.objects.get(revision__request=asked(contractor.actor, wanted))
    change_person(actor=SYSTEM, person_id=contractor.person.uid, contract_ends_on=in_days(10))
    request = begin(grant)
    assert request.state == "approved"
    again = Grant.objects.get(revision__request=request, ended_at=None)
    assert again.not_after.date() == in_days(10)
    assert again.not_after < grant.not_after


def begin(grant: Grant) -> Request:
    """At its time, as the clock does it; it does not."""
    at = grant.not_before + timedelta(seconds=1)
    assert activate_grant(actor=SYSTEM, grant_id=grant.uid, at=at).state == "scheduled"
    request = Request.objects.get(revision__grants=grant)
    reopened: Request = reopen_request(actor=SYSTEM, request_id=request.uid, at=at)
    grant.refresh_from_db()
    assert grant.state == "revoked"
    return reopened

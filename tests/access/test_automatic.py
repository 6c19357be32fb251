"""Conditions that the portal itself finds met, or not met any more, and that nobody confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import errors
from apps.access.commands import (
    AgreementTarget,
    accept_agreement,
    check_condition,
    publish_agreement,
    resume_grant,
)
from apps.access.models import Agreement, Condition, Grant, Request
from apps.access.queries import why_not_effective
from apps.access.queries.checks import CHECKS, evidence_for
from apps.access.tasks import check_conditions, keep_grants_in_step
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.catalog.commands import InputDraft
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.compliance.commands import retire_activity
from apps.compliance.models import ProcessingActivity
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.policy.conditions import AutomaticCheck
from tests.access.refusals import refused
from tests.factories import catalog
from tests.factories.access import AccessWorld, approved, asked, bound, draft, fresh, granted
from tests.factories.policies import published_policy

RULES = """\
format: 1
name: House rules
rules:
  - id: AGR-1
    about: Data about people go with what was agreed.
    when: {{personal: true}}
    then:
      require_condition: {{code: {code}, kind: {kind}, text: As agreed., check: automatic{due}}}
"""


def under(world: AccessWorld, code: str, kind: str, due: str = "") -> Request:
    text = RULES.format(code=code, kind=kind, due=due)
    published_policy(world["officer"], world["second_officer"], text)
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))


def agreement(world: AccessWorld) -> Agreement:
    made: Agreement = publish_agreement(
        actor=world["owner"],
        code="pay",
        title="Use of pay data",
        text="No sharing.",
        target=AgreementTarget(asset_id=world.personal.asset.uid),
    )
    return made


def accept(world: AccessWorld, text: Agreement) -> None:
    accept_agreement(actor=world["scientist"], agreement_id=text.uid, sha256=text.sha256)


def status(request: Request) -> str:
    return Condition.objects.get(request=request).status


def grant_of(request: Request) -> Grant:
    return Grant.objects.get(revision__request=request)


def test_every_code_that_rules_may_name_has_its_check() -> None:
    assert set(CHECKS) == {each.value for each in AutomaticCheck}


def test_what_is_met_already_makes_nobody_wait(world: AccessWorld) -> None:
    request = approved(under(world, "UNDER_CONTRACT", "before"), world["owner"], world["officer"])
    assert (request.state, status(request)) == ("approved", "met")
    met = AuditEvent.objects.get(name="access.condition.met", data__request_id=str(request.uid))
    assert met.data["code"] == "UNDER_CONTRACT" and met.actor_person_id is None


def test_what_is_not_met_waits_until_the_portal_finds_it(world: AccessWorld) -> None:
    request = under(world, "AGREEMENTS_ACCEPTED", "before")
    text = agreement(world)
    assert approved(request, world["owner"], world["officer"]).state == "awaiting_conditions"
    check_conditions()
    condition = Condition.objects.get(request=request)
    with refused(NotPermitted, NOT_PERMITTED):
        check_condition(actor=world["officer"], condition_id=condition.uid)
    assert (fresh(request).state, status(request)) == ("awaiting_conditions", "open")
    accept(world, text)
    check_conditions()
    assert (fresh(request).state, status(request)) == ("approved", "met")


@pytest.mark.parametrize("due", ["", ", due_days: 30"])
def test_what_lasts_lapses_when_it_no_longer_holds_and_is_found_again(world: AccessWorld, due: str) -> None:
    request = approved(under(world, "AGREEMENTS_ACCEPTED", "during", due), world["owner"], world["officer"])
    grant = grant_of(request)
    assert status(request) == "met" and not why_not_effective(grant, at=database_now())
    told = AuditEvent.objects.filter(name="access.condition.met").count()
    check_conditions()
    assert AuditEvent.objects.filter(name="access.condition.met").count() == told, "It was said already."
    text = agreement(world)
    check_conditions()
    grant.refresh_from_db()
    assert (grant.state, status(request)) == ("suspended", "lapsed")
    accept(world, text)
    check_conditions()
    assert status(request) == "met"
    resume_grant(actor=world["officer"], grant_id=grant.uid, comment="Accepted now.")
    assert not why_not_effective(grant_of(request), at=database_now())


def test_what_lasts_without_a_day_has_to_hold_from_the_beginning(world: AccessWorld) -> None:
    request = under(world, "REGISTER_MODEL", "during")
    request = approved(request, world["owner"], world["officer"])
    said = why_not_effective(grant_of(request), at=database_now())
    assert errors.CONDITION_LAPSED in {reason.code for reason in said}
    keep_grants_in_step()
    assert grant_of(request).state == "suspended"


def test_a_model_registered_with_the_data_as_its_input_is_found(world: AccessWorld) -> None:
    request = under(world, "REGISTER_MODEL", "during", ", due_days: 14")
    request = approved(request, world["owner"], world["officer"])
    check_conditions()
    assert status(request) == "open" and not why_not_effective(grant_of(request), at=database_now())
    late = Condition.objects.get(request=request)
    model = catalog.asset(world.domain, AssetKind.MODEL)
    used = [InputDraft(version_id=world.personal.version.uid, role=InputRole.SOURCE)]
    catalog.version(model, inputs=used)
    check_conditions()
    found = Condition.objects.get(request=request)
    assert found.status == "met" and found.due_at is not None and late.due_at is not None
    assert found.due_at > late.due_at


def test_each_check_follows_its_fact(world: AccessWorld) -> None:
    """What nobody recorded is not met."""
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    grant = grant_of(approved(request, world["owner"], world["officer"]))
    condition, now = bound(grant), database_now()

    def holds(code: str) -> bool:
        found = Condition.objects.get(pk=condition.pk)
        found.code = code
        return bool(evidence_for(found, at=now))

    assert [holds(code) for code in sorted(CHECKS)] == [True, True, True, False, True, True]
    people = Person.objects.filter(pk=world.players["scientist"].person.pk)
    people.update(cleared_rank=None)
    assert not holds("CLEARED_FOR_CLASS")
    people.update(relation="contractor", contract_ends_on=None)
    assert not holds("UNDER_CONTRACT")
    people.update(contract_ends_on=now.date() + timedelta(days=9))
    assert holds("UNDER_CONTRACT")
    people.update(contract_ends_on=now.date())
    assert not holds("UNDER_CONTRACT")
    for activity in ProcessingActivity.objects.filter(organization=world.organization):
        retire_activity(actor=world["second_officer"], processing_activity_id=activity.uid)
    assert not holds("ACTIVITY_APPROVED")
    assert not holds("SOMETHING_ELSE")


def test_the_machine_looks_at_nothing_that_people_confirm(world: AccessWorld) -> None:
    condition = bound(granted(world), code="UNDER_CONTRACT")
    check_condition(actor=SYSTEM, condition_id=condition.uid)
    condition.refresh_from_db()
    assert condition.status == "open"

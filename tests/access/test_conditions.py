"""What has to be true before a grant begins, while it lasts, and after it has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    ConditionDraft,
    Terms,
    approve_request,
    give_back_grant,
    lapse_condition,
    reject_request,
    reopen_request,
    resume_grant,
    revoke_grant,
    satisfy_condition,
    show_evidence,
    withdraw_request,
)
from apps.access.granting import DAYS_BEFORE
from apps.access.lifecycle import EVALUATED_REQUEST
from apps.access.models import Condition, Grant, Request, Turn
from apps.access.queries import conditions_asked, confirmations_of, why_not_effective
from apps.access.tasks import keep_grants_in_step
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.models import AuditEvent
from apps.compliance.commands import suspend_purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
)
from apps.policy.conditions import ConditionKind
from tests.access.refusals import refused
from tests.factories.access import (
    AccessWorld,
    about_health,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    seen,
)
from tests.factories.classification import classified
from tests.factories.impacts import ENDING_PURPOSE, looked_at

BEFORE = ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the confidentiality statement.")
DURING = ConditionDraft(kind=ConditionKind.DURING, text="Keep the training current.", due_days=7)
AFTER = ConditionDraft(kind=ConditionKind.AFTER, text="Confirm that copies are deleted.", due_days=14)
SHOWN = "Filed under 2030/17."


def wanted(world: AccessWorld, who: str = "scientist") -> Request:
    return asked(world[who], draft(world.personal, world.purposes["pay"]))


def agreed(world: AccessWorld, *conditions: ConditionDraft, who: str = "scientist") -> Request:
    """By an owner on conditions, then by an officer."""
    request = wanted(world, who)
    terms = Terms(conditions=conditions)
    approve_request(actor=world["second_owner"], terms=terms, **seen(request))
    return approved(request, world["officer"])


def condition_of(request: Request) -> Condition:
    return Condition.objects.get(request=request)


def grant_of(request: Request) -> Grant:
    related = ("person", "service_account", "asset", "revision__request", "version", "purpose", "decision")
    return Grant.objects.select_related(*related).get(revision__request=request, ended_at=None)


def said(grant: Grant, **later: int) -> set[str]:
    at = database_now() + timedelta(**later)
    return {reason.code for reason in why_not_effective(grant_of(grant.revision.request), at=at)}


def test_no_grant_begins_while_something_has_to_be_true_before(world: AccessWorld) -> None:
    request = agreed(world, BEFORE)
    assert request.state == "awaiting_conditions"
    assert not Grant.objects.filter(revision__request=request).exists()
    condition = condition_of(request)
    show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
    assert fresh(request).state == "awaiting_conditions"
    satisfy_condition(actor=world["owner"], condition_id=condition.uid)
    assert fresh(request).state == "approved"
    assert not said(grant_of(request))


def test_every_condition_before_has_to_be_met(world: AccessWorld) -> None:
    other = ConditionDraft(kind=ConditionKind.BEFORE, text="Name a place to work.")
    request = agreed(world, BEFORE, other)
    for condition in Condition.objects.filter(request=request):
        assert fresh(request).state == "awaiting_conditions"
        satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)
    assert fresh(request).state == "approved"


def test_the_same_words_by_two_people_are_one_condition(world: AccessWorld) -> None:
    request = wanted(world)
    for who, days in (("owner", 9), ("officer", 3)):
        again = ConditionDraft(kind=ConditionKind.BEFORE, text=BEFORE.text, due_days=days)
        approve_request(actor=world[who], terms=Terms(conditions=(again,)), **seen(request))
    assert condition_of(request).due_days == 3


@pytest.mark.parametrize("party", ["scientist", "owner"])
def test_who_asked_or_receives_does_not_confirm_what_they_showed(party: str, world: AccessWorld) -> None:
    request = agreed(world, BEFORE, who=party)
    condition = condition_of(request)
    show_evidence(actor=world[party], condition_id=condition.uid, evidence=SHOWN)
    with refused(NotPermitted, errors.OWN_EVIDENCE if party == "owner" else NOT_PERMITTED):
        satisfy_condition(actor=world[party], condition_id=condition.uid)
    with pytest.raises(IntegrityError, match="condition_four_eyes"), transaction.atomic():
        Condition.objects.filter(pk=condition.pk).update(checker=world[party].person_id)
    satisfy_condition(actor=world["second_officer"], condition_id=condition.uid)


@pytest.mark.parametrize(("who", "family"), [("auditor", NotPermitted), ("colleague", NotFound)])
def test_nobody_else_shows_or_confirms(who: str, family: type[NotPermitted], world: AccessWorld) -> None:
    condition = condition_of(agreed(world, BEFORE))
    with refused(family):
        satisfy_condition(actor=world[who], condition_id=condition.uid, evidence=SHOWN)
    with refused(family):
        show_evidence(actor=world[who], condition_id=condition.uid, evidence=SHOWN)
    with refused(NotPermitted, NOT_PERMITTED):
        show_evidence(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)


def test_nothing_is_confirmed_without_evidence_and_nothing_twice(world: AccessWorld) -> None:
    condition = condition_of(agreed(world, BEFORE))
    with refused(InvalidInput, errors.EVIDENCE_MISSING, field="evidence"):
        satisfy_condition(actor=world["officer"], condition_id=condition.uid)
    with refused(InvalidInput, errors.EVIDENCE_MISSING, field="evidence"):
        show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=" ")
    satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)
    with refused(InvalidState, errors.CONDITION_SETTLED):
        satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)


def test_a_request_withdrawn_while_it_waits_has_nothing_to_confirm(world: AccessWorld) -> None:
    request = agreed(world, BEFORE)
    withdraw_request(actor=world["scientist"], request_id=request.uid)
    with refused(InvalidState, errors.CONDITION_OVER):
        satisfy_condition(actor=world["officer"], condition_id=condition_of(request).uid, evidence=SHOWN)


def test_a_condition_says_what_is_to_be_done_and_only_a_yes_sets_one(world: AccessWorld) -> None:
    request = wanted(world)
    empty = Terms(conditions=(ConditionDraft(kind=ConditionKind.BEFORE, text=" "),))
    with refused(InvalidInput, errors.CONDITION_EMPTY, field="conditions"):
        approve_request(actor=world["owner"], terms=empty, **seen(request))
    with pytest.raises(TypeError):
        reject_request(  # type: ignore[call-arg]
            actor=world["owner"], reason="No.", terms=Terms(conditions=(BEFORE,)), **seen(request)
        )


def test_rules_grown_stricter_while_it_waits_send_it_back_to_review(world: AccessWorld) -> None:
    request = agreed(world, BEFORE)
    earlier, condition = decision_of(request), condition_of(request)
    items = [about_health(name) for name in ("name", "salary")]
    classified(world.personal.version, world["steward"], *items)
    satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)
    assert fresh(request).state in {"in_review", "returned"}
    assert decision_of(request) != earlier
    assert not Grant.objects.filter(revision__request=request).exists()


def test_what_is_denied_while_it_waits_goes_back_to_the_requester(world: AccessWorld) -> None:
    request = agreed(world, BEFORE)
    reopen_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "awaiting_conditions"
    purpose = world.purposes["pay"].uid
    suspend_purpose(
        actor=world["officer"],
        purpose_id=purpose,
        reason="So.",
        seen_impact=looked_at(ENDING_PURPOSE, purpose),
    )
    reopen_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "returned"
    assert fresh(request).state not in EVALUATED_REQUEST


def test_what_lasts_is_confirmed_in_time_or_the_grant_gives_nothing(world: AccessWorld) -> None:
    request = agreed(world, DURING)
    grant = grant_of(request)
    assert not said(grant, days=6, hours=23)
    assert said(grant, days=7, seconds=1) == {errors.CONDITION_LAPSED}
    satisfy_condition(actor=world["owner"], condition_id=condition_of(request).uid, evidence=SHOWN)
    assert condition_of(request).status == "met"
    in_six_days = database_now() + timedelta(days=6)
    satisfy_condition(
        actor=world["owner"], condition_id=condition_of(request).uid, evidence=SHOWN, at=in_six_days
    )
    assert not said(grant, days=12)
    assert said(grant, days=14) == {errors.CONDITION_LAPSED}


def test_a_lapse_suspends_the_grant_by_itself_and_evidence_lets_it_resume(world: AccessWorld) -> None:
    request = agreed(world, DURING)
    grant, condition = grant_of(request), condition_of(request)
    lapse_condition(actor=SYSTEM, condition_id=condition.uid)
    assert grant_of(request).state == "active"
    Condition.objects.filter(pk=condition.pk).update(due_at=database_now())
    keep_grants_in_step()
    keep_grants_in_step()
    assert (grant_of(request).state, condition_of(request).status) == ("suspended", "lapsed")
    assert AuditEvent.objects.filter(name="access.condition.lapsed").count() == 1
    with refused(InvalidState, errors.CONDITION_LAPSED):
        resume_grant(actor=world["owner"], grant_id=grant.uid, comment="Shown by now.")
    show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
    satisfy_condition(actor=world["owner"], condition_id=condition.uid)
    resume_grant(actor=world["owner"], grant_id=grant.uid, comment="Shown by now.")
    assert not said(grant)
    with refused(NotPermitted, NOT_PERMITTED):
        lapse_condition(actor=world["officer"], condition_id=condition.uid)


def test_a_confirmation_begins_another_round_that_needs_evidence_of_its_own(world: AccessWorld) -> None:
    request = agreed(world, DURING)
    condition = condition_of(request)
    for number in (1, 2):
        shown = f"Certificate {number}."
        show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=shown)
        satisfy_condition(actor=world["owner"], condition_id=condition.uid)
        assert condition_of(request).evidence == ""
        with refused(InvalidInput, errors.EVIDENCE_MISSING, field="evidence"):
            satisfy_condition(actor=world["owner"], condition_id=condition.uid)
    kept = [each.evidence for each in confirmations_of(world["scientist"], condition.uid)]
    assert kept == ["Certificate 2.", "Certificate 1."]
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        condition.confirmations.update(evidence="Another.")


def test_what_lasts_stays_with_whose_turn_it_is(world: AccessWorld) -> None:
    request = agreed(world, DURING)
    condition = condition_of(request)

    def asked_of(who: str) -> bool:
        return conditions_asked(world[who], at=database_now()).filter(pk=condition.pk).exists()

    for _ in range(2):
        assert (asked_of("scientist"), asked_of("owner"), asked_of("auditor")) == (True, False, False)
        assert condition_of(request).turn == Turn.SHOWS
        show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
        assert (asked_of("scientist"), asked_of("owner"), asked_of("auditor")) == (False, True, False)
        assert condition_of(request).turn == Turn.CONFIRMS
        satisfy_condition(actor=world["owner"], condition_id=condition.uid)


@pytest.mark.parametrize("is_shown", [False, True])
def test_each_round_its_day_is_called_to_mind_once(is_shown: bool, world: AccessWorld) -> None:
    request = agreed(world, DURING)
    condition = condition_of(request)

    def told() -> list[str]:
        found = AuditEvent.objects.filter(name="access.condition.reminded", subject_uid=condition.uid)
        return [entry.data["turn"] for entry in found.order_by("pk")]

    for number in (1, 2):
        if is_shown:
            show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
        keep_grants_in_step()
        assert len(told()) == number - 1
        soon = database_now() - timedelta(seconds=1)
        Condition.objects.filter(pk=condition.pk, remind_at__isnull=False).update(remind_at=soon)
        keep_grants_in_step()
        keep_grants_in_step()
        assert told() == ["confirms" if is_shown else "shows"] * number
        satisfy_condition(actor=world["owner"], condition_id=condition.uid, evidence=SHOWN)
    half = timedelta(days=3.5)
    assert condition_of(request).due_at - condition_of(request).remind_at == half


def test_a_request_lapses_where_what_had_to_be_true_before_is_not_met_in_time(world: AccessWorld) -> None:
    other = ConditionDraft(kind=ConditionKind.BEFORE, text="Name a place to work.", due_days=9)
    request = agreed(world, BEFORE, other)
    due = dict(Condition.objects.filter(request=request).values_list("due_days", "due_at"))
    assert set(due) == {DAYS_BEFORE, 9}
    keep_grants_in_step()
    assert fresh(request).state == "awaiting_conditions"
    Condition.objects.filter(request=request).update(due_at=database_now(), remind_at=None)
    keep_grants_in_step()
    assert (fresh(request).state, fresh(request).closed_at is None) == ("lapsed", False)
    assert not Grant.objects.filter(revision__request=request).exists()
    assert AuditEvent.objects.filter(name="access.request.lapsed", subject_uid=request.uid).count() == 1
    with refused(InvalidState, errors.CONDITION_OVER):
        condition = Condition.objects.filter(request=request).first()
        satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)


def test_what_is_overdue_after_the_end_is_put_before_who_watches_and_may_still_be_met(
    world: AccessWorld,
) -> None:
    request = agreed(world, AFTER)
    condition = condition_of(request)
    give_back_grant(actor=world["scientist"], grant_id=grant_of(request).uid)
    keep_grants_in_step()
    assert condition_of(request).status == "open"
    Condition.objects.filter(pk=condition.pk).update(due_at=database_now(), remind_at=None)
    keep_grants_in_step()
    keep_grants_in_step()
    assert condition_of(request).status == "lapsed"
    assert AuditEvent.objects.filter(name="access.condition.lapsed", subject_uid=condition.uid).count() == 1
    for who in ("scientist", "owner", "officer"):
        assert condition in conditions_asked(world[who], at=database_now())
    assert condition not in conditions_asked(world["steward"], at=database_now())
    show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
    satisfy_condition(actor=world["owner"], condition_id=condition.uid)
    assert condition_of(request).status == "met"


def test_what_follows_the_end_is_due_from_the_end_as_it_came(world: AccessWorld) -> None:
    request = agreed(world, AFTER)
    grant, condition = grant_of(request), condition_of(request)
    assert condition.due_at == grant.not_after + timedelta(days=14)
    with refused(InvalidState, errors.CONDITION_NOT_YET):
        show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
    now = database_now()
    give_back_grant(actor=world["scientist"], grant_id=grant.uid, at=now)
    assert condition_of(request).due_at == now + timedelta(days=14)
    show_evidence(actor=world["scientist"], condition_id=condition.uid, evidence=SHOWN)
    satisfy_condition(actor=world["owner"], condition_id=condition.uid)
    assert condition_of(request).status == "met"


def test_what_lasted_is_over_with_the_grant(world: AccessWorld) -> None:
    request = agreed(world, DURING)
    revoke_grant(actor=world["owner"], grant_id=grant_of(request).uid, comment="So.")
    with refused(InvalidState, errors.CONDITION_OVER):
        satisfy_condition(actor=world["owner"], condition_id=condition_of(request).uid, evidence=SHOWN)


def test_what_the_portal_finds_itself_nobody_confirms(world: AccessWorld) -> None:
    condition = condition_of(agreed(world, BEFORE))
    Condition.objects.filter(pk=condition.pk).update(check_by="automatic")
    with refused(RuleBroken, errors.CONDITION_AUTOMATIC):
        satisfy_condition(actor=world["officer"], condition_id=condition.uid, evidence=SHOWN)
    satisfy_condition(actor=SYSTEM, condition_id=condition.uid, evidence=SHOWN)

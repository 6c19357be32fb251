"""Who may decide, by real delegations, conflicts and reporting lines; list, screen and command agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import approve_request, reassign_slot, recuse, reject_request
from apps.access.models import Recusal, Verdict
from apps.access.queries import detail_of, inbox_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import ConflictKind, Person, Project
from apps.audit.models import AuditEvent
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.policy import eligibility
from tests.access.refusals import refused
from tests.access.seats import conflicted, delegated, lay_out, owners, personal, slot_of
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, approved, asked, decision_of, draft, fresh, seen


def manages(world: AccessWorld, who: str, whom: str) -> None:
    players = world.players
    Person.objects.filter(pk=players[whom].person.pk).update(manager=players[who].person)


TIES: dict[str, tuple[Callable[[AccessWorld], object], str]] = {
    "the requester delegated to them": (
        lambda w: delegated(w, "scientist", "owner"),
        eligibility.DELEGATION_WITH_PARTY,
    ),
    "they delegated to the requester": (
        lambda w: delegated(w, "owner", "scientist"),
        eligibility.DELEGATION_WITH_PARTY,
    ),
    "they act for somebody who delegated to the requester": (
        lambda w: (delegated(w, "colleague", "owner"), delegated(w, "colleague", "scientist")),
        eligibility.DELEGATION_WITH_PARTY,
    ),
    "they declared a conflict with the asset": (
        lambda w: conflicted(w, "owner", ConflictKind.ASSET, w.personal.asset),
        eligibility.CONFLICT_DECLARED,
    ),
    "they declared a conflict with the domain": (
        lambda w: conflicted(w, "owner", ConflictKind.DOMAIN, w.domain),
        eligibility.CONFLICT_DECLARED,
    ),
    "they declared a conflict with the requester": (
        lambda w: conflicted(w, "owner", ConflictKind.PERSON, w.players["scientist"].person),
        eligibility.CONFLICT_DECLARED,
    ),
    "for whom they act declared a conflict": (
        lambda w: (
            delegated(w, "second_officer", "owner"),
            conflicted(w, "second_officer", ConflictKind.ORGANIZATION, w.organization),
        ),
        eligibility.CONFLICT_DECLARED,
    ),
}
UNTIED: dict[str, Callable[[AccessWorld], object]] = {
    "another person delegated to them": lambda w: delegated(w, "second_owner", "owner"),
    "a delegation that is over": lambda w: delegated(
        w, "scientist", "owner", ends_at=database_now() - timedelta(minutes=1)
    ),
    "a conflict with another asset": lambda w: conflicted(w, "owner", ConflictKind.ASSET, w.harmless.asset),
    "a reporting line where the stage does not ask": lambda w: manages(w, "owner", "scientist"),
}


@pytest.mark.parametrize("tie", TIES)
def test_who_is_tied_to_a_party_decides_nothing_and_reads_why(tie: str, world: AccessWorld) -> None:
    bind, code = TIES[tie]
    request, actor = personal(world), world["owner"]
    assert inbox_of(actor).filter(pk=request.pk).exists() and detail_of(actor, request).may_decide
    bind(world)
    assert code in {reason.code for reason in detail_of(actor.renewed(), fresh(request)).why_not}
    assert not inbox_of(actor.renewed()).filter(pk=request.pk).exists()
    with refused(NotPermitted, code):
        approve_request(actor=actor, **seen(request))
    assert inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["second_owner"], **seen(request))


@pytest.mark.parametrize("tie", UNTIED)
def test_a_tie_to_nobody_of_the_request_keeps_nobody_from_it(tie: str, world: AccessWorld) -> None:
    request, actor = personal(world), world["owner"]
    UNTIED[tie](world)
    assert inbox_of(actor).filter(pk=request.pk).exists() and detail_of(actor, request).may_decide
    approve_request(actor=actor, **seen(request))


def test_a_line_manager_is_kept_from_an_independent_stage(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(is_independent=True))
    request = personal(world)
    manages(world, "owner", "scientist")
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    with refused(NotPermitted, eligibility.LINE_MANAGER):
        approve_request(actor=world["owner"], **seen(request))
    approve_request(actor=world["second_owner"], **seen(request))


PROJECT_TIES: dict[str, tuple[Callable[[AccessWorld, Project], object], str]] = {
    "they belong to it": (
        lambda w, p: people.join(p, w.players["owner"].account),
        eligibility.OWN_PROJECT,
    ),
    "they act for a member": (
        lambda w, p: delegated(w, "colleague", "owner"),
        eligibility.OWN_PROJECT,
    ),
    "they delegated to a member": (
        lambda w, p: delegated(w, "owner", "colleague"),
        eligibility.DELEGATION_WITH_PARTY,
    ),
    "they declared a conflict with it": (
        lambda w, p: conflicted(w, "owner", ConflictKind.PROJECT, p),
        eligibility.CONFLICT_DECLARED,
    ),
    "they declared a conflict with a member": (
        lambda w, p: conflicted(w, "owner", ConflictKind.PERSON, w.players["colleague"].person),
        eligibility.CONFLICT_DECLARED,
    ),
    "they manage a member of a stage that is independent": (
        lambda w, p: manages(w, "owner", "colleague"),
        eligibility.LINE_MANAGER,
    ),
}


@pytest.mark.parametrize("tie", PROJECT_TIES)
def test_who_is_tied_to_a_member_of_the_project_decides_nothing(
    tie: str, world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(is_independent=True))
    scientist, colleague = world.players["scientist"], world.players["colleague"]
    project = people.project(world, scientist.person, colleague.account)
    given = {"actions": ["export"], "project_id": project.uid}
    request = asked(world["scientist"], draft(world.harmless, world.purposes["rock"], **given))
    actor = world["owner"]
    assert inbox_of(actor).filter(pk=request.pk).exists() and detail_of(actor, request).may_decide
    bind, code = PROJECT_TIES[tie]
    bind(world, project)
    assert code in {reason.code for reason in detail_of(actor.renewed(), fresh(request)).why_not}
    assert not inbox_of(actor.renewed()).filter(pk=request.pk).exists()
    with refused(NotPermitted, code):
        approve_request(actor=actor, **seen(request))
    assert inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["second_owner"], **seen(request))


# Answering for somebody


def test_a_delegate_with_the_role_answers_for_the_delegator_and_both_are_used_up(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(count=2))
    delegated(world, "second_owner", "owner")
    request, principal = personal(world), world.players["second_owner"].person
    assert [each.id for each in detail_of(world["owner"], request).acts_for] == [principal.uid]
    approve_request(actor=world["owner"], **seen(request), on_behalf_of=principal.uid)
    given = Verdict.objects.get(revision__request=request)
    assert (given.person_id, given.on_behalf_of_id) == (world["owner"].person_id, principal.pk)
    told = AuditEvent.objects.get(subject_uid=request.uid, name="access.request.decided")
    assert told.data["on_behalf_of"] == str(principal.uid)
    with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
        approve_request(actor=world["second_owner"], **seen(request))
    assert not inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["owner_and_officer"], **seen(request))
    assert fresh(request).state == "approved"


def test_two_delegates_of_one_person_are_one_voice_once_one_answered_for_them(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(count=2))
    delegated(world, "second_owner", "owner")
    delegated(world, "second_owner", "owner_and_officer")
    request, principal = personal(world), world.players["second_owner"].person
    approve_request(actor=world["owner"], **seen(request), on_behalf_of=principal.uid)
    with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
        approve_request(actor=world["owner_and_officer"], **seen(request))


def test_nobody_answers_for_who_did_not_delegate_this_role_to_them(world: AccessWorld) -> None:
    delegated(world, "officer", "owner", roles=["compliance_officer"])
    request = personal(world)
    for other in ("officer", "second_owner", "scientist"):
        with refused(NotPermitted, errors.NOT_A_DELEGATE):
            approve_request(
                actor=world["owner"], **seen(request), on_behalf_of=world.players[other].person.uid
            )
    approve_request(actor=world["owner"], **seen(request))


def test_a_delegate_without_the_role_decides_nothing(world: AccessWorld) -> None:
    delegated(world, "owner", "auditor")
    request = personal(world)
    with refused(NotPermitted, NOT_PERMITTED):
        approve_request(
            actor=world["auditor"], **seen(request), on_behalf_of=world.players["owner"].person.uid
        )
    assert not inbox_of(world["auditor"]).exists()
    approve_request(actor=world["owner"], **seen(request))


# As many as the route says


def test_two_of_three_are_two_people_and_not_two_verdicts_of_one(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(count=2))
    request = approved(personal(world), world["owner"])
    with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
        approve_request(actor=world["owner"], **seen(request))
    assert request.state == "in_review"
    assert approved(request, world["second_owner"]).state == "approved"


def test_both_roles_of_a_stage_are_needed_whoever_holds_both(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(name="both", roles=("data_owner", "compliance_officer")))
    request = approved(personal(world), world["owner"])
    for late in ("second_owner", "owner"):
        with pytest.raises((InvalidState, NotPermitted)):
            approve_request(actor=world[late], **seen(request))
    assert approved(request, world["owner_and_officer"]).state == "approved"


def test_as_many_say_no_as_the_route_says_before_a_request_ends(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(count=1, rejections=2))
    ended, saved = personal(world), personal(world)
    for request in (ended, saved):
        reject_request(actor=world["owner"], **seen(request), reason="Not needed.")
        assert fresh(request).state == "in_review"
        with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
            approve_request(actor=world["owner"], **seen(request))
    reject_request(actor=world["second_owner"], **seen(ended), reason="Nor do I think so.")
    assert fresh(ended).state == "rejected"
    assert approved(saved, world["second_owner"]).state == "approved"


# Stepping back


def test_who_steps_back_is_out_for_good_and_others_are_asked(world: AccessWorld) -> None:
    request = personal(world)
    with refused(InvalidInput, errors.RECUSAL_REASON_MISSING, field="reason"):
        recuse(actor=world["owner"], request_id=request.uid, reason=" ")
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    for call in (
        lambda: approve_request(actor=world["owner"], **seen(request)),
        lambda: recuse(actor=world["owner"], request_id=request.uid, reason="Again."),
    ):
        with refused(NotPermitted, eligibility.RECUSED):
            call()
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    assert detail_of(world["second_owner"], fresh(request)).recused == 1
    told = AuditEvent.objects.get(subject_uid=request.uid, name="access.request.recused")
    assert "office" not in str(told.data) and told.personal.get(field="reason").value == "We share an office."
    approved(request, world["second_owner"], world["officer"])
    assert fresh(request).state == "approved"


def test_only_who_could_decide_now_steps_back(world: AccessWorld) -> None:
    request = personal(world)
    with refused(NotPermitted, eligibility.ROLE_NOT_HELD):
        recuse(actor=world["officer"], request_id=request.uid, reason="No.")
    with refused(NotPermitted, NOT_PERMITTED):
        recuse(actor=world["scientist"], request_id=request.uid, reason="No.")
    with refused(NotFound):
        recuse(actor=world["colleague"], request_id=request.uid, reason="No.")
    recuse(actor=world["owner"], request_id=request.uid, reason="Yes.")


def test_who_acts_for_somebody_that_stepped_back_is_out_as_well(world: AccessWorld) -> None:
    request = personal(world)
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    delegated(world, "owner", "second_owner")
    assert not inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    with refused(NotPermitted, eligibility.RECUSED):
        approve_request(actor=world["second_owner"], **seen(request))


def test_a_recusal_is_kept_by_the_database(world: AccessWorld) -> None:
    request = personal(world)
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Recusal.objects.update(reason="None.")


# Handing over


def test_a_verdict_that_was_handed_over_waits_for_that_person_alone(world: AccessWorld) -> None:
    request = personal(world)
    second = world.players["second_owner"].person
    reassign_slot(
        actor=world["owner"],
        request_id=request.uid,
        slot_id=slot_of(request).uid,
        person_id=second.uid,
        reason="On leave.",
    )
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    assert errors.SLOT_ASSIGNED in {each.code for each in detail_of(world["owner"], fresh(request)).why_not}
    with refused(NotPermitted, errors.SLOT_ASSIGNED):
        approve_request(actor=world["owner"], **seen(request))
    assert inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["second_owner"], **seen(request))


def test_who_acts_for_the_one_it_was_handed_to_may_answer(world: AccessWorld) -> None:
    request = personal(world)
    hand(world, request, "officer", to="second_owner")
    delegated(world, "second_owner", "owner")
    assert inbox_of(world["owner"]).filter(pk=request.pk).exists()
    approve_request(
        actor=world["owner"], **seen(request), on_behalf_of=world.players["second_owner"].person.uid
    )


@pytest.mark.parametrize("who", ["owner", "second_owner", "officer"])
def test_those_who_lead_a_stage_hand_over(who: str, world: AccessWorld) -> None:
    request = personal(world)
    hand(world, request, who, to="owner_and_officer")
    assert slot_of(request).assignee == world.players["owner_and_officer"].person


@pytest.mark.parametrize(
    ("who", "family"), [("auditor", NotPermitted), ("dpo", NotPermitted), ("administrator", NotFound)]
)
def test_nobody_else_hands_over(who: str, family: type[NotPermitted], world: AccessWorld) -> None:
    request = personal(world)
    with refused(family):
        hand(world, request, who, to="second_owner")
    hand(world, request, "owner", to="second_owner")


def test_who_asked_chooses_nobody_to_decide(world: AccessWorld) -> None:
    request = personal(world, "owner_and_officer")
    with refused(NotPermitted, eligibility.OWN_REQUEST):
        hand(world, request, "owner_and_officer", to="second_owner")


def test_who_has_a_conflict_or_stepped_back_chooses_nobody_to_decide(world: AccessWorld) -> None:
    request = personal(world)
    conflicted(world, "officer", ConflictKind.PERSON, world.players["scientist"].person)
    with refused(NotPermitted, eligibility.CONFLICT_DECLARED):
        hand(world, request, "officer", to="second_owner")
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    with refused(NotPermitted, eligibility.RECUSED):
        hand(world, request, "owner", to="second_owner")
    assert slot_of(request).assignee is None
    hand(world, request, "second_officer", to="second_owner")


@pytest.mark.parametrize("whom", ["scientist", "officer", "steward"])
def test_it_is_handed_to_nobody_who_may_not_give_it(whom: str, world: AccessWorld) -> None:
    request = personal(world)
    with refused(RuleBroken, errors.TARGET_NOT_ELIGIBLE, field="person_id"):
        hand(world, request, "owner", to=whom)
    hand(world, request, "owner", to="second_owner")


def hand(world: AccessWorld, request: object, who: str, *, to: str) -> None:
    asked = fresh(request)  # type: ignore[arg-type]
    slot = slot_of(asked)
    reassign_slot(
        actor=world[who],
        request_id=asked.uid,
        slot_id=slot.uid,
        person_id=world.players[to].person.uid,
        reason="So that it goes on.",
    )


def test_the_database_itself_refuses_a_verdict_in_the_name_of_a_party(world: AccessWorld) -> None:
    request = personal(world)
    slot, decision = slot_of(request), decision_of(request)
    persons = {name: world.players[name].person for name in ("owner", "scientist")}
    with pytest.raises(IntegrityError, match="verdict_four_eyes_for_another"), transaction.atomic():
        Verdict.objects.create(
            revision=decision.revision,
            revision_sha256=decision.revision.sha256,
            decision=decision,
            slot=slot,
            kind="approve",
            person=persons["owner"],
            account_id=world["owner"].account_key,
            on_behalf_of=persons["scientist"],
            requester=persons["scientist"],
            subject=persons["scientist"],
            editor=persons["scientist"],
            created_at=database_now(),
        )

"""Who may decide, by real delegations, conflicts and reporting lines; list, screen and command agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import approve_request, reject_request
from apps.access.models import Verdict
from apps.access.queries import detail_of, inbox_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import ConflictKind, Person, Project
from apps.audit.models import AuditEvent
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted
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

"""A verdict counts for the next evaluation where the rules say so, and only for what its giver looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access import carrying
from apps.access.commands import (
    ConditionDraft,
    NarrowingDraft,
    Terms,
    amend_request,
    approve_request,
    reevaluate_request,
    reject_request,
    reopen_request,
)
from apps.access.models import Grant, Request, Verdict
from apps.access.queries import detail_of, evaluation, open_stage, requests_visible_to
from apps.access.queries.seats import Seat
from apps.accounts.models import ConflictKind, Delegation, RoleAssignment
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from apps.policy.route import KeepVerdicts, StageSpec, Timeout
from tests.access.seats import conflicted, delegated, lay_out, owners
from tests.factories import classification
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    revision_of,
    seen,
)
from tests.factories.policies import published_policy

WORD = KeepVerdicts.UNCHANGED_FACTS
OFFICERS = StageSpec(name="privacy", roles=("compliance_officer",), phase=20, keep_verdicts=WORD)
HOUSE = """\
format: 1
name: House rules
keep_verdicts: {owner: unchanged_facts, privacy: unchanged_facts}
rules:
  - id: PAY-9
    about: Exports are noted.
    when: {actions_any: export}
    then: {notify: dpo}
"""
STRICTER = (
    HOUSE
    + """\
  - id: PAY-1
    about: Personal data are looked at by legal counsel too.
    when: {personal: true}
    then: {require: {stage: legal, of: compliance_officer}}
"""
)


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(monkeypatch, owners(keep_verdicts=WORD), OFFICERS)


def wanted(world: AccessWorld, **given: Any) -> Any:
    return draft(world.personal, world.purposes["pay"], **given)


def half_way(world: AccessWorld, who: str = "scientist", by: str = "owner", **given: Any) -> Request:
    """The owner has said yes, the officer has not."""
    return approved(asked(world[who], wanted(world, **given)), world[by])


def amended(world: AccessWorld, request: Request, **given: Any) -> Request:
    amend_request(actor=world["scientist"], request_id=request.uid, draft=wanted(world, **given))
    return fresh(request)


def carried(request: Request) -> list[str]:
    """The stages in which something was carried over."""
    found = Verdict.objects.filter(decision=decision_of(request), carried_from__isnull=False)
    return list(found.order_by("pk").values_list("slot__stage__name", flat=True))


def turn(request: Request) -> str:
    stage = open_stage(decision_of(request))
    return stage.name if stage else ""


def test_without_the_word_nothing_is_carried_over(world: AccessWorld) -> None:
    request = amended(world, half_way(world), ends_on=in_days(7))
    assert (carried(request), turn(request)) == ([], "owner")


@pytest.mark.usefixtures("keeping")
def test_a_yes_counts_further_for_less_time_and_other_words(world: AccessWorld) -> None:
    request = half_way(world)
    earlier = Verdict.objects.get(revision=request.revision)
    request = amended(world, request, ends_on=in_days(7), justification="For the audit of May.")
    assert (carried(request), turn(request)) == (["owner"], "privacy")
    kept = Verdict.objects.get(decision=decision_of(request))
    assert (kept.carried_from, kept.person, kept.revision) == (earlier, earlier.person, request.revision)
    told = AuditEvent.objects.get(name="access.request.carried", subject_uid=request.uid)
    assert (told.data["earlier_id"], told.data["kept_by"]) == (str(earlier.uid), WORD)
    detail = detail_of(world["officer"], requests_visible_to(world["officer"]).get(pk=request.pk))
    owner = next(stage for stage in detail.stages if stage.name == "owner")
    assert (owner.slots[0].carried_from_revision, owner.slots[0].given_at) == (1, earlier.created_at)
    approved(request, world["officer"])
    assert Grant.objects.get(revision=request.revision).decision == decision_of(request)


@pytest.mark.usefixtures("keeping")
def test_what_was_kept_once_is_kept_again_as_what_it_was(world: AccessWorld) -> None:
    request = half_way(world)
    earlier = Verdict.objects.get(revision=request.revision)
    for days in (9, 7):
        request = amended(world, request, ends_on=in_days(days))
    assert Verdict.objects.get(decision=decision_of(request)).carried_from == earlier
    amended(world, request, ends_on=in_days(8))
    assert (carried(request), turn(request)) == ([], "owner")


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize(
    "change",
    [
        lambda world: {"ends_on": in_days(31)},
        lambda world: {"actions": ["read", "train"]},
        lambda world: {"place_of_processing": "FR"},
        lambda world: {"service_account_id": world.robot.uid},
        lambda world: {"items": [replace(wanted(world).items[0], columns=("name",))]},
        lambda world: {"mode": "following"},
        lambda world: {"purpose_id": world.purposes["unrecorded"].uid},
        lambda world: {"ticket": "OPS-7"},
    ],
    ids=["longer", "actions", "place", "subject", "columns", "mode", "purpose", "ticket"],
)
def test_a_change_of_what_was_looked_at_is_never_bridged(
    change: Callable[[AccessWorld], dict[str, Any]], world: AccessWorld
) -> None:
    request = amended(world, half_way(world), **change(world))
    assert (carried(request), turn(request)) == ([], "owner")


@pytest.mark.usefixtures("keeping")
def test_a_class_that_was_raised_is_looked_at_again(world: AccessWorld) -> None:
    request = half_way(world)
    items = [
        classification.saying(name, sensitivity_class_code="restricted", category_codes=("Income",))
        for name in ("name", "salary")
    ]
    classification.classified(world.personal.version, world["steward"], *items)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert (carried(request), turn(request)) == ([], "owner")


def lose_the_role(world: AccessWorld) -> None:
    RoleAssignment.objects.filter(person=world.players["owner"].person).update(ends_at=database_now())


def declare_a_conflict(world: AccessWorld) -> None:
    conflicted(world, "owner", ConflictKind.PERSON, world.players["scientist"].person)


def stand_in_for_the_requester(world: AccessWorld) -> None:
    delegated(world, "owner", "scientist")


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("befall", [lose_the_role, declare_a_conflict, stand_in_for_the_requester])
def test_who_could_not_say_it_today_has_not_said_it(
    befall: Callable[[AccessWorld], None], world: AccessWorld
) -> None:
    request = half_way(world)
    befall(world)
    request = amended(world, request, ends_on=in_days(7))
    assert (carried(request), turn(request)) == ([], "owner")


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("is_over", [False, True])
def test_a_yes_in_somebodys_name_counts_while_the_delegation_lasts(is_over: bool, world: AccessWorld) -> None:
    request = asked(world["scientist"], wanted(world))
    delegation = delegated(world, "owner", "second_owner")
    absent = world.players["owner"].person.uid
    approve_request(actor=world["second_owner"], on_behalf_of=absent, **seen(request))
    if is_over:
        now = database_now()
        Delegation.objects.filter(pk=delegation.pk).update(ends_at=now - timedelta(seconds=1))
    request = amended(world, request, ends_on=in_days(7))
    assert carried(request) == ([] if is_over else ["owner"])


@pytest.mark.usefixtures("keeping")
def test_who_was_not_asked_to_prove_themselves_is_asked_anew(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = half_way(world)
    laid_out = evaluation.decide
    monkeypatch.setattr(evaluation, "decide", lambda *given: replace(laid_out(*given), needs_step_up=True))
    request = amended(world, request, ends_on=in_days(7))
    assert carried(request) == []


def test_a_no_that_did_not_end_it_is_not_shed_by_amending(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(keep_verdicts=WORD, rejections=2))
    request = asked(world["scientist"], wanted(world))
    reject_request(actor=world["owner"], reason="No.", **seen(request))
    request = amended(world, request, ends_on=in_days(7))
    assert (carried(request), turn(request)) == (["owner"], "owner")
    reject_request(actor=world["second_owner"], reason="No.", **seen(request))
    assert fresh(request).state == "rejected"


@pytest.mark.usefixtures("keeping")
def test_what_was_taken_away_and_set_with_it_stays(world: AccessWorld) -> None:
    request = asked(world["scientist"], wanted(world))
    terms = Terms(
        narrowing=NarrowingDraft(ends_on=in_days(5)),
        conditions=(ConditionDraft(kind=ConditionKind.AFTER, text="Delete it.", due_days=3),),
    )
    approve_request(actor=world["owner"], terms=terms, **seen(request))
    request = approved(amended(world, request, ends_on=in_days(7)), world["officer"])
    grant = Grant.objects.get(revision=request.revision)
    assert grant.limiting_factor == "narrowed"
    assert grant.conditions.count() == 1


def test_stricter_rules_add_the_stage_that_is_missing_and_weaker_ones_go_on(world: AccessWorld) -> None:
    published_policy(world["officer"], world["second_officer"], HOUSE)
    request = half_way(world)
    published_policy(world["officer"], world["second_officer"], STRICTER)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    stages = {stage.name: bool(stage.closed_at) for stage in decision_of(request).stages.all()}
    assert stages == {"owner": True, "privacy": False, "legal": False}
    told = AuditEvent.objects.filter(name="access.request.reevaluated", subject_uid=request.uid).latest("pk")
    assert told.data["reopened"] == []
    published_policy(world["officer"], world["second_officer"], HOUSE.replace("House", "Our"))
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert (carried(request), turn(request)) == (["owner"], "privacy")
    published_policy(world["officer"], world["second_officer"], HOUSE.replace("owner: unchanged_facts,", ""))
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert (carried(request), turn(request)) == ([], "owner")


def test_an_approval_that_awaits_conditions_goes_back_only_to_the_stage_that_is_missing(
    world: AccessWorld,
) -> None:
    published_policy(world["officer"], world["second_officer"], HOUSE)
    request = asked(world["scientist"], wanted(world))
    bound = Terms(conditions=(ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the statement."),))
    approve_request(actor=world["owner"], terms=bound, **seen(request))
    approved(request, world["officer"])
    published_policy(world["officer"], world["second_officer"], STRICTER)
    reopen_request(actor=SYSTEM, request_id=request.uid)
    assert (fresh(request).state, turn(request)) == ("in_review", "legal")
    assert carried(request) == ["owner", "privacy"]
    approved(request, world["second_officer"])
    assert fresh(request).state == "awaiting_conditions"


def test_a_weaker_route_that_all_have_passed_needs_nobody_more(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(keep_verdicts=WORD), OFFICERS)
    request = half_way(world)
    monkeypatch.undo()
    lay_out(monkeypatch, owners(keep_verdicts=WORD))
    request = amended(world, request, ends_on=in_days(7))
    assert fresh(request).state == "approved"
    assert Grant.objects.filter(revision=request.revision).count() == 1


def test_a_stage_that_asks_for_more_is_not_the_same(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(keep_verdicts=WORD, on_timeout=Timeout.LAPSE), OFFICERS)
    request = half_way(world)
    monkeypatch.undo()
    lay_out(monkeypatch, owners(keep_verdicts=WORD, is_independent=True), OFFICERS)
    request = amended(world, request, ends_on=in_days(7))
    assert (carried(request), turn(request)) == ([], "owner")


# Controls


@pytest.mark.usefixtures("keeping")
def test_control_without_the_look_at_facts_a_change_is_bridged_and_more_time_is_refused_by_the_database(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "are_same_facts", lambda before, decision: True)
    request = amended(world, half_way(world), place_of_processing="FR")
    assert carried(request) == ["owner"]
    with pytest.raises(IntegrityError, match="carried over as it was given"), transaction.atomic():
        amended(world, request, ends_on=in_days(31))


@pytest.mark.usefixtures("keeping")
def test_control_without_the_look_at_who_it_was_a_party_is_counted(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = half_way(world)
    declare_a_conflict(world)
    monkeypatch.setattr(carrying, "seat_of", lambda actor, seating, stage, assets: _any_seat(seating, stage))
    assert carried(amended(world, request, ends_on=in_days(7))) == ["owner"]


def _any_seat(seating: Any, stage: Any) -> Any:
    return Seat(reasons=(), slot=next(slot for slot in seating.slots_in(stage) if not slot.is_filled))


@pytest.mark.usefixtures("keeping")
def test_the_database_refuses_a_verdict_that_says_something_else_than_it_did(world: AccessWorld) -> None:
    request = half_way(world)
    earlier = Verdict.objects.get(revision=request.revision)
    request = amended(world, request, ends_on=in_days(7))
    kept = Verdict.objects.get(decision=decision_of(request))
    slot = decision_of(request).stages.get(name="privacy").slots.get()
    forged = {"kind": "approve", "person": world.players["officer"].person}
    common = {name: getattr(kept, name) for name in ("revision", "revision_sha256", "decision")}
    with pytest.raises(IntegrityError, match="carried over as it was given"), transaction.atomic():
        Verdict.objects.create(
            **common,
            **forged,
            slot=slot,
            account=world.players["officer"].account,
            requester_id=kept.requester_id,
            subject_id=kept.subject_id,
            editor_id=kept.editor_id,
            carried_from=earlier,
            created_at=database_now(),
        )
    assert revision_of(request) == kept.revision

"""The ladder binds all organizations, nobody's office reaches beyond their own: one proposes, each agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.commands import end_role
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent, Outcome
from apps.classification import facts
from apps.classification.commands import (
    CategoryDraft,
    Handling,
    add_category,
    add_class,
    agree_to_ladder_change,
    change_handling,
    deprecate_category,
    ladder,
    propose_class,
    propose_handling,
    reject_ladder_change,
    withdraw_ladder_change,
)
from apps.classification.models import LadderChange, LadderConsent, SensitivityClass
from apps.classification.queries import awaited, ladder_changes
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import classified, saying

OFFICER = Role.COMPLIANCE_OFFICER
HANDLING = Handling(
    max_grant_days=30,
    max_lease_minutes=60,
    stages=("data_owner",),
    needs_step_up=True,
    is_auto_ok_allowed=False,
)


@pytest.mark.parametrize(
    ("change", "is_laxer"),
    [
        ({}, False),
        ({"max_grant_days": 29}, False),
        ({"max_grant_days": 31}, True),
        ({"max_grant_days": None}, True),
        ({"max_lease_minutes": 61}, True),
        ({"max_lease_minutes": None}, True),
        ({"stages": ("ciso", "data_owner")}, False),
        ({"stages": ("ciso",)}, True),
        ({"stages": ()}, True),
        ({"needs_step_up": False}, True),
        ({"is_auto_ok_allowed": True}, True),
        ({"is_break_glass_allowed": True}, True),
        ({"max_grant_days": 1, "is_break_glass_allowed": True}, True),
    ],
)
def test_what_demands_less_in_any_respect_is_laxer(change: dict[str, Any], is_laxer: bool) -> None:
    assert replace(HANDLING, **change).is_laxer_than(HANDLING) is is_laxer
    unlimited = replace(HANDLING, max_grant_days=None, max_lease_minutes=None)
    assert not HANDLING.is_laxer_than(unlimited) and unlimited.is_laxer_than(HANDLING)


# With the database


@pytest.fixture
def here(db: None) -> people.World:
    world = people.world()
    things.published_asset(world.domain)
    return world


@pytest.fixture
def there(here: people.World) -> people.World:
    world = people.world()
    things.published_asset(world.domain)
    return world


@pytest.fixture
def step(here: people.World) -> SensitivityClass:
    """It demands `HANDLING`."""
    found = SensitivityClass.objects.get(code="internal")
    return change_handling(actor=SYSTEM, sensitivity_class_id=found.uid, handling=HANDLING)  # type: ignore[no-any-return]


STRICTER, LAXER = replace(HANDLING, max_grant_days=7), replace(HANDLING, max_grant_days=90)


def proposed(actor: Actor, step: SensitivityClass, handling: Handling) -> LadderChange:
    return propose_handling(actor=actor, sensitivity_class_id=step.uid, handling=handling)  # type: ignore[no-any-return]


def agree(actor: Actor, change: LadderChange) -> str:
    return str(agree_to_ladder_change(actor=actor, ladder_change_id=change.uid).state)


def days_of(step: SensitivityClass) -> int | None:
    return SensitivityClass.objects.get(pk=step.pk).max_grant_days


def told_in(world: people.World, change: LadderChange) -> list[str]:
    told = AuditEvent.objects.filter(
        outcome=Outcome.DONE, subject_uid=change.uid, organization_id=world.organization.pk
    ).order_by("pk")
    return [name.removeprefix("classification.ladder.") for name in told.values_list("name", flat=True)]


def test_what_binds_several_organizations_holds_once_an_officer_of_each_has_agreed(
    here: people.World, there: people.World, step: SensitivityClass
) -> None:
    people.world()  # has no data, and is not asked
    officer, other = here[OFFICER].actor, there[OFFICER].actor
    with refused(RuleBroken, "LADDER_SHARED"):
        change_handling(actor=officer, sensitivity_class_id=step.uid, handling=STRICTER)
    change = proposed(officer, step, STRICTER)
    assert (change.state, days_of(step)) == ("proposed", 30)
    waits = awaited(other, change, at=database_now())
    assert (waits.is_own, waits.others, waits.second_person, waits.may_answer) == (True, 0, False, True)
    colleague = people.player(here.organization, OFFICER).actor
    assert agree(colleague, change) == "proposed"  # a second yes of one organization is none of the other
    with refused(InvalidState, "LADDER_AGREED_ALREADY"):
        agree(colleague, change)
    assert agree(other, change) == "in_force"
    assert days_of(step) == 7
    assert told_in(here, change) == ["proposed", "agreed"]
    assert told_in(there, change) == ["agreed"]


def test_a_new_class_waits_for_the_other_organization_and_stands_then(
    here: people.World, there: people.World
) -> None:
    officer, other = here[OFFICER].actor, there[OFFICER].actor
    words = {"rank": 90, "code": "sealed", "label": "Sealed", "definition": "Nobody needs it."}
    handling = replace(HANDLING, max_grant_days=1, stages=("data_owner", "compliance_officer"))
    with refused(RuleBroken, "LADDER_SHARED"):
        add_class(actor=officer, handling=handling, **words)
    change = propose_class(actor=officer, handling=handling, **words)
    assert not SensitivityClass.objects.filter(code="sealed").exists()
    agree_to_ladder_change(actor=other, ladder_change_id=change.uid)
    made = SensitivityClass.objects.get(code="sealed")
    assert (made.rank, made.max_grant_days) == (90, 1)
    assert LadderChange.objects.get(pk=change.pk).sensitivity_class == made
    with refused(Conflict, "CLASS_TAKEN"):
        propose_class(actor=other, handling=handling, **words)


def test_what_is_laxer_takes_a_second_person_also_where_there_is_one_organization(
    here: people.World, step: SensitivityClass
) -> None:
    officer, second = here[OFFICER], people.player(here.organization, OFFICER)
    with refused(RuleBroken, "LADDER_LAXER"):
        change_handling(actor=officer.actor, sensitivity_class_id=step.uid, handling=LAXER)
    with refused(RuleBroken, "LADDER_LAXER"):
        words = {"rank": 90, "code": "sealed", "label": "Sealed", "definition": "x"}
        add_class(actor=officer.actor, handling=replace(HANDLING, is_auto_ok_allowed=True), **words)
    assert proposed(officer.actor, step, STRICTER).state == "in_force"
    change = proposed(officer.actor, SensitivityClass.objects.get(pk=step.pk), LAXER)
    assert (change.state, change.is_laxer, days_of(step)) == ("proposed", True, 7)
    with refused(NotPermitted, "LADDER_SECOND_PERSON"):
        agree(officer.actor, change)
    people.delegation(officer, second, roles=[OFFICER])
    with refused(NotPermitted, "LADDER_SECOND_PERSON"):
        agree(second.actor, change)
    assert agree(people.player(here.organization, OFFICER).actor, change) == "in_force"
    assert days_of(step) == 90


def test_a_yes_counts_while_whoever_said_it_holds_the_office(
    here: people.World, there: people.World, step: SensitivityClass
) -> None:
    change = proposed(here[OFFICER].actor, step, STRICTER)
    for held in RoleAssignment.objects.filter(person=here[OFFICER].person, role=OFFICER):
        end_role(actor=SYSTEM, role_assignment_id=held.uid)
    assert agree(there[OFFICER].actor, change) == "proposed"
    assert agree(people.player(here.organization, OFFICER).actor, change) == "in_force"


def test_one_no_keeps_the_ladder_and_what_one_proposed_is_taken_back(
    here: people.World, there: people.World, step: SensitivityClass
) -> None:
    officer, other = here[OFFICER].actor, there[OFFICER].actor
    change = proposed(officer, step, STRICTER)
    with refused(Conflict, "LADDER_CHANGE_OPEN"):
        proposed(other, step, LAXER)
    with refused(RuleBroken, "LADDER_CHANGE_YOURS"):
        reject_ladder_change(actor=officer, ladder_change_id=change.uid, reason="No.")
    with refused(RuleBroken, "LADDER_NOT_YOURS"):
        withdraw_ladder_change(actor=other, ladder_change_id=change.uid)
    with refused(InvalidInput, "LADDER_REASON_MISSING"):
        reject_ladder_change(actor=other, ladder_change_id=change.uid, reason=" ")
    reject_ladder_change(actor=other, ladder_change_id=change.uid, reason="A week is too short.")
    with refused(InvalidState, "LADDER_CHANGE_CLOSED"):
        agree(other, change)
    again = proposed(other, step, LAXER)
    withdraw_ladder_change(actor=other, ladder_change_id=again.uid)
    assert days_of(step) == 30
    with refused(RuleBroken, "LADDER_NOTHING_NEW"):
        proposed(officer, step, HANDLING)


def test_nobody_agrees_to_what_was_written_against_another_version(
    here: people.World, there: people.World, step: SensitivityClass
) -> None:
    change = proposed(here[OFFICER].actor, step, STRICTER)
    change_handling(actor=SYSTEM, sensitivity_class_id=step.uid, handling=LAXER)
    with pytest.raises(StaleVersion):
        agree(there[OFFICER].actor, change)
    assert days_of(step) == 90


def test_changes_of_the_ladder_are_for_officers(here: people.World, step: SensitivityClass) -> None:
    change = proposed(here[OFFICER].actor, step, LAXER)
    for role, player in here.players.items():
        if role is OFFICER:
            continue
        assert not ladder_changes(player.actor).exists(), role
        with pytest.raises(NotFound):
            agree(player.actor, change)
        with pytest.raises(NotPermitted):
            proposed(player.actor, step, STRICTER)


def test_the_database_asks_for_every_organization_and_for_the_second_person_too(
    here: people.World, step: SensitivityClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the guard gone, the trigger is what refuses."""
    nobody = facts.Lacking(organizations=frozenset(), second_person=False)
    monkeypatch.setattr(ladder, "lacking_of", lambda change, at: nobody)
    with pytest.raises(IntegrityError, match="no second person"), transaction.atomic():
        proposed(here[OFFICER].actor, step, LAXER)
    assert proposed(here[OFFICER].actor, step, STRICTER).state == "in_force"
    elsewhere = people.world()
    things.published_asset(elsewhere.domain)
    with pytest.raises(IntegrityError, match="Not every organization"), transaction.atomic():
        proposed(
            here[OFFICER].actor, SensitivityClass.objects.get(pk=step.pk), replace(STRICTER, stages=("dpo",))
        )


def test_what_was_proposed_and_agreed_to_never_changes(here: people.World, step: SensitivityClass) -> None:
    change = proposed(here[OFFICER].actor, step, LAXER)
    for rows, fields in (
        (LadderChange.objects.filter(pk=change.pk), {"document": {}}),
        (LadderChange.objects.filter(pk=change.pk), {"is_laxer": False}),
        (LadderConsent.objects.filter(change=change), {"person": here[Role.DPO].person}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)  # type: ignore[attr-defined]


def test_a_term_is_taken_out_of_use_where_nobody_else_needs_it(
    here: people.World, there: people.World
) -> None:
    """Adding one loosens nothing and binds nobody, so that an officer of any organization may."""
    draft = CategoryDraft(
        code="WellOwner", label="Owner of a well", definition="Whose it is.", parent_codes=["Ownership"]
    )
    added = add_category(actor=here[OFFICER].actor, draft=draft)
    version = things.published_asset(there.domain).versions.get()
    classified(
        version,
        there[Role.STEWARD].actor,
        saying("id", sensitivity_class_code="internal", category_codes=("WellOwner",)),
    )
    with refused(RuleBroken, "TERM_USED_ELSEWHERE"):
        deprecate_category(actor=here[OFFICER].actor, data_category_id=added.uid)
    assert deprecate_category(actor=there[OFFICER].actor, data_category_id=added.uid).deprecated_on

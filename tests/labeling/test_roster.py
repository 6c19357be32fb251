"""The roster of a labeling policy: who gets on it, who sees it, and that what was so before stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, Workforce
from apps.compliance.lifecycle.parties import ContractClause
from apps.compliance.models import LegalRecord, LegalRecordVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    RuleBroken,
)
from apps.labeling.commands import change_annotator, end_annotator
from apps.labeling.models import Annotator
from apps.labeling.roster.asked import labeling_of
from tests.access.refusals import refused
from tests.factories import accounts, catalog, labels, records, roster
from tests.factories.accounts import World
from tests.factories.classification import classified, saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def version(world: World) -> AssetVersion:
    return labels.labeled_version(world.domain)


@pytest.fixture
def policy(version: AssetVersion) -> LegalRecord:
    return roster.policy_about(version)


@pytest.mark.parametrize("role", [Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.OWNER])
def test_who_writes_the_policy_or_keeps_the_data_enters_annotators(
    world: World, policy: LegalRecord, role: Role
) -> None:
    row = roster.entered(policy, by=world[role].actor)
    assert (row.code, row.role, row.person, row.ended_at) == ("21", "annotator", None, None)


@pytest.mark.parametrize("role", [Role.SCIENTIST, Role.AUDITOR, Role.DPO])
def test_nobody_else_does(world: World, policy: LegalRecord, role: Role) -> None:
    with refused(NotPermitted):
        roster.entered(policy, by=world[role].actor)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"test_score": 0.84}, "ANNOTATOR_TEST_FAILED"),
        ({"test_score": None}, "ANNOTATOR_TEST_FAILED"),
        ({"trained_on": None}, "ANNOTATOR_NOT_TRAINED"),
        ({"trained_on": "tomorrow"}, "ANNOTATOR_NOT_TRAINED"),
        ({"undertaking_on": None}, "ANNOTATOR_NOT_BOUND"),
        ({"undertaking_on": "tomorrow"}, "ANNOTATOR_NOT_BOUND"),
    ],
)
def test_who_lacks_something_does_not_get_on_it(
    policy: LegalRecord, given: dict[str, Any], code: str
) -> None:
    tomorrow = database_now().date() + timedelta(days=1)
    told = {name: tomorrow if value == "tomorrow" else value for name, value in given.items()}
    with refused(RuleBroken, code, field=next(iter(given))):
        roster.entered(policy, **told)
    assert roster.entered(policy).pk


def test_the_policy_says_what_score_it_takes(world: World) -> None:
    policy = roster.policy_about(labels.labeled_version(world.domain, test_score="0.97"))
    with refused(RuleBroken, "ANNOTATOR_TEST_FAILED"):
        roster.entered(policy)
    assert roster.entered(policy, test_score=0.97).pk


def test_clearance_reaches_the_class_of_the_data(world: World, version: AssetVersion) -> None:
    classified(version, world[Role.STEWARD].actor, saying("value"))
    policy = roster.policy_about(version)
    with refused(RuleBroken, "ANNOTATOR_NOT_CLEARED", field="cleared_rank"):
        roster.entered(policy, cleared_rank=0)
    person = accounts.person(world.organization, cleared_rank=0)
    with refused(RuleBroken, "ANNOTATOR_NOT_CLEARED"):
        roster.entered(policy, person_id=person.uid)
    cleared = accounts.person(world.organization, cleared_rank=5)
    row = roster.entered(policy, person_id=cleared.uid, cleared_rank=None, undertaking_on=None)
    assert (row.cleared_rank, row.undertaking_on) == (5, cleared.undertaking_on)


def test_for_data_without_a_class_nobody_is_cleared(world: World) -> None:
    policy = roster.policy_about(labels.labeled_version(world.domain, is_classified=False))
    with refused(RuleBroken, "ANNOTATOR_CLASS_UNKNOWN"):
        roster.entered(policy)


def test_who_works_for_others_needs_their_contract(world: World) -> None:
    party = records.a_party(world.organization, clauses=frozenset(ContractClause))
    lax = records.a_party(world.organization, clauses=frozenset())
    version = labels.labeled_version(world.domain, workforce=Workforce.VENDOR, vendor=party.uid)
    policy = roster.policy_about(version)
    for contract in (None, lax.uid):
        with refused(RuleBroken, "ANNOTATOR_NO_CONTRACT", field="contract"):
            roster.entered(policy, contract_id=contract)
    assert roster.entered(policy, contract_id=party.uid).contract == party


def test_hard_content_is_for_those_who_agreed(world: World) -> None:
    hard = {"has_hard_content": True, "hard_content": "Violence.", "support": "A counselor."}
    version = labels.labeled_version(world.domain, **hard, is_opt_in=True, hours_a_day=3)
    policy = roster.policy_about(version)
    with refused(RuleBroken, "ANNOTATOR_NOT_AGREED"):
        roster.entered(policy)
    with refused(RuleBroken, "ANNOTATOR_TOO_MANY_HOURS"):
        roster.entered(policy, opted_in_hard=True, hours_a_day=4)
    assert roster.entered(policy, opted_in_hard=True, hours_a_day=3).pk


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "ANNOTATOR_CODE_MISSING"),
        ("a" * 81, "ANNOTATOR_CODE_MISSING"),
        ("ada@example.org", "ANNOTATOR_CODE_IS_ADDRESS"),
        ("annotator-2", "ANNOTATOR_CODE_RESERVED"),
    ],
)
def test_a_pseudonym_names_nobody(policy: LegalRecord, code: str, why: str) -> None:
    with refused(InvalidInput, why, field="code"):
        roster.entered(policy, code)


def test_nobody_is_on_it_twice_nor_settles_what_they_labeled(world: World, policy: LegalRecord) -> None:
    person = accounts.person(world.organization, cleared_rank=5)
    row = roster.entered(policy, person_id=person.uid)
    with refused(Conflict, "ANNOTATOR_CODE_TWICE"):
        roster.entered(policy)
    with refused(Conflict, "ANNOTATOR_PERSON_TWICE"):
        roster.entered(policy, "22", person_id=person.uid)
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    assert roster.entered(policy, "22", person_id=person.uid).pk


def test_a_change_ends_what_was_so_and_keeps_it(world: World, policy: LegalRecord) -> None:
    person = accounts.person(world.organization, cleared_rank=5)
    row = roster.entered(policy, person_id=person.uid)
    made = change_annotator(
        actor=world[Role.OWNER].actor, annotator_id=row.uid, draft=roster.somebody("x", test_score=0.99)
    )
    row.refresh_from_db()
    assert row.ended_at == made.created_at
    assert (made.code, made.person, made.test_score, row.test_score) == ("21", person, 0.99, 0.95)
    for perform in (end_annotator, change_annotator):
        given: dict[str, Any] = {"draft": roster.somebody()} if perform is change_annotator else {}
        with refused(InvalidState, "ANNOTATOR_ENDED"):
            perform(actor=SYSTEM, annotator_id=row.uid, **given)


def test_the_database_lets_a_row_end_and_nothing_else(policy: LegalRecord) -> None:
    row = roster.entered(policy)
    rows = Annotator.objects.filter(pk=row.pk)
    for change in (lambda: rows.update(test_score=1), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(ended_at=None)


def test_it_needs_a_policy_in_force(world: World, policy: LegalRecord) -> None:
    LegalRecordVersion.objects.filter(legal_record=policy).update(
        record_status="retired", ended_at=database_now()
    )
    with refused(InvalidState, "ROSTER_WITHOUT_POLICY"):
        roster.entered(policy)
    party = records.a_party(world.organization)
    with pytest.raises(LakewardenError) as told:
        roster.entered(party)
    assert isinstance(told.value, NotFound)


def test_it_is_seen_by_who_keeps_it_and_everybody_sees_themselves(world: World, policy: LegalRecord) -> None:
    scientist = world[Role.SCIENTIST]
    mine = roster.entered(policy, person_id=_cleared(scientist.person).uid)
    roster.entered(policy, "22")

    def seen_by(actor: Any) -> int:
        return Annotator.objects.visible_to(actor).count()

    assert seen_by(SYSTEM) == 5
    assert list(Annotator.objects.visible_to(scientist.actor)) == [mine]
    assert [seen_by(world[role].actor) for role in (Role.OWNER, Role.COMPLIANCE_OFFICER)] == [5, 5]
    assert seen_by(world[Role.ADMINISTRATOR].actor) == 0
    assert seen_by(accounts.player(accounts.organization(), Role.COMPLIANCE_OFFICER).actor) == 0


def _cleared(person: Any) -> Any:
    type(person).objects.filter(pk=person.pk).update(cleared_rank=5)
    return person


def test_there_is_a_roster_for_each_policy(world: World, policy: LegalRecord) -> None:
    other = roster.policy_about(labels.labeled_version(world.domain))
    assert {roster.entered(each).policy for each in (policy, other)} == {policy, other}
    assert LegalRecord.objects.filter(kind=LABELING_POLICIES.slug).count() == 2


def test_only_a_check_of_the_very_version_lets_it_be_labeled(world: World) -> None:
    first = labels.labeled_version(world.domain, is_redacted=True, redaction="By hand.")
    second = catalog.version(first.asset)
    roster.policy_about(first)

    def redacted() -> list[bool]:
        data = [(first.asset, first), (second.asset, second)]
        told = labeling_of(data, [world[Role.SCIENTIST].person], on=database_now().date())
        return [each.redacted.is_met for each in told]

    assert redacted() == [False, False]
    labels.redaction_noted(first)
    assert redacted() == [True, False]
    labels.redaction_noted(first, direct_identifiers=1)
    assert redacted() == [False, False]


def test_asking_who_labels_takes_as_many_statements_for_many_versions(world: World) -> None:
    version = labels.labeled_version(world.domain, is_redacted=True, redaction="By hand.")
    data = [(version.asset, each) for each in (version, *(catalog.version(version.asset) for _ in range(4)))]
    roster.policy_about(version)
    for _asset, each in data:
        labels.redaction_noted(each)

    def statements(asked: list[tuple[Asset, AssetVersion]]) -> int:
        with CaptureQueriesContext(connection) as taken:
            told = labeling_of(asked, [world[Role.SCIENTIST].person], on=database_now().date())
        assert len(told) == len(asked)
        return len(taken)

    assert statements(data) == statements(data[:1]) <= 7


def restricted(world: World, **given: Any) -> AssetVersion:
    return labels.labeled_version(world.domain, **given)


def test_the_policy_says_from_where_people_label(world: World) -> None:
    policy = roster.policy_about(restricted(world, countries="EEA, GB"))
    with refused(RuleBroken, "ANNOTATOR_COUNTRY_UNKNOWN", field="country"):
        roster.entered(policy)
    with refused(RuleBroken, "ANNOTATOR_COUNTRY_EXCLUDED", field="country"):
        roster.entered(policy, country="BR")
    with refused(InvalidInput, "ANNOTATOR_COUNTRY_NO_CODE", field="country"):
        roster.entered(policy, country="1!")
    assert roster.entered(policy, country="gb").country == "GB"


def test_of_people_of_the_house_it_is_known_from_where_they_work(world: World) -> None:
    policy = roster.policy_about(restricted(world, countries="EEA"))
    told = {
        name: accounts.person(world.organization, works_from=name, cleared_rank=9) for name in ("DE", "BR")
    }
    assert roster.entered(policy, "22", person_id=told["DE"].uid).country == "DE"
    with refused(RuleBroken, "ANNOTATOR_COUNTRY_EXCLUDED"):
        roster.entered(policy, "23", person_id=told["BR"].uid)


def test_who_must_not_label_is_asked_of_everybody(world: World) -> None:
    policy = roster.policy_about(restricted(world, conflicts="Who drilled the well."))
    today = database_now().date()
    with refused(RuleBroken, "ANNOTATOR_CONFLICT_UNDECLARED", field="no_conflict_on"):
        roster.entered(policy)
    with refused(RuleBroken, "ANNOTATOR_CONFLICT_UNDECLARED"):
        roster.entered(policy, no_conflict_on=today + timedelta(days=1))
    assert roster.entered(policy, no_conflict_on=today).no_conflict_on == today


def test_an_ask_to_label_is_held_to_both(world: World) -> None:
    version = restricted(world)
    somebody = accounts.person(world.organization, works_from="", cleared_rank=9)

    def gaps(place: str = "") -> set[str]:
        data = [(version.asset, version)]
        (found,) = labeling_of(data, [somebody], on=database_now().date(), place=place)
        return set(found.gaps)

    row = roster.entered(roster.policy_about(version), person_id=somebody.uid)
    assert gaps() == gaps("BR") == set()
    labels.policy_restated(version, countries="NO", conflicts="Who drilled the well.")
    assert gaps("NO") == {"ANNOTATOR_COUNTRY_UNKNOWN", "ANNOTATOR_CONFLICT_UNDECLARED"}
    said = roster.somebody(row.code, country="NO", no_conflict_on=database_now().date())
    change_annotator(actor=SYSTEM, annotator_id=row.uid, draft=said)
    assert gaps() == gaps("NO") == gaps("NO-46") == set()
    assert gaps("BR") == {"ELSEWHERE"}

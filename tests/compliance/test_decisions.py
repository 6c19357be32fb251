"""From records to a decision: what is recorded here is what policy needs, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetVersion
from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.facts import asset_facts, handling_facts, purpose_facts, purpose_parents
from apps.compliance.models import Purpose
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.policy.decision import Decision, Effect
from apps.policy.engine import decide
from apps.policy.facts import (
    NO_LIMIT,
    Action,
    LawfulBasis,
    Relation,
    RequestFacts,
    SubjectFacts,
    SubjectKind,
)
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying
from tests.factories.compliance import approved_activity, approved_purpose

pytestmark = pytest.mark.django_db
ADA = SubjectFacts(
    uid="ada",
    kind=SubjectKind.PERSON,
    relation=Relation.EMPLOYEE,
    employer_country="DE",
    cleared_rank=3,
    contract_ends_on=NO_LIMIT,
    is_active=True,
)


@pytest.fixture
def officer(world: people.World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


@pytest.fixture
def asset(world: people.World) -> Asset:
    return things.asset(world.domain)


@pytest.fixture
def version(asset: Asset) -> AssetVersion:
    return things.version(asset, ("depth", "value"))


def decision(version: AssetVersion, purpose: Purpose) -> Decision:
    now = database_now()
    described = purpose_facts(purpose, on=now.date())
    facts = RequestFacts(
        now=now,
        requester=ADA,
        subject=ADA,
        purpose=described,
        purpose_parents=purpose_parents(described.code),
        assets=asset_facts([(version, ())], purpose, at=now),
        actions=frozenset({Action.READ}),
        starts_at=now,
        ends_at=now + timedelta(days=30),
        place_of_processing="DE",
        linked_personal=False,
        handling=handling_facts(),
    )
    assert replace(RequestFacts.from_json(facts.as_json()), now=now) == facts
    return decide(facts)


def blocking(decided: Decision) -> set[str]:
    return {finding.rule for finding in decided.findings if finding.effect in (Effect.BLOCK, Effect.DENY)}


def test_an_open_well_log_is_granted_at_once_even_for_a_purpose_without_a_basis(
    world: people.World, officer: Actor, approver: Actor, version: AssetVersion
) -> None:
    purpose = approved_purpose(world.organization, approver, officer, lawful_basis=None, lia_ref="")
    assert blocking(decision(version, purpose)) >= {"A01", "A02", "V-02"}
    classified(version, world[Role.STEWARD].actor, about_nobody("depth"), about_nobody("value"))
    assert decision(version, purpose).effect is Effect.PERMIT


def test_personal_data_wait_for_their_records_and_then_for_people(
    world: people.World, officer: Actor, approver: Actor, asset: Asset, version: AssetVersion
) -> None:
    purpose = approved_purpose(world.organization, approver, officer)
    classified(version, world[Role.STEWARD].actor, about_nobody("depth"), saying("value"))
    decided = decision(version, purpose)
    assert decided.effect is Effect.BLOCK
    assert blocking(decided) >= {"A02", "A06", "A20"}
    of = {"actor": officer, "asset_version_id": version.uid}
    commands.permit_purpose(concept_code="ScientificResearch", **of)
    origin = Origin(
        original_basis=LawfulBasis.CONTRACT,
        original_purpose_code="ServiceProvision",
        retention_ends_on=date(2999, 1, 1),
    )
    commands.state_origin(origin=origin, **of)
    approved_activity(purpose, asset, approver=approver, writer=officer)
    decided = decision(version, purpose)
    assert blocking(decided) == set()
    assert decided.effect is Effect.REFER


def test_special_data_are_denied_to_a_purpose_without_a_condition(
    world: people.World, officer: Actor, approver: Actor, version: AssetVersion
) -> None:
    purpose = approved_purpose(world.organization, approver, officer)
    health = saying("value", category_codes=("Health",))
    classified(version, world[Role.STEWARD].actor, about_nobody("depth"), health)
    decided = decision(version, purpose)
    assert decided.effect is Effect.DENY and "A10" in blocking(decided)

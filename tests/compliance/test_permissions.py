"""What a version may be used for, where it comes from, and how the policy reads it all."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.catalog.events import VersionRegistered
from apps.catalog.models import Asset, AssetVersion
from apps.compliance import commands, queries
from apps.compliance.commands import ConceptDraft, Origin, add_concept, deprecate_concept
from apps.compliance.commands.concepts import concept_in_use
from apps.compliance.facts import asset_facts, handling_facts, purpose_facts, purpose_parents
from apps.compliance.models import DataOrigin, PermittedPurpose, Purpose, PurposeConcept
from apps.compliance.subscribers import pass_on_permissions
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.kernel.events import subscribers_of
from apps.policy.facts import NO_LIMIT, AssetFacts, Clearance, Identifiability, LawfulBasis
from apps.policy.purposes import permits
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying
from tests.factories.compliance import approved_activity, approved_purpose, drafted_purpose

pytestmark = pytest.mark.django_db
RESEARCH, MARKETING = "ScientificResearch", "Marketing"


@pytest.fixture
def officer(world: people.World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


@pytest.fixture
def asset(world: people.World) -> Asset:
    return things.asset(world.domain)


@pytest.fixture
def version(asset: Asset) -> AssetVersion:
    return things.version(asset, ("id", "value"))


@pytest.fixture
def purpose(world: people.World, officer: Actor) -> Purpose:
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    return approved_purpose(world.organization, approver, officer)


def facts_of(version: AssetVersion, purpose: Purpose, *columns: str) -> AssetFacts:
    return asset_facts([(version, columns)], purpose, at=database_now())[0]


def permitted(version: AssetVersion, purpose: Purpose) -> dict[str, set[str]]:
    return {column.name: set(column.permitted_purposes) for column in facts_of(version, purpose).columns}


def test_a_purpose_is_permitted_for_all_columns_or_for_some(
    officer: Actor, version: AssetVersion, purpose: Purpose
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid}
    commands.permit_purpose(concept_code=RESEARCH, **of)
    commands.permit_purpose(concept_code=MARKETING, columns=["id"], **of)
    assert permitted(version, purpose) == {"id": {RESEARCH, MARKETING}, "value": {RESEARCH}}
    with pytest.raises(Conflict, match="PURPOSE_PERMITTED_ALREADY"):
        commands.permit_purpose(concept_code=RESEARCH, columns=["id"], **of)
    commands.permit_purpose(concept_code=MARKETING, **of)
    assert permitted(version, purpose)["value"] == {RESEARCH, MARKETING}
    rows = queries.permitted_purposes(officer, version)
    assert [(row.column_name, row.concept.code) for row in rows] == [("", MARKETING), ("", RESEARCH)]


def test_a_purpose_is_forbidden_for_one_column_and_the_others_keep_it(
    officer: Actor, version: AssetVersion, purpose: Purpose
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid, "concept_code": RESEARCH}
    commands.permit_purpose(**of)
    commands.forbid_purpose(columns=["value"], **of)
    assert permitted(version, purpose) == {"id": {RESEARCH}, "value": set()}
    with pytest.raises(InvalidState, match="PURPOSE_NOT_PERMITTED"):
        commands.forbid_purpose(columns=["value"], **of)
    commands.forbid_purpose(**of)
    assert permitted(version, purpose) == {"id": set(), "value": set()}
    with pytest.raises(InvalidState, match="PURPOSE_NOT_PERMITTED"):
        commands.forbid_purpose(**of)
    assert PermittedPurpose.objects.filter(version=version, ended_at__isnull=False).count() == 2


def test_who_may_not_permit_is_refused_and_so_is_what_makes_no_sense(
    world: people.World, officer: Actor, version: AssetVersion
) -> None:
    of = {"asset_version_id": version.uid, "concept_code": RESEARCH}
    for role in (Role.STEWARD, Role.OWNER, Role.DPO):
        with pytest.raises(NotPermitted):
            commands.permit_purpose(actor=world[role].actor, **of)
        with pytest.raises(NotPermitted):
            commands.forbid_purpose(actor=world[role].actor, **of)
    with pytest.raises(NotFound):
        commands.permit_purpose(actor=world[Role.SCIENTIST].actor, **of)
    with pytest.raises(InvalidInput, match="PERMISSION_COLUMN_UNKNOWN"):
        commands.permit_purpose(actor=officer, columns=["depth"], **of)
    with pytest.raises(InvalidInput, match="PURPOSE_CONCEPT_UNKNOWN"):
        commands.permit_purpose(actor=officer, **{**of, "concept_code": "Whim"})
    assert commands.permit_purpose(actor=officer, **of)


def test_the_origin_is_stated_anew_and_the_old_one_stays_as_history(
    world: people.World, officer: Actor, version: AssetVersion, purpose: Purpose
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid}
    bare = facts_of(version, purpose)
    assert (bare.original_basis, bare.original_purpose, bare.retention_ends_on) == (None, None, None)
    assert bare.agreement_ends_on is NO_LIMIT
    commands.state_origin(origin=Origin(agreement_ref="DUA-1"), **of)
    assert facts_of(version, purpose).agreement_ends_on is None
    origin = Origin(
        original_basis=LawfulBasis.CONSENT,
        original_purpose_code=MARKETING,
        research_area_code=RESEARCH,
        source="Survey of 2025",
        retention_ends_on=date(2030, 1, 1),
        agreement_ref="DUA-1",
        agreement_ends_on=date(2029, 1, 1),
    )
    commands.state_origin(origin=origin, **of)
    facts = facts_of(version, purpose)
    assert (facts.original_basis, facts.original_purpose, facts.research_area) == (
        LawfulBasis.CONSENT,
        MARKETING,
        RESEARCH,
    )
    assert (facts.retention_ends_on, facts.agreement_ends_on) == (date(2030, 1, 1), date(2029, 1, 1))
    assert DataOrigin.objects.filter(version=version).count() == 2
    stated = queries.origin_of(officer, version)
    assert stated is not None and stated.source == "Survey of 2025"
    with pytest.raises(NotPermitted):
        commands.state_origin(actor=world[Role.STEWARD].actor, asset_version_id=version.uid, origin=Origin())


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        (Origin(agreement_ends_on=date(2029, 1, 1)), "ORIGIN_AGREEMENT_UNNAMED"),
        (
            Origin(original_basis=LawfulBasis.CONTRACT, research_area_code=RESEARCH),
            "ORIGIN_RESEARCH_AREA_WITHOUT_CONSENT",
        ),
    ],
)
def test_an_origin_that_contradicts_itself_is_refused(
    officer: Actor, version: AssetVersion, origin: Origin, code: str
) -> None:
    with pytest.raises(RuleBroken, match=code):
        commands.state_origin(actor=officer, asset_version_id=version.uid, origin=origin)
    assert commands.state_origin(actor=officer, asset_version_id=version.uid, origin=Origin())


def test_a_new_version_begins_with_permissions_and_origin(
    officer: Actor, asset: Asset, version: AssetVersion, purpose: Purpose
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid}
    commands.permit_purpose(concept_code=RESEARCH, **of)
    commands.permit_purpose(concept_code=MARKETING, columns=["id"], **of)
    commands.state_origin(origin=Origin(original_basis=LawfulBasis.CONTRACT), **of)
    second = things.version(asset, ("id", "value"))
    pass_on_permissions(asset.uid)
    pass_on_permissions(asset.uid)
    assert permitted(second, purpose) == {"id": {RESEARCH, MARKETING}, "value": {RESEARCH}}
    assert facts_of(second, purpose).original_basis is LawfulBasis.CONTRACT
    assert PermittedPurpose.objects.filter(version=second).count() == 2
    hears = subscribers_of(VersionRegistered.name)
    assert "apps.compliance.subscribers.pass_on_permissions" in hears


def test_a_permission_for_all_columns_does_not_reach_new_ones(
    officer: Actor, asset: Asset, version: AssetVersion, purpose: Purpose
) -> None:
    commands.permit_purpose(actor=officer, asset_version_id=version.uid, concept_code=RESEARCH)
    second = things.version(asset, ("value", "new"))
    pass_on_permissions(asset.uid)
    assert permitted(second, purpose) == {"new": set(), "value": {RESEARCH}}


def test_what_was_taken_back_is_not_inherited_again(
    officer: Actor, asset: Asset, version: AssetVersion, purpose: Purpose
) -> None:
    commands.permit_purpose(actor=officer, asset_version_id=version.uid, concept_code=RESEARCH)
    second = things.version(asset, ("id", "value"))
    pass_on_permissions(asset.uid)
    commands.forbid_purpose(actor=officer, asset_version_id=second.uid, concept_code=RESEARCH)
    pass_on_permissions(asset.uid)
    assert permitted(second, purpose) == {"id": set(), "value": set()}


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM compliance_permittedpurpose",
        "UPDATE compliance_permittedpurpose SET column_name = 'id'",
        "UPDATE compliance_dataorigin SET source = 'Another'",
        "DELETE FROM compliance_dataorigin",
    ],
)
def test_the_database_lets_nobody_rewrite_permissions_and_origins(
    officer: Actor, version: AssetVersion, change: str
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid}
    commands.permit_purpose(concept_code=RESEARCH, **of)
    commands.state_origin(origin=Origin(), **of)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_facts_of_columns_say_what_is_known_and_no_more(
    world: people.World, version: AssetVersion, purpose: Purpose
) -> None:
    steward = world[Role.STEWARD].actor
    unknown = facts_of(version, purpose).columns[0]
    assert (unknown.class_rank, unknown.is_personal, unknown.is_criminal) == (None, None, None)
    assert (unknown.identifiability, unknown.is_confirmed) == (None, False)
    health = saying("id", category_codes=("Health", "EmailAddress"))
    classified(version, steward, about_nobody("value"), health)
    facts = facts_of(version, purpose)
    by_name = {column.name: column for column in facts.columns}
    assert by_name["value"].is_personal is False and by_name["value"].is_confirmed
    assert by_name["id"].special_kinds == {"health"} and by_name["id"].is_personal
    assert facts.has_anonymity_assessment is False
    assert [column.name for column in facts_of(version, purpose, "id").columns] == ["id"]


def test_anonymised_columns_are_not_personal_under_their_assessment(
    world: people.World, version: AssetVersion, purpose: Purpose
) -> None:
    anonymised = saying("id", identifiability=Identifiability.ANONYMISED, assessment_ref="AA-1")
    classified(version, world[Role.STEWARD].actor, anonymised)
    facts = facts_of(version, purpose, "id")
    assert facts.has_anonymity_assessment is True
    assert facts.columns[0].is_personal is False


def test_facts_name_the_activities_for_the_purpose_alone(
    world: people.World, officer: Actor, asset: Asset, version: AssetVersion, purpose: Purpose
) -> None:
    classified(version, world[Role.STEWARD].actor)
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    approved_activity(purpose, asset, approver=approver, writer=officer)
    other = approved_purpose(world.organization, approver, officer)
    both = approved_activity(
        purpose, asset, approver=approver, writer=officer, purpose_ids=(purpose.uid, other.uid)
    )
    found = {each.ref: each for each in facts_of(version, purpose).activities}
    assert sorted(found) == ["PA-0001", "PA-0002"]
    assert found[both.ref].purposes == {str(purpose.uid), str(other.uid)}
    assert found[both.ref].clearance is Clearance.CLEARED
    assert [each.ref for each in facts_of(version, other).activities] == ["PA-0002"]
    assert facts_of(version, drafted_purpose(world.organization)).activities == ()


def test_facts_take_two_queries_for_one_version_and_for_many(
    world: people.World, officer: Actor, purpose: Purpose
) -> None:
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    steward = world[Role.STEWARD].actor
    assets = [things.asset(world.domain) for _ in range(5)]
    versions = [things.version(each) for each in assets]
    for version in versions:
        classified(version, steward)
        of = {"actor": officer, "asset_version_id": version.uid}
        commands.permit_purpose(concept_code=RESEARCH, **of)
        commands.state_origin(origin=Origin(original_purpose_code=RESEARCH), **of)
    approved_activity(purpose, *assets, approver=approver, writer=officer)
    at = database_now()
    for many in (versions[:1], versions):
        fresh = list(AssetVersion.objects.filter(pk__in=[version.pk for version in many]))
        with CaptureQueriesContext(connection) as taken:
            facts = asset_facts([(version, ()) for version in fresh], purpose, at=at)
        assert len(taken) == 2
        assert [each.uid for each in facts] == [str(version.asset.uid) for version in fresh]
        assert all(len(each.activities) == 1 for each in facts)
    for read in (
        lambda: purpose_facts(purpose, on=at.date()),
        lambda: purpose_parents(RESEARCH),
        handling_facts,
    ):
        with CaptureQueriesContext(connection) as taken:
            read()
        assert len(taken) == 1


def test_permissions_and_origins_are_seen_with_their_asset(
    world: people.World, officer: Actor, version: AssetVersion
) -> None:
    of = {"actor": officer, "asset_version_id": version.uid}
    commands.permit_purpose(concept_code=RESEARCH, **of)
    commands.state_origin(origin=Origin(), **of)
    elsewhere = people.world()
    for role, player in world.players.items():
        is_seen = role not in (Role.SCIENTIST, Role.ON_CALL)
        assert PermittedPurpose.objects.visible_to(player.actor).exists() == is_seen, role
        assert DataOrigin.objects.visible_to(player.actor).exists() == is_seen, role
    assert not PermittedPurpose.objects.visible_to(elsewhere[Role.DPO].actor).exists()
    assert PermittedPurpose.objects.visible_to(SYSTEM).exists()


def test_a_kind_of_purpose_of_ones_own_is_permitted_by_descent_and_goes_out_of_use() -> None:
    officer = people.world()[Role.COMPLIANCE_OFFICER].actor
    draft = ConceptDraft(
        code="WellSafety",
        label="Safety of wells",
        definition="Keeping wells from harming anybody.",
        parent_codes=["ScientificResearch"],
    )
    added = add_concept(actor=officer, draft=draft)
    assert added.iri == "urn:lakewarden:purpose:WellSafety"
    assert permits({"ResearchAndDevelopment"}, "WellSafety", purpose_parents("WellSafety"))
    assert not permits({"Marketing"}, "WellSafety", purpose_parents("WellSafety"))
    deprecate_concept(actor=officer, purpose_concept_id=added.uid, replaced_by_code="ScientificResearch")
    with pytest.raises(InvalidInput, match="PURPOSE_CONCEPT_UNKNOWN"):
        concept_in_use("concept_code", "WellSafety")
    root = PurposeConcept.objects.get(code="Purpose")
    with refused(RuleBroken, "CONCEPT_IS_ROOT"):
        deprecate_concept(actor=officer, purpose_concept_id=root.uid)

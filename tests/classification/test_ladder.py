"""The ladder of classes, the taxonomy as shipped, and what new versions begin with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.commands import end_role
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.catalog.events import VersionRegistered
from apps.classification import queries
from apps.classification.commands import (
    CategoryDraft,
    Handling,
    add_category,
    add_class,
    change_handling,
    deprecate_category,
    inherit_classification,
)
from apps.classification.facts import column_standings, handling_facts
from apps.classification.models import (
    Classification,
    ClassificationSource,
    DataCategory,
    SensitivityClass,
    SpecialKind,
)
from apps.classification.subscribers import pass_on_classification
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from apps.kernel.events import subscribers_of
from apps.policy.facts import NO_LIMIT
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying

pytestmark = pytest.mark.django_db
HANDLING = Handling(
    max_grant_days=30,
    max_lease_minutes=60,
    stages=("data_owner",),
    needs_step_up=True,
    is_auto_ok_allowed=False,
)


@pytest.fixture
def world() -> people.World:
    return people.world()


def test_four_classes_ship_and_the_two_lowest_may_be_granted_at_once() -> None:
    facts = handling_facts()
    assert [(step.rank, step.code) for step in facts] == [
        (0, "open"),
        (1, "internal"),
        (2, "confidential"),
        (3, "restricted"),
    ]
    assert [step.is_auto_ok_allowed for step in facts] == [True, True, False, False]
    assert facts[3].stages == ("data_owner", "compliance_officer") and facts[3].needs_step_up


def test_an_officer_adds_a_class_and_changes_what_it_demands(world: people.World) -> None:
    officer = world[Role.COMPLIANCE_OFFICER].actor
    stages = ("data_owner", "compliance_officer")
    handling = replace(HANDLING, max_grant_days=20, stages=stages)
    made = {"rank": 4, "code": "secret", "label": "Secret", "definition": "For two.", "handling": handling}
    with pytest.raises(NotPermitted):
        add_class(actor=world[Role.STEWARD].actor, **made)
    added = add_class(actor=officer, **made)
    change_handling(
        actor=SYSTEM, sensitivity_class_id=added.uid, handling=replace(handling, max_lease_minutes=None)
    )
    assert handling_facts()[-1].max_lease_minutes is NO_LIMIT
    with pytest.raises(Conflict, match="CLASS_TAKEN"):
        add_class(actor=officer, **{**made, "rank": 5})
    changed = change_handling(
        actor=officer,
        sensitivity_class_id=added.uid,
        handling=replace(handling, max_grant_days=10, max_lease_minutes=15),
        seen_version=2,
    )
    assert (changed.max_grant_days, changed.max_lease_minutes, changed.row_version) == (10, 15, 3)
    with pytest.raises(StaleVersion):
        change_handling(actor=officer, sensitivity_class_id=added.uid, handling=handling, seen_version=2)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"max_grant_days": 0}, "max_grant_days", "LIMIT_TOO_SHORT"),
        ({"max_lease_minutes": 14}, "max_lease_minutes", "LIMIT_TOO_SHORT"),
        ({"stages": ("king",)}, "stages", "STAGE_ROLE_UNKNOWN"),
    ],
)
def test_handling_that_no_decision_could_use_is_refused(
    world: people.World, change: dict[str, object], field: str, code: str
) -> None:
    lowest = SensitivityClass.objects.get(rank=0)
    wrong = Handling(**{**HANDLING.__dict__, **change})
    officer = world[Role.COMPLIANCE_OFFICER].actor
    with pytest.raises(InvalidInput) as refusal:
        change_handling(actor=officer, sensitivity_class_id=lowest.uid, handling=wrong)
    assert (refusal.value.reasons[0].field, refusal.value.code) == (field, code)
    assert change_handling(actor=officer, sensitivity_class_id=lowest.uid, handling=HANDLING)


def test_a_class_asks_for_no_role_that_an_organization_with_data_lacks(world: people.World) -> None:
    things.published_asset(world.domain)
    officer = world[Role.COMPLIANCE_OFFICER].actor
    lowest = SensitivityClass.objects.get(rank=0)
    wanted = replace(HANDLING, stages=("ciso",))
    for held in RoleAssignment.objects.filter(role=Role.CISO):
        end_role(actor=SYSTEM, role_assignment_id=held.uid)
    with pytest.raises(RuleBroken) as refusal:
        change_handling(actor=officer, sensitivity_class_id=lowest.uid, handling=wanted)
    assert refusal.value.reasons[0].facts["organizations"] == (world.organization.name,)
    people.player(world.organization, Role.CISO)
    assert change_handling(actor=officer, sensitivity_class_id=lowest.uid, handling=wanted).stages == ["ciso"]


def test_every_special_kind_and_offences_have_categories_and_heirs_keep_their_kind() -> None:
    categories = {each.code: each for each in DataCategory.objects.prefetch_related("parents")}
    assert {each.special_kind for each in categories.values()} - {""} == set(SpecialKind.values)
    assert any(each.is_criminal for each in categories.values())
    assert categories["TradeUnionMembership"].iri == "https://w3id.org/dpv/pd#TradeUnionMembership"
    for each in categories.values():
        assert each.definition
        for parent in each.parents.all():
            assert parent.is_personal == each.is_personal, each.code
            assert bool(each.special_kind) or not parent.special_kind, each.code
            assert each.is_criminal or not parent.is_criminal, each.code


def test_a_new_version_begins_with_what_was_said_and_new_columns_stay_unclassified(
    world: people.World,
) -> None:
    steward = world[Role.STEWARD]
    asset = things.asset(world.domain)
    first = things.version(asset, ("id", "value", "gone"))
    classified(first, steward.actor, about_nobody(), saying("id"), saying("gone"))
    second = things.version(asset, ("id", "value", "new"))
    assert queries.unclassified_columns(second) == ("id", "value", "new")
    pass_on_classification(asset.uid)
    rows = {row.column_name: row for row in queries.current_classifications(SYSTEM, second)}
    assert sorted(rows) == ["id", "value"]
    value = rows["value"]
    assert (value.source, value.is_confirmed) == (ClassificationSource.INHERITED, True)
    assert (value.classified_by, value.inherited_from.version) == (steward.person, first)
    assert queries.unclassified_columns(second) == ("new",)
    assert inherit_classification(actor=SYSTEM, asset_id=asset.uid) == ()
    hears = subscribers_of(VersionRegistered.name)
    assert "apps.classification.subscribers.pass_on_classification" in hears


def test_a_column_of_another_type_inherits_nothing(world: people.World) -> None:
    asset = things.asset(world.domain)
    first = things.version(asset, ("id",))
    classified(first, world[Role.STEWARD].actor, saying("id"))
    second = things.commands.register_version(
        actor=SYSTEM,
        asset_id=asset.uid,
        columns=[things.ColumnDraft(name="id", data_type="bytea")],
    )
    assert inherit_classification(actor=SYSTEM, asset_id=asset.uid) == ()
    assert queries.unclassified_columns(second) == ("id",)


def test_what_was_said_about_the_new_version_is_not_overwritten(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    asset = things.asset(world.domain)
    first, second = things.version(asset), things.version(asset)
    classified(first, steward)
    classified(second, steward, saying("value"))
    inherit_classification(actor=SYSTEM, asset_id=asset.uid)
    codes = {
        row.column_name: row.sensitivity_class.code
        for row in Classification.objects.current().filter(version=second)
    }
    assert codes == {"value": "internal", "id": "open"}


def test_the_effective_class_is_the_highest_and_knows_what_is_open(world: people.World) -> None:
    version = things.version(things.asset(world.domain), ("id", "value", "more"))
    assert queries.effective_class(version).sensitivity_class is None
    steward = world[Role.STEWARD].actor
    classified(version, steward, about_nobody(), saying("id", sensitivity_class_code="restricted"))
    found = queries.effective_class(version)
    assert found.sensitivity_class is not None and found.sensitivity_class.code == "restricted"
    assert (found.unclassified, found.is_complete) == (("more",), False)


def test_reads_take_as_many_queries_for_many_versions_as_for_one(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    versions = [things.version(things.asset(world.domain)) for _ in range(6)]
    for version in versions:
        classified(version, steward)
    for few in (versions[:1], versions):
        with CaptureQueriesContext(
            connection,
        ) as effective:
            assert len(queries.effective_classes(few)) == len(few)
        with CaptureQueriesContext(connection) as standings:
            assert len(column_standings([version.pk for version in few])) == 2 * len(few)
        with CaptureQueriesContext(connection) as current:
            list(queries.current_classifications(SYSTEM, few[0]))
        assert (len(effective), len(standings), len(current)) == (2, 1, 1)


def test_classifications_are_seen_with_their_asset(world: people.World) -> None:
    version = things.version(things.asset(world.domain))
    classified(version, world[Role.STEWARD].actor)
    elsewhere = people.world()
    for role, player in world.players.items():
        seen = Classification.objects.visible_to(player.actor).filter(version=version).exists()
        assert seen == (role not in (Role.SCIENTIST, Role.ON_CALL)), role
    assert not Classification.objects.visible_to(elsewhere[Role.STEWARD].actor).exists()
    stranger = elsewhere[Role.SCIENTIST].actor
    assert SensitivityClass.objects.visible_to(stranger).count() == 4
    assert queries.categories_in_use(stranger).exists()


# Terms of one's own


def term(**given: object) -> CategoryDraft:
    made: dict[str, object] = {
        "code": "WellOwner",
        "label": "Owner of a well",
        "definition": "Whose well it is.",
        "parent_codes": ["Ownership"],
    }
    return CategoryDraft(**{**made, **given})  # type: ignore[arg-type]


def test_a_term_of_ones_own_lies_below_one_that_ships_and_is_no_laxer(world: people.World) -> None:
    officer = world[Role.COMPLIANCE_OFFICER].actor
    plain = add_category(actor=officer, draft=term())
    assert (plain.scheme, plain.iri) == ("local", "urn:lakewarden:category:WellOwner")
    assert plain.is_personal and not plain.special_kind
    illness = add_category(actor=officer, draft=term(code="BlackLung", parent_codes=["Health"]))
    assert illness.special_kind == SpecialKind.HEALTH
    assert add_category(actor=officer, draft=term(code="Theft", parent_codes=["Criminal"])).is_criminal
    with refused(RuleBroken, "TERM_LAXER"):
        laxer = term(code="Other", parent_codes=["Health"], special_kind=SpecialKind.GENETIC)
        add_category(actor=officer, draft=laxer)


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"code": "well owner"}, InvalidInput, "TERM_CODE_MALFORMED"),
        ({"code": "ownership"}, InvalidInput, "TERM_CODE_MALFORMED"),
        ({"code": "Ownership"}, Conflict, "TERM_TAKEN"),
        ({"parent_codes": []}, InvalidInput, "TERM_PARENT_MISSING"),
        ({"parent_codes": ["Nothing"]}, InvalidInput, "TERM_PARENT_UNKNOWN"),
    ],
)
def test_a_term_that_does_not_fit_is_refused(
    world: people.World, given: dict[str, object], error: type[Exception], code: str
) -> None:
    with refused(error, code):
        add_category(actor=world[Role.COMPLIANCE_OFFICER].actor, draft=term(**given))


def test_a_term_out_of_use_stays_with_what_was_said_and_says_nothing_new(world: people.World) -> None:
    officer = world[Role.COMPLIANCE_OFFICER].actor
    old = add_category(actor=officer, draft=term())
    version = things.published_asset(world.domain).versions.get()
    said = {"sensitivity_class_code": "internal", "category_codes": ("WellOwner",)}
    classified(version, world[Role.STEWARD].actor, saying("id", **said))
    with refused(RuleBroken, "TERM_LAXER"):
        about_nobody_code = DataCategory.objects.in_use().filter(is_personal=False).first()
        assert about_nobody_code is not None
        deprecate_category(actor=officer, data_category_id=old.uid, replaced_by_code=about_nobody_code.code)
    deprecate_category(actor=officer, data_category_id=old.uid, replaced_by_code="Ownership")
    assert "WellOwner" not in queries.categories_in_use(officer).values_list("code", flat=True)
    assert column_standings([version.pk])[version.pk, "id"].categories == {"WellOwner"}
    with pytest.raises(InvalidInput):
        classified(version, world[Role.STEWARD].actor, saying("value", **said))
    with refused(InvalidState, "TERM_OUT_OF_USE"):
        deprecate_category(actor=officer, data_category_id=old.uid)

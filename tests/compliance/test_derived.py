"""What was made from others is never laxer than they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Audience
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog import commands
from apps.catalog.commands import InputDraft
from apps.catalog.models import AssetKind, AssetVersion, VersionInput
from apps.catalog.models.version import InputRole
from apps.compliance.commands import Origin, permit_purpose, state_origin
from apps.compliance.lifecycle.derived import Nature, is_no_laxer, joined
from apps.compliance.queries import effective_nature
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidInput, NotPermitted, RuleBroken
from apps.policy.vocabulary import LawfulBasis
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import about_health, about_people
from tests.factories.classification import about_nobody, classified
from tests.factories.occurrences import made_from

Join = Callable[[Nature, Iterable[Nature]], Nature]
CODES = st.frozensets(st.sampled_from(["a", "b", "c"]))
ANSWER = st.sampled_from([True, False, None])
NATURES = st.builds(
    Nature,
    class_rank=st.none() | st.integers(min_value=0, max_value=3),
    categories=CODES,
    special_kinds=CODES,
    is_criminal=ANSWER,
    is_personal=ANSWER,
    purposes=st.none() | CODES,
)


def check_never_laxer(join: Join, own: Nature, inputs: list[Nature]) -> None:
    whole = join(own, inputs)
    for part in inputs:
        assert is_no_laxer(whole, part)


@given(own=NATURES, inputs=st.lists(NATURES, max_size=4))
def test_the_whole_is_no_laxer_than_any_part(own: Nature, inputs: list[Nature]) -> None:
    check_never_laxer(joined, own, inputs)
    assert joined(own, inputs) == joined(own, list(reversed(inputs)))


@given(own=NATURES, inputs=st.lists(NATURES, max_size=3), more=NATURES)
def test_a_further_input_never_makes_it_laxer(own: Nature, inputs: list[Nature], more: Nature) -> None:
    if inputs:
        assert is_no_laxer(joined(own, [*inputs, more]), joined(own, inputs))


def _forgets_unknown(own: Nature, inputs: Iterable[Nature]) -> Nature:
    """Takes what is not known for harmless."""
    known = [nature for nature in inputs if nature.class_rank is not None]
    return joined(own, known)


def _unites_purposes(own: Nature, inputs: Iterable[Nature]) -> Nature:
    made_of = list(inputs)
    whole = joined(own, made_of)
    return Nature(
        class_rank=whole.class_rank,
        categories=whole.categories,
        special_kinds=whole.special_kinds,
        is_criminal=whole.is_criminal,
        is_personal=whole.is_personal,
        purposes=frozenset[str]().union(*(nature.purposes or frozenset() for nature in made_of)),
    )


@pytest.mark.parametrize("broken", [_forgets_unknown, _unites_purposes])
def test_a_join_that_is_laxer_is_caught(broken: Join) -> None:
    own = Nature(class_rank=0)
    unknown = Nature(class_rank=None, purposes=frozenset({"a"}))
    high = Nature(class_rank=3, purposes=frozenset({"b"}))
    with pytest.raises(AssertionError):
        check_never_laxer(broken, own, [unknown, high])


# With a database


class House:
    def __init__(self) -> None:
        self.organization = people.organization()
        self.open = people.domain(self.organization)
        self.secret = people.domain(self.organization, Audience.TEAMS)
        self.steward = people.player(self.organization, Role.STEWARD).actor
        self.officer = people.player(self.organization, Role.COMPLIANCE_OFFICER).actor
        self.reader = actor_of(people.player(self.organization, Role.SCIENTIST).account)

    def data(self, *, is_health: bool = False, is_secret: bool = False) -> AssetVersion:
        asset = things.asset(self.secret if is_secret else self.open)
        version = things.version(asset, ["one"])
        said = about_health("one") if is_health else about_people("one")
        classified(version, self.steward, said)
        commands.publish_asset(actor=SYSTEM, asset_id=asset.uid)
        return version

    def permit(self, version: AssetVersion, concept: str) -> None:
        permit_purpose(actor=self.officer, asset_version_id=version.uid, concept_code=concept)
        origin = Origin(original_basis=LawfulBasis.CONTRACT, original_purpose_code=concept)
        state_origin(actor=self.officer, asset_version_id=version.uid, origin=origin)

    def model(self, *inputs: AssetVersion, role: InputRole = InputRole.TRAINING) -> AssetVersion:
        return made_from(things.asset(self.open, AssetKind.MODEL), *inputs, role=role)


@pytest.fixture
def house(db: None) -> House:
    return House()


def test_a_model_is_what_it_learned_from_with_the_path_shown(house: House) -> None:
    raw, health = house.data(), house.data(is_health=True)
    house.permit(raw, "ResearchAndDevelopment")
    house.permit(health, "ScientificResearch")
    features = made_from(things.asset(house.open), raw, health)
    classified(features, house.steward, about_nobody("*"))
    model = house.model(features)
    found = effective_nature(house.reader, model)
    assert found.own.class_rank is None and found.effective.class_rank is None  # nobody classified the model
    classified(model, house.steward, about_nobody("*"))
    found = effective_nature(house.reader, model)
    assert found.code_of(found.own) == "open" and found.code_of(found.effective) == "restricted"
    assert {"Income", "Health"} <= found.effective.categories
    assert found.effective.special_kinds == {"health"}
    assert found.effective.purposes == frozenset()  # of the features nobody stated any
    house.permit(features, "ScientificResearch")
    assert effective_nature(house.reader, model).effective.purposes == {"ScientificResearch"}
    (decisive,) = found.decisive
    assert [step.pk for step in decisive.path if step] == [model.pk, features.pk, health.pk]


def test_what_is_hidden_counts_and_is_not_named(house: House) -> None:
    hidden = house.data(is_health=True, is_secret=True)
    model = house.model(hidden)
    classified(model, house.steward, about_nobody("*"))
    found = effective_nature(house.reader, model)
    assert found.code_of(found.effective) == "restricted"
    assert [each.version for each in found.decisive] == [None]


def test_what_it_was_validated_with_counts_too(house: House) -> None:
    model = house.model(house.data(is_health=True), role=InputRole.VALIDATION)
    classified(model, house.steward, about_nobody("*"))
    assert effective_nature(house.reader, model).effective.class_rank == 3


def test_a_long_lineage_takes_no_more_queries(house: House) -> None:
    counts = []
    version = house.data()
    for length in (1, 6):
        for _ in range(length):
            version = made_from(things.asset(house.open), version)
        reader = house.reader.renewed()
        with CaptureQueriesContext(connection) as queries:
            effective_nature(reader, version)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_inputs_are_named_afterwards_and_never_in_a_circle(house: House) -> None:
    raw = house.data()
    clean = made_from(things.asset(house.open), raw)
    late = house.data()
    drafts = [InputDraft(version_id=late.uid, role=InputRole.SOURCE)]
    commands.add_inputs(actor=house.steward, asset_version_id=clean.uid, inputs=drafts)
    assert {each.input_id for each in clean.inputs.all()} == {raw.pk, late.pk}


@pytest.mark.parametrize(
    ("role", "code"),
    [(InputRole.SOURCE, "INPUT_IN_A_CIRCLE"), (InputRole.BASE_MODEL, "BASE_IS_A_MODEL")],
)
def test_what_cannot_be_an_input_is_refused(house: House, role: InputRole, code: str) -> None:
    raw = house.data()
    clean = made_from(things.asset(house.open), raw)
    drafts = [InputDraft(version_id=clean.uid, role=role)]
    with refused(RuleBroken, code):
        commands.add_inputs(actor=house.steward, asset_version_id=raw.uid, inputs=drafts)


def test_an_input_is_named_once_and_one_has_to_be(house: House) -> None:
    raw = house.data()
    clean = made_from(things.asset(house.open), raw)
    named = {"actor": house.steward, "asset_version_id": clean.uid}
    with refused(Conflict, "INPUT_KNOWN"):
        commands.add_inputs(**named, inputs=[InputDraft(version_id=raw.uid, role=InputRole.SOURCE)])
    with refused(InvalidInput, "INPUT_MISSING"):
        commands.add_inputs(**named, inputs=[])
    with pytest.raises(NotPermitted):
        commands.add_inputs(actor=house.reader, asset_version_id=clean.uid, inputs=[])


def test_the_database_lets_no_circle_in(house: House) -> None:
    raw = house.data()
    clean = made_from(things.asset(house.open), raw)
    with pytest.raises(IntegrityError, match="not made from itself"):
        VersionInput.objects.create(version=raw, input=clean, role=InputRole.SOURCE)

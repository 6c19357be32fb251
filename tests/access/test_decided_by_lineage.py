"""What a version was made from decides with it: its class, its categories and its purposes."""

from __future__ import annotations

from typing import Any

import pytest

from apps.access.commands import reevaluate_request
from apps.access.drafts import read_draft
from apps.access.models import GrantMode
from apps.access.queries import Answer, answer
from apps.access.queries.grants import ask_again, versions_covered, why_not_lawful
from apps.access.queries.hits import hits_of
from apps.access.tasks import (
    reevaluate,
    reevaluate_requests_on_lineage,
    reevaluate_requests_on_version,
)
from apps.catalog.commands import InputDraft, add_inputs
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.catalog.queries import assets_visible_to
from apps.classification.queries import effective_class, of_class
from apps.compliance.commands import Origin, permit_purpose, state_origin
from apps.compliance.queries import effective_nature
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.decision import Effect
from apps.policy.vocabulary import Identifiability, LawfulBasis
from tests.factories import catalog as things
from tests.factories.access import (
    KEPT_UNTIL,
    PAY,
    AccessWorld,
    Thing,
    about_nobody,
    about_people,
    asked,
    decision_of,
    draft,
    fresh,
    granted,
    thing,
)
from tests.factories.classification import classified, saying
from tests.factories.occurrences import made_from

pytestmark = pytest.mark.django_db


def derived(world: AccessWorld, *inputs: AssetVersion, role: InputRole = InputRole.SOURCE) -> Thing:
    """Its own columns are open and about nobody, as somebody says."""
    made = thing(world.domain, world["steward"], about_nobody("value"))
    learned(world, made.version, *inputs, role=role)
    return made


def learned(
    world: AccessWorld, version: AssetVersion, *inputs: AssetVersion, role: InputRole = InputRole.SOURCE
) -> None:
    drafts = [InputDraft(version_id=each.uid, role=role) for each in inputs]
    add_inputs(actor=world["steward"], asset_version_id=version.uid, inputs=drafts)


def answered(world: AccessWorld, wanted: Thing, purpose: str = "rock", *actions: str) -> Answer:
    now = database_now()
    made = draft(wanted, world.purposes[purpose], actions=list(actions) or ["read"])
    return answer(read_draft(world["scientist"], made, at=now), at=now)


def rules(told: Answer) -> dict[str, set[str]]:
    return {
        each.rule: {reason.code for reason in each.reasons}
        for each in told.decision.findings
        if each.effect in (Effect.BLOCK, Effect.DENY)
    }


def test_what_comes_from_sensitive_data_is_decided_like_them(world: AccessWorld) -> None:
    harmless = derived(world, world.harmless.version)
    assert answered(world, harmless).decision.effect is Effect.PERMIT
    told = answered(world, derived(world, world.harmless.version, world.restricted.version))
    (column,) = told.facts.assets[0].columns
    raw = answered(world, world.restricted).facts.assets[0].columns
    highest = max(column.class_rank or 0 for column in raw)
    assert (column.class_rank, column.special_kinds) == (highest, {"health"})
    assert "Health" in column.categories and column.is_personal is True
    assert "A10" in rules(told) and told.decision.effect is Effect.DENY


def test_it_comes_through_however_many_steps_and_roles(world: AccessWorld) -> None:
    first = derived(world, world.restricted.version)
    second = derived(world, first.version, role=InputRole.VALIDATION)
    (column,) = answered(world, derived(world, second.version)).facts.assets[0].columns
    assert column.special_kinds == {"health"}


def test_an_input_that_nobody_classified_blocks_and_is_told_apart(world: AccessWorld) -> None:
    unclassified = things.version(things.asset(world.domain), ("one", "two"))
    made = derived(world, unclassified)
    assert rules(answered(world, made))["A01"] == {"INPUTS_UNCLASSIFIED"}
    classified(unclassified, world["steward"], about_nobody("one"))
    assert rules(answered(world, made))["A01"] == {"INPUTS_UNCLASSIFIED"}  # one column is open still
    classified(unclassified, world["steward"], about_nobody("two"))
    assert answered(world, made).decision.effect is Effect.PERMIT


def test_what_is_anonymised_under_an_assessment_is_about_nobody_and_keeps_the_class(
    world: AccessWorld,
) -> None:
    said = saying(
        sensitivity_class_code="open",
        category_codes=("Income",),
        identifiability=Identifiability.ANONYMISED,
        assessment_ref="ANON-7",
    )
    made = thing(world.domain, world["steward"], said)
    learned(world, made.version, world.personal.version)
    (column,) = answered(world, made).facts.assets[0].columns
    before = answered(world, world.personal).facts.assets[0].columns[0]
    assert column.is_personal is False and column.class_rank == before.class_rank
    further = derived(world, made.version)
    (column,) = answered(world, further).facts.assets[0].columns
    assert column.is_personal is False


def test_a_purpose_has_to_be_admitted_by_all_of_it(world: AccessWorld) -> None:
    """Its own permission is not enough; where it has none, what it was made from says."""
    other = thing(world.domain, world["steward"], about_people("bonus"))
    made = thing(world.domain, world["steward"], about_people("sum"))
    learned(world, made.version, world.personal.version, other.version)

    def admitted() -> bool:
        (column,) = answered(world, made, "pay").facts.assets[0].columns
        return PAY in column.permitted_purposes

    permit_purpose(actor=world["officer"], asset_version_id=made.version.uid, concept_code=PAY)
    assert not admitted() and "A07" in rules(answered(world, made, "pay"))
    on_contract(world, other)
    assert admitted()
    unsaid = thing(world.domain, world["steward"], about_people("mean"))
    learned(world, unsaid.version, world.personal.version, other.version)
    (column,) = answered(world, unsaid, "pay").facts.assets[0].columns
    assert column.permitted_purposes == {PAY}


def on_contract(world: AccessWorld, thing: Thing) -> None:
    permit_purpose(actor=world["officer"], asset_version_id=thing.version.uid, concept_code=PAY)
    origin = Origin(
        original_basis=LawfulBasis.CONTRACT, original_purpose_code=PAY, retention_ends_on=KEPT_UNTIL
    )
    state_origin(actor=world["officer"], asset_version_id=thing.version.uid, origin=origin)


def test_naming_an_input_asks_open_requests_and_grants_anew(
    world: AccessWorld, sent_tasks: list[str]
) -> None:
    grant = granted(world)
    request = asked(world["scientist"], draft(world.harmless, world.purposes["rock"], actions=["export"]))
    learned(world, world.harmless.version, world.restricted.version)
    again = ask_again(grant, grant.version, at=database_now())
    assert why_not_lawful(grant, answer(again, at=database_now()))
    reevaluate_requests_on_lineage(world.harmless.asset.uid)
    assert sent_tasks == [str(request.uid)]
    reevaluate_requests_on_version(world.restricted.version.uid)
    assert sent_tasks == [str(request.uid)] * 2  # what is said of the input is said of what came of it
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert decision_of(fresh(request)).effect == Effect.DENY.value


@pytest.fixture
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(reevaluate, "delay", sent.append)
    return sent


def test_a_grant_that_follows_does_not_follow_into_what_is_made_from_sensitive_data(
    world: AccessWorld,
) -> None:
    grant = granted(world, mode=GrantMode.FOLLOWING.value)
    columns = list(grant.version.columns.values_list("name", flat=True))
    later = things.version(world.harmless.asset, columns)
    classified(later, world["steward"], *(about_nobody(name) for name in columns))
    assert later in versions_covered(grant)
    learned(world, later, world.restricted.version)
    assert later not in versions_covered(grant)


def test_list_filter_page_and_decision_say_the_same_class(world: AccessWorld) -> None:
    made = derived(world, world.restricted.version)
    actor = world["officer"]
    nature = effective_nature(actor, made.version)
    assert nature.code_of(nature.effective) == "restricted" and nature.code_of(nature.own) == "open"
    (column,) = answered(world, made).facts.assets[0].columns
    assert column.class_rank == nature.effective.class_rank
    assert (column.categories, column.special_kinds) == (
        nature.effective.categories,
        nature.effective.special_kinds,
    )
    assert column.is_personal == nature.effective.is_personal

    def of(code: str) -> set[Asset]:
        return set(of_class(assets_visible_to(actor), code))

    assert made.asset in of("restricted") and made.asset not in of("open")
    assert of_class(assets_visible_to(actor), "restricted").count() == len(of("restricted"))
    (hit,) = hits_of(actor, [made.asset])
    for effective in (hit.effective, effective_class(made.version)):
        assert effective is not None and effective.sensitivity_class is not None
        assert effective.sensitivity_class.code == "restricted"


def test_a_decision_costs_no_more_with_a_long_lineage(
    world: AccessWorld, django_assert_max_num_queries: Any
) -> None:
    made = derived(world, world.restricted.version, world.personal.version)
    for _step in range(5):
        made = derived(world, made.version)
    now = database_now()
    wanted = draft(made, world.purposes["study"], actions=["read", "share", "train"])
    ask = read_draft(world["scientist"], wanted, at=now)
    with django_assert_max_num_queries(15):
        answer(ask, at=now)


def test_a_model_is_not_laxer_than_what_taught_it(world: AccessWorld) -> None:
    model = things.asset(world.domain, AssetKind.MODEL)
    version = made_from(model, world.restricted.version, role=InputRole.TRAINING)
    classified(version, world["steward"], about_nobody(None))
    told = answered(world, Thing(asset=model, version=version), "rock", "invoke")
    (column,) = told.facts.assets[0].columns
    assert column.special_kinds == {"health"} and told.decision.effect is not Effect.PERMIT

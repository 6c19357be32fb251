"""For which purposes data may be used, and where they come from: said in the browser."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from apps.compliance.queries import origin_of, permitted_purposes
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.factories import catalog as things
from tests.factories.access import AccessWorld

pytestmark = pytest.mark.django_db
CONCEPT = "ServiceProvision"


def page(world: AccessWorld) -> str:
    return f"/catalog/{world.personal.asset.uid}/provenance/"


def permitted(world: AccessWorld) -> set[tuple[str, str]]:
    rows = permitted_purposes(SYSTEM, world.personal.version)
    return {(row.column_name, row.concept.code) for row in rows}


def sent(world: AccessWorld, **typed: object) -> dict[str, object]:
    return {"key": str(uuid4()), "version_id": str(world.personal.version.uid), **typed}


def test_a_purpose_is_permitted_for_some_columns_and_taken_back(world: AccessWorld, browse: Browse) -> None:
    officer, path = browse("officer"), page(world)
    before = permitted(world)
    columns = sorted(world.personal.version.columns.values_list("name", flat=True))
    typed = sent(world, concept_code=CONCEPT, columns="\n".join(columns))
    for _ in range(2):  # sent twice, it is carried out once
        assert officer.post(f"{path}permit/", typed).status_code == 302
    assert permitted(world) == before | {(column, CONCEPT) for column in columns}
    taken = sent(world, concept_code=CONCEPT, column=columns[0])
    assert officer.post(f"{path}forbid/", taken).status_code == 302
    assert permitted(world) == before | {(column, CONCEPT) for column in columns[1:]}
    again = officer.post(f"{path}forbid/", taken)
    assert again.status_code == 409 and "There is a problem" in again.text


def test_a_column_that_is_not_there_is_told_beside_the_field(world: AccessWorld, browse: Browse) -> None:
    answer = browse("officer").post(
        f"{page(world)}permit/", sent(world, concept_code=CONCEPT, columns="nowhere")
    )
    assert answer.status_code == 400 and "columns" in answer.context["form"].errors
    assert "nowhere</textarea>" in answer.text


def test_the_origin_is_stated_anew_and_what_was_stated_stands_in_the_form(
    world: AccessWorld, browse: Browse
) -> None:
    officer, path = browse("officer"), page(world)
    stated = {
        "original_basis": "6(1)(a)",
        "original_purpose_code": CONCEPT,
        "research_area_code": "ScientificResearch",
        "source": "Survey of 2025",
        "retention_ends_on": "2031-01-01",
        "agreement_ref": "DUA-7",
        "agreement_ends_on": "2030-06-30",
    }
    assert officer.post(path, sent(world, **stated)).status_code == 302
    origin = origin_of(SYSTEM, world.personal.version)
    assert origin is not None and origin.retention_ends_on == date(2031, 1, 1)
    assert origin.research_area is not None and origin.research_area.code == "ScientificResearch"
    shown = officer.get(path).context["state"].initial
    assert {name: str(shown[name]) for name in stated} == stated
    read = browse("scientist").get(path)
    assert "Survey of 2025" in read.text and "Consent" in read.text and "Take back" not in read.text


def test_what_the_law_does_not_let_an_origin_say_is_told_beside_the_field(
    world: AccessWorld, browse: Browse
) -> None:
    before = origin_of(SYSTEM, world.personal.version)
    unfit = sent(world, original_basis="6(1)(b)", research_area_code="ScientificResearch")
    answer = browse("officer").post(page(world), unfit)
    assert answer.status_code == 422 and "research_area_code" in answer.context["form"].errors
    assert origin_of(SYSTEM, world.personal.version) == before


def test_nobody_else_permits_or_states_and_no_version_of_another_asset_is_meant(
    world: AccessWorld, browse: Browse
) -> None:
    path, before = page(world), permitted(world)
    for who in ("steward", "owner", "dpo"):
        assert "permit" not in browse(who).get(path).context
        typed = sent(world, concept_code=CONCEPT)
        assert browse(who).post(f"{path}permit/", typed).status_code == 403
        assert browse(who).post(path, sent(world)).status_code == 403
    foreign = sent(world, concept_code=CONCEPT) | {"version_id": str(world.harmless.version.uid)}
    assert browse("officer").post(f"{path}permit/", foreign).status_code == 404
    assert permitted(world) == before


def test_an_asset_without_a_version_says_what_comes_first(world: AccessWorld, browse: Browse) -> None:
    bare = things.asset(world.domain)
    answer = browse("officer").get(f"/catalog/{bare.uid}/provenance/")
    assert answer.status_code == 200 and "There is no version yet" in answer.text

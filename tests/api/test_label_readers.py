"""Who reads what was said of single items, what is true of them, and what was found about those who label."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts.roles import Role
from apps.labeling.checks.terms import OF_PEOPLE
from apps.labeling.models import LabelSet
from apps.labeling.rendering.croissant import croissant
from apps.labeling.rendering.report import WITHHELD, findings_for_all, report_on
from apps.labeling.rendering.sheets import sheet_of
from tests.api.conftest import As
from tests.factories import labels
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db
SOMEBODY = "4711"
Sets = tuple[LabelSet, LabelSet]


@pytest.fixture
def sets(place: World) -> Sets:
    """Of one version; by somebody, too, who is on no roster."""
    version = labels.labeled_version(place.domain)
    table = labels.sound().replace(b",7,", f",{SOMEBODY},".encode())
    return labels.brought(version, table), labels.brought(version, table.replace(b"shale", b"sandstone", 9))


def changes(as_: As, role: Role, sets: Sets) -> dict[str, Any]:
    first, second = sets
    answer = as_(role).get(f"label-sets/{first.uid}/against/{second.uid}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("role", [Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR])
def test_readers_of_labels_see_what_is_true(as_: As, role: Role, sets: Sets) -> None:
    told = changes(as_, role, sets)
    assert told["are_listed"]
    assert any(each["gold"] for each in told["results"])


def test_others_see_how_many(as_: As, sets: Sets) -> None:
    told = changes(as_, Role.SCIENTIST, sets)
    assert (told["are_listed"], told["results"], told["next"]) == (False, [], "")
    assert told["counts"] == changes(as_, Role.STEWARD, sets)["counts"]
    assert told["counts"]["changed"] > 0


def test_what_was_found_about_people_is_not_for_everybody(as_: As, sets: Sets) -> None:
    address = f"label-sets/{sets[0].uid}/quality"
    whole, told = as_(Role.STEWARD).get(address).json(), as_(Role.SCIENTIST).get(address).json()
    assert SOMEBODY in json.dumps(whole)
    assert whole["figures"]["annotators"] != []
    assert SOMEBODY not in json.dumps(told)
    assert told["figures"]["annotators"] == []
    of_people = {each["reason"]["code"] for each in told["checks"] if each["check"] in OF_PEOPLE}
    assert of_people == {WITHHELD}
    outcomes = [[(each["check"], each["outcome"]) for each in report["checks"]] for report in (whole, told)]
    assert outcomes[0] == outcomes[1]
    assert told["verdict"] == whole["verdict"]


def test_what_is_withheld_stands_once_for_each_outcome(sets: Sets) -> None:
    """However much was found about people: here each twice, in other words."""
    made = sets[0]
    of_people = [each for each in made.findings if each["check"] in OF_PEOPLE]
    more = [{**each, "reason": {**each["reason"], "facts": {"who": "9"}}} for each in of_people]
    told = findings_for_all(made.findings)
    assert {each["check"] for each in of_people} == OF_PEOPLE
    assert findings_for_all([*made.findings, *more]) == told
    shown = report_on(made).without_people.checks
    made.findings = [*made.findings, *more]
    assert len(report_on(made).checks) == len(shown) + len(more)
    assert report_on(made).without_people.checks == shown


@pytest.mark.parametrize("role", [Role.STEWARD, Role.SCIENTIST])
def test_lists_of_label_sets_and_reviews_tell_nothing_about_people(as_: As, role: Role, sets: Sets) -> None:
    assert as_(Role.STEWARD).post(f"label-sets/{sets[0].uid}/review", {}).status_code == 200
    for address in ("label-sets", f"label-sets/{sets[0].uid}", "label-set-reviews"):
        answer = as_(role).get(address)
        assert answer.status_code == 200
        assert SOMEBODY not in answer.content.decode(), address
        assert WITHHELD in answer.content.decode(), address


def test_croissant_says_nothing_about_people(sets: Sets, place: World) -> None:
    """A control: what was found about the data is there."""
    version = sets[0].version
    labels.brought(version, labels.sound(wrong=60).replace(b",7,", f",{SOMEBODY},".encode()))
    told = croissant(sheet_of(place[Role.STEWARD].actor, version.uid))
    assert SOMEBODY not in json.dumps(told)
    assert "roster" not in json.dumps(told)
    assert told["rai:dataLimitations"]


def test_the_pages_show_others_no_single_items_and_nobody(sets: Sets, place: World) -> None:
    first, second = sets
    for role, is_reader in ((Role.STEWARD, True), (Role.SCIENTIST, False)):
        browser = Client()
        browser.force_login(place[role].account, backend="apps.accounts.backends.AccountBackend")
        page = browser.get(f"/label-sets/{first.uid}/").content.decode()
        assert (SOMEBODY in page) is is_reader
        both = browser.get(f"/label-sets/{first.uid}/against/{second.uid}/").content.decode()
        assert ("core-" in both) is is_reader
        assert ("Single items are shown to those" in both) is not is_reader

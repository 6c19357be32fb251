"""Who gets which page: theirs 200, hidden and absent 404 alike, strangers to the door."""

from __future__ import annotations

import re
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog.commands import change_asset
from apps.console.urls import urlpatterns
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.console.markup import NASTY, faults_in
from tests.console.pages import scene
from tests.console.test_queries import budget_of
from tests.factories import access, accounts
from tests.factories.access import PLAYERS, AccessWorld

OPEN_TO_ALL = {
    "occurrences",
    "vocabulary",
    "vocabulary of purposes",
    "vocabulary of rights",
    "duties",
    "duties of all",
    "home",
    "catalog",
    "catalog, filtered",
    "asset",
    "asset grants",
    "rows left out",
    "label sets",
    "label sets, filtered",
    "label set",
    "label sets, compared",
    "items of a version",
    "release",
    "release that is not possible",
    "lineage",
    "provenance",
    "overview",
    "break glass",
    "emergencies",
    "asset with purpose",
    "classification",
    "ask",
    "requests",
    "inbox",
    "grants",
    "design",
    "settings",
    "password",
    "purposes",
    "purposes, filtered",
    "purpose",
    "purpose, compared",
    "register",
    "records of a kind",
    "deadlines",
    "regulator",
    "transfer map",
    "assessment",
    "assessment as a document",
    "breaches",
    "record",
    "record, compared",
    "lakes",
    "prepared views",
    "roster",
    "pilots",
    "prepared view",
    "label import",
    "overdue revocations",
    "activities",
    "activity",
    "activity, compared",
    "people",
    "people, filtered",
    "service accounts",
    "teams",
    "team",
    "domains",
    "domain",
    "tokens",
    "rulebook",
    "classes",
    "class",
    "agreements",
    "agreement",
    "reviews",
    "campaigns",
    "projects",
    "organization",
    "out of office",
    "conflicts",
    "notices",
    "notification settings",
    "ticket systems",
    "webhooks",
}
OFFICERS = {"officer", "second_officer", "owner_and_officer"}
SEES = {
    "draft asset": {"owner", "second_owner", "steward", "officer", "second_officer", "owner_and_officer"}
    | {"dpo", "auditor", "administrator"},
}
KEEP = ("register asset", "edit asset", "register version", "register location")
FORBIDDEN = {
    **{name: set(PLAYERS) - {"steward"} for name in KEEP},
    **{
        name: set(PLAYERS) - {"steward", "owner", "second_owner", "owner_and_officer"}
        for name in ("publish asset", "retire asset")
    },
    **{
        name: set(PLAYERS) - {"steward", "owner", "second_owner", "owner_and_officer"}
        for name in ("prepare view", "bring labels")
    },
    "classify": {"scientist", "colleague", "dpo", "auditor", "administrator"},
}
"""Who may see what the form is about, but not use it; drafts are hidden from scientists besides."""
SEES["publish asset"] = SEES["asset of labels"] = SEES["draft asset"]
SEES["permissions"] = SEES["draft asset"]
SEES["person"] = SEES["permissions"] | {"scientist"}
SEES["project"] = SEES["service account"] = SEES["off-board"] = SEES["hand over"] = SEES["person"]
for name in ("register person", "new domain", "off-board", "hand over", "without a keeper", "new project"):
    FORBIDDEN[name] = set(PLAYERS) - {"administrator"}
SEES["webhook"] = SEES["change webhook"] = SEES["ticket system"] = {"administrator"}
FORBIDDEN["new ticket system"] = set(PLAYERS) - {"administrator"}
FORBIDDEN["new webhook"] = set(PLAYERS) - {"administrator"}
KEEPS_AGREEMENTS = OFFICERS | {"owner", "second_owner"}
FORBIDDEN["new agreement"] = FORBIDDEN["next agreement"] = set(PLAYERS) - KEEPS_AGREEMENTS
SEES["amend"] = {"scientist"}
SEES["hand a seat over"] = {"owner", "second_owner", "officer", "second_officer", "owner_and_officer"}
SEES["request"] = SEES["decide"] = SEES["step back"] = {
    "scientist",
    *("owner", "second_owner", "officer", "second_officer", "owner_and_officer", "dpo", "auditor"),
}
SEES["evidence"] = SEES["request"]
FORBIDDEN["evidence"] = {"scientist", "owner", "second_owner"}
SEES["emergency"] = SEES["request"] - {"scientist"} | {"steward"}
SEES["grant"] = SEES["use of a grant"] = SEES["condition"] = SEES["request"] | {"steward"}
"""The steward of the asset may suspend what is held on it."""


for name in ("new purpose", "edit purpose", "new activity", "edit activity"):
    SEES[name] = OFFICERS
for name in ("new record", "edit record", "new record that names others", "longest record"):
    SEES[name] = OFFICERS
for name in ("purpose in review", "activity in review", "record in review", "breach"):
    SEES[name] = OFFICERS | {"steward", "dpo", "auditor"}
for name in ("occurrence in draft", "occurrence", "duty"):
    SEES[name] = OFFICERS | {"steward", "dpo", "auditor"}
SEES["model assessment"] = SEES["occurrence"] | {"owner", "second_owner"}
SEES["recall"] = SEES["grant"]
FORBIDDEN["new occurrence"] = set(PLAYERS) - OFFICERS
SEES["lake"] = SEES["draft asset"]
SEES["change lake"] = SEES["halt lake"] = SEES["lake"]
FORBIDDEN["halt lake"] = set(PLAYERS) - OFFICERS - {"administrator"}
for name in ("new lake", "change lake"):
    FORBIDDEN[name] = set(PLAYERS) - {"administrator"}
for name in (
    *("trail", "trail, filtered", "entry", "designation of the DPO", "training", "deletions"),
    *("access log", "access log of a dataset"),
):
    FORBIDDEN[name] = set(PLAYERS) - OFFICERS - {"dpo", "auditor"}

FORBIDDEN["imports of registers"] = set(PLAYERS) - OFFICERS
SEES["import of a register"] = OFFICERS | {"steward", "dpo", "auditor"}
FORBIDDEN["export of the register"] = set(PLAYERS) - OFFICERS - {"dpo", "auditor"}

SEES["annotator"] = OFFICERS | {"owner", "second_owner", "steward", "dpo", "auditor"}
FORBIDDEN["annotator"] = {"dpo", "auditor"}
for name in ("campaign", "campaign in draft", "change campaign"):
    SEES[name] = OFFICERS | {"dpo", "auditor"}
for name in ("new campaign", "change campaign"):
    FORBIDDEN[name] = set(PLAYERS) - OFFICERS

WRITES_RULES = OFFICERS | {"administrator"}
for name in (
    "policy set",
    "policy set, changes",
    "policy set, publish",
    "policy set, replay",
    "policy draft",
):
    SEES[name] = WRITES_RULES | {"dpo", "auditor"}
FORBIDDEN["what it did"] = FORBIDDEN["coverage"] = set(PLAYERS) - SEES["policy set"]
FORBIDDEN["new policy set"] = set(PLAYERS) - WRITES_RULES
FORBIDDEN["new class"] = set(PLAYERS) - OFFICERS
SEES["ladder change"] = OFFICERS
FORBIDDEN["policy draft"] = {"dpo", "auditor"}


@pytest.mark.parametrize("who", sorted(PLAYERS))
def test_each_page_answers_each_player_as_it_should(world: AccessWorld, browse: Browse, who: str) -> None:
    """With its status, from few statements, and without what a strict policy blocks, whatever was typed."""
    change_asset(actor=SYSTEM, asset_id=world.personal.asset.uid, name=NASTY[:200], description=NASTY * 20)
    client, answered, faults = browse(who), {}, []
    client.get("/design/")
    for name, path in scene(world, justification=NASTY * 50).pages().items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        answered[name] = answer.status_code
        faults += [f"{name}: {fault}" for fault in faults_in(answer)]
        if len(queries) > budget_of(name):
            faults.append(f"{name}: {len(queries)} statements")
    assert answered == {name: expected(name, who) for name in answered}
    assert faults == []


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("<script>alert(1)</script>", "what was typed is markup"),
        ('<p style="color: red">', "a strict policy blocks"),
        ('<i id="a"></i><i id="a"></i>', "an id stands twice"),
        ('<input id="b">', "no label"),
    ],
)
def test_each_fault_of_a_page_is_found(browse: Browse, spoilt: str, told: str) -> None:
    """Controls: a page without a fault, and the same page spoilt."""
    answer = browse("scientist").get("/settings/")
    assert list(faults_in(answer)) == []
    answer.content = answer.content + spoilt.encode()
    assert any(told in fault for fault in faults_in(answer))


def expected(name: str, who: str) -> int:
    if name in SEES and who not in SEES[name]:
        return 404
    return 403 if who in FORBIDDEN.get(name, ()) else 200


def test_every_page_is_accounted_for(world: AccessWorld) -> None:
    assert set(scene(world).pages()) == OPEN_TO_ALL | set(SEES) | set(FORBIDDEN)


def test_no_name_leads_to_two_addresses_that_take_as_much() -> None:
    """Of two that do, a link reaches the one that stands last, whichever it means."""
    taken = Counter((each.name, len(each.pattern.converters)) for each in urlpatterns)
    assert [name for (name, _), number in taken.items() if number > 1] == []


def test_strangers_are_led_to_the_sign_in_and_back(world: AccessWorld) -> None:
    client = Client()
    for path in scene(world).pages().values():
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/"), path


def test_somebody_of_another_organization_sees_nothing_of_it(world: AccessWorld) -> None:
    stranger = Client()
    other = accounts.organization()
    stranger.force_login(accounts.player(other).account, backend="apps.accounts.backends.AccountBackend")
    pages = scene(world).pages()
    for name in (
        "asset",
        "draft asset",
        "ask",
        "request",
        "decide",
        "grant",
        "person",
        "team",
        "domain",
        "permissions",
    ):
        assert stranger.get(pages[name]).status_code == 404, name
    assert world.personal.asset.name not in stranger.get("/catalog/").text


def test_what_is_hidden_looks_like_what_is_absent(world: AccessWorld, browse: Browse) -> None:
    client, made = browse("administrator"), scene(world)
    for hidden, absent in (
        (f"/requests/{made.request.uid}/", f"/requests/{uuid4()}/"),
        (f"/inbox/{made.request.uid}/", f"/inbox/{uuid4()}/"),
        (f"/my-access/{made.grant.uid}/", f"/my-access/{uuid4()}/"),
        (f"/conditions/{made.condition.uid}/", f"/conditions/{uuid4()}/"),
    ):
        one, other = (_without_secrets(client.get(path).text) for path in (hidden, absent))
        assert one == other


def test_hidden_assets_are_not_counted_or_found(world: AccessWorld, browse: Browse) -> None:
    assert world.draft.name not in browse("scientist").get("/catalog/").text
    assert world.draft.name in browse("steward").get("/catalog/").text


@pytest.mark.parametrize("what", ["withdraw", "revoke", "give-back", "key", "change"])
def test_what_is_seen_but_not_theirs_is_refused(world: AccessWorld, browse: Browse, what: str) -> None:
    made, client = scene(world), browse("auditor")
    if what in {"withdraw", "change"}:
        path, expected = f"/requests/{made.request.uid}/{what}/", {"withdraw": 403, "change": 404}[what]
    else:
        path, expected = f"/my-access/{made.grant.uid}/{what}/", 403
    answer = client.post(path, {"comment": "x", "key": str(uuid4())})
    assert answer.status_code == expected
    assert access.fresh(made.request).state == "in_review"
    made.grant.refresh_from_db()
    assert made.grant.state == "active"


def test_the_inbox_is_offered_to_those_who_decide(browse: Browse) -> None:
    assert 'href="/inbox/"' in browse("owner").get("/").text
    assert 'href="/inbox/"' not in browse("scientist").get("/").text


def _without_secrets(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)

"""The ladder of classes on the screen: what each demands, read by all and changed by officers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from apps.access.models import Grant
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.classification.models import Classification, SensitivityClass
from apps.console.navigation import _waiting
from tests.console.conftest import Browse
from tests.factories import accounts, catalog
from tests.factories.access import AccessWorld, asked, draft

CLASSES = "/rulebook/classes/"
FIELDS = ("max_grant_days", "max_lease_minutes", "stages", "seen_version")
DECIDING = ("officer", "second_officer", "owner_and_officer", "steward")
FLAGS = ("needs_step_up", "is_auto_ok_allowed", "is_break_glass_allowed")


def as_shown(form: Any, **given: Any) -> dict[str, Any]:
    """As a browser sends the form: an empty field as nothing, a box only where it is ticked."""
    shown = {name: form[name].value() for name in FIELDS}
    ticked = {name: "on" for name in FLAGS if form[name].value()}
    return {**{name: "" if value is None else value for name, value in shown.items()}, **ticked, **given}


def test_everybody_reads_what_a_class_demands(world: AccessWorld, browse: Browse) -> None:
    step = SensitivityClass.objects.get(code="restricted")
    page = browse("scientist").get(CLASSES)
    ranks = [each.rank for each in page.context["steps"]]
    assert ranks == sorted(ranks)
    assert f"{step.max_grant_days} days" in page.text
    assert "anew, to decide and for each key" in page.text
    assert f"{CLASSES}new/" not in page.text
    one = browse("steward").get(f"{CLASSES}{step.uid}/")
    assert step.definition in one.text
    assert "<form" not in one.text.partition("<main")[2]
    refused = browse("steward").post(f"{CLASSES}{step.uid}/", {"seen_version": step.row_version})
    assert (refused.status_code, SensitivityClass.objects.get(pk=step.pk).stages) == (403, step.stages)


def test_an_officer_shortens_what_a_class_lasts_and_the_next_access_ends_by_it(
    world: AccessWorld, browse: Browse
) -> None:
    client, said = browse("officer"), Classification.objects.filter(version=world.harmless.version)
    step = said.earliest("pk").sensitivity_class
    path = f"{CLASSES}{step.uid}/"
    sent = as_shown(client.get(path).context["form"], max_grant_days="7")
    assert client.post(path, sent).status_code == 302
    step.refresh_from_db()
    assert step.max_grant_days == 7
    stale = client.post(path, {**sent, "max_grant_days": "9"})
    assert (stale.status_code, "Changed while you typed" in stale.text) == (412, True)
    assert 'value="9"' in stale.text and "7 days" in stale.text
    wanted = draft(world.harmless, world.purposes["rock"])
    request = asked(world["scientist"], wanted, accept_shorter=True)
    grant = Grant.objects.get(revision__request=request)
    assert grant.not_after - grant.not_before <= timedelta(days=7)
    assert grant.limiting_factor.startswith("class_longest_grant")


def test_a_limit_that_is_too_short_is_told_at_its_field(world: AccessWorld, browse: Browse) -> None:
    client, step = browse("officer"), SensitivityClass.objects.earliest("rank")
    path = f"{CLASSES}{step.uid}/"
    refused = client.post(path, as_shown(client.get(path).context["form"], max_lease_minutes="0"))
    assert refused.status_code == 400
    assert "is too short" in str(refused.context["form"].errors["max_lease_minutes"])


def test_a_class_is_put_on_the_ladder_once(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    sent = {
        "key": str(uuid4()),
        "label": "Sealed",
        "code": "sealed",
        "rank": "90",
        "definition": "Nobody needs it.",
        "max_grant_days": "7",
        "max_lease_minutes": "30",
        "stages": ["data_owner", "compliance_officer"],
        "needs_step_up": "on",
    }
    first, again = (client.post(f"{CLASSES}new/", sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert "In force" in client.get(first.headers["Location"]).text
    made = SensitivityClass.objects.get(code="sealed")
    assert (made.rank, made.stages, made.max_grant_days) == (90, sent["stages"], 7)
    assert made.needs_step_up
    taken = client.post(f"{CLASSES}new/", {**sent, "key": str(uuid4())})
    assert (taken.status_code, "Choose another code and rank" in taken.text) == (409, True)


def test_what_demands_less_waits_for_another_officer_who_reads_both(
    world: AccessWorld, browse: Browse
) -> None:
    step = SensitivityClass.objects.latest("rank")
    path, officer, second = f"{CLASSES}{step.uid}/", browse("officer"), browse("second_officer")
    sent = as_shown(officer.get(path).context["form"], max_grant_days="400")
    change = officer.post(path, sent).headers["Location"]
    shown = officer.get(change).text
    assert "two people decide it" in shown and "A second person" in shown
    assert "400 days" in shown and f"{step.max_grant_days} days" in shown
    waits = {who: _waiting(actor_of(world.players[who].account))["rulebook"] for who in DECIDING}
    assert waits == {"officer": 0, "second_officer": 1, "owner_and_officer": 1, "steward": 0}
    assert "Proposed" in second.get(CLASSES).text and change in second.get(CLASSES).text
    assert change in second.get(path).text
    refused = officer.post(change, {"act": "agree"})
    assert (refused.status_code, "Another compliance officer agrees" in refused.text) == (403, True)
    silent = second.post(change, {"act": "reject", "reason": ""})
    assert (silent.status_code, "Say why the ladder should stay" in silent.text) == (400, True)
    assert second.post(change, {"act": "agree"}).status_code == 302
    step.refresh_from_db()
    assert step.max_grant_days == 400
    assert "In force" in officer.get(change).text
    assert browse("steward").get(change).status_code == 404


def test_what_binds_another_organization_waits_for_its_officer_and_names_nobody(
    world: AccessWorld, browse: Browse
) -> None:
    elsewhere = accounts.world()
    catalog.published_asset(elsewhere.domain)
    step = SensitivityClass.objects.latest("rank")
    path, officer, other = f"{CLASSES}{step.uid}/", browse("officer"), Client()
    other.force_login(
        elsewhere[Role.COMPLIANCE_OFFICER].account, backend="apps.accounts.backends.AccountBackend"
    )
    change = officer.post(path, as_shown(officer.get(path).context["form"], max_grant_days="5"))
    address = change.headers["Location"]
    assert "An officer of 1 other organization" in officer.get(address).text
    shown = other.get(address).text
    assert "An officer of your organization" in shown and "officer of another organization" in shown
    assert world.players["officer"].person.name not in shown
    assert other.post(address, {"act": "reject", "reason": "Five days are too few."}).status_code == 302
    assert "Five days are too few." in officer.get(address).text
    again = officer.post(path, as_shown(officer.get(path).context["form"], max_grant_days="6"))
    assert other.post(again.headers["Location"], {"act": "agree"}).status_code == 302
    step.refresh_from_db()
    assert step.max_grant_days == 6
    taken = officer.post(path, as_shown(officer.get(path).context["form"], max_grant_days="3"))
    assert officer.post(taken.headers["Location"], {"act": "withdraw"}).status_code == 302
    assert "Withdrawn" in other.get(taken.headers["Location"]).text

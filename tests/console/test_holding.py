"""Holding access in the browser: terms, conditions, suspension, emergencies, and proving who one is."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.access.commands import suspend_grant
from apps.access.models import BreakGlass, Condition, Grant, Request, Verdict
from apps.accounts.models import Account
from tests.browser.house import proved_now
from tests.console.conftest import Browse
from tests.console.markup import inspected
from tests.console.pages import scene
from tests.factories.access import AccessWorld, asked, bound, draft, granted, in_days, seen

SO = "Looked into <it>."
BUDGET = 15


def verdict(request: Request, **given: Any) -> dict[str, Any]:
    named = {name: str(value) for name, value in seen(request).items() if name != "request_id"}
    return {**named, "verdict": "approve", "reason": SO, **given}


def test_an_approver_takes_away_and_sets_conditions_in_one_form(world: AccessWorld, browse: Browse) -> None:
    request = asked(
        world["scientist"], draft(world.personal, world.purposes["pay"], actions=["read", "train"])
    )
    path = f"/inbox/{request.uid}/"
    form = verdict(
        request,
        ends_on=in_days(9).isoformat(),
        drop_actions=["train"],
        drop_columns=[f"{world.personal.asset.uid}/name"],
        conditions="Sign the statement.\n\nName a place to work.",
        condition_kind="during",
        condition_days="7",
    )
    assert browse("owner").post(path, form).status_code == 302
    assert browse("officer").post(path, verdict(request)).status_code == 302
    grant = Grant.objects.get(revision__request=request)
    assert (grant.actions, grant.columns, grant.limiting_factor) == (["read"], ["salary"], "narrowed")
    assert grant.conditions.count() == 2
    page = browse("scientist").get(f"/my-access/{grant.uid}/").text
    assert "Sign the statement." in page


def test_terms_that_leave_nothing_are_told_and_stand_open_with_what_was_typed(
    world: AccessWorld, browse: Browse
) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    every = [f"{world.personal.asset.uid}/{column}" for column in ("name", "salary")]
    answer = browse("owner").post(
        f"/inbox/{request.uid}/", verdict(request, drop_columns=every, conditions="Sign it.")
    )
    assert answer.status_code == 422
    assert "leaves no asset" in answer.text
    assert re.search(r'<details class="disclosure" open>', answer.text)
    assert "Sign it." in answer.text
    assert "Looked into &lt;it&gt;." in answer.text


def test_evidence_is_shown_by_one_and_confirmed_by_another(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    condition = bound(grant)
    path = f"/conditions/{condition.uid}/"
    assert "Conditions waiting for you" in browse("scientist").get("/").text
    assert browse("scientist").post(path, {"act": "show", "evidence": ""}).status_code == 400
    assert browse("scientist").post(path, {"act": "show", "evidence": SO}).status_code == 302
    assert browse("scientist").post(path, {"act": "confirm"}).status_code == 403
    assert browse("owner").post(path, {"act": "guess"}).status_code == 400
    assert "Conditions waiting for you" in browse("owner").get("/").text
    assert "Looked into &lt;it&gt;." in browse("owner").get(path).text
    assert browse("owner").post(path, {"act": "confirm"}).status_code == 302
    condition.refresh_from_db()
    assert condition.status == "met"


def test_a_steward_suspends_and_an_officer_lets_it_go_on(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    path, steward, officer = f"/my-access/{grant.uid}/", browse("steward"), browse("officer")
    assert steward.post(f"{path}suspend/", {"suspend-comment": ""}).status_code == 400
    given = {"suspend-comment": SO, "suspend-is_for_cause": "on"}
    assert steward.post(f"{path}suspend/", given).status_code == 302
    assert "Looked into &lt;it&gt;." in browse("scientist").get(path).text
    assert steward.post(f"{path}resume/", {"suspend-comment": SO}).status_code == 403
    assert officer.post(f"{path}resume/", {"suspend-comment": ""}).status_code == 400
    assert officer.post(f"{path}resume/", {"suspend-comment": SO}).status_code == 302
    for act in ("suspend", "resume"):
        assert officer.get(f"{path}{act}/").status_code == 302
    grant.refresh_from_db()
    assert grant.state == "active"


def test_who_would_be_refused_is_told_why_instead_of_a_button(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    suspend_grant(actor=world["owner"], grant_id=grant.uid, comment=SO, is_for_cause=True)
    path = f"/my-access/{grant.uid}/"
    who = {name: browse(name) for name in ("owner", "second_owner", "steward", "scientist")}
    with CaptureQueriesContext(connection) as queries:
        own = who["owner"].get(path).text
    assert "Resume the grant" not in own and "Left to somebody else" in own
    assert len(queries) <= BUDGET
    assert "Resume the grant" in who["second_owner"].get(path).text
    assert "Resume the grant" in who["steward"].get(path).text
    page = who["scientist"].get(path).text
    assert "Resume the grant" not in page and "Left to somebody else" not in page


def on_call(world: AccessWorld, browse: Browse) -> Client:
    client = browse("on_call")
    proved_now(client, world.players["on_call"].account, "mfa")
    assert world.players["on_call"].proved.second_factor_at is not None
    return client


def test_an_emergency_is_used_told_and_reviewed(world: AccessWorld, browse: Browse) -> None:
    asset = world.harmless.asset.uid
    client, path = on_call(world, browse), f"/catalog/{asset}/break-glass/"
    assert "Emergency access" in client.get(f"/catalog/{asset}/").text
    form: dict[str, Any] = {
        "reason": SO,
        "incident_ref": "",
        "purpose_id": str(world.purposes["rock"].uid),
        "actions": ["read"],
        "hours": "2",
        "key": "01890000-0000-7000-8000-000000000000",
    }
    refused = client.post(path, form)
    assert refused.status_code == 422
    assert "Looked into &lt;it&gt;." in refused.text
    sent = client.post(path, {**form, "is_life_at_stake": "on"})
    glass = BreakGlass.objects.get()
    assert sent.headers["Location"] == f"/my-access/{glass.grant.uid}/"
    assert "nobody approved it" in client.get(sent.headers["Location"]).text
    assert "You have emergency access" in client.get("/").text
    place, officer = f"/break-glass/{glass.uid}/", browse("officer")
    assert "review it" in officer.get("/").text
    review = {"act": "review", "is_justified": "yes", "comment": SO}
    assert officer.post(place, review).status_code == 409
    assert client.post(place, {"act": "incident", "incident_ref": ""}).status_code == 400
    assert client.post(place, {"act": "incident", "incident_ref": "INC-3"}).status_code == 302
    assert officer.post(place, {**review, "comment": ""}).status_code == 400
    assert officer.post(place, review).status_code == 302
    assert "Justified" in client.get(place).text
    assert world.harmless.asset.name in officer.get("/break-glass/").text


def test_who_is_not_on_call_or_has_no_second_factor_is_told_on_the_page(
    world: AccessWorld, browse: Browse
) -> None:
    path = f"/catalog/{world.harmless.asset.uid}/break-glass/"
    assert "This is for whoever is on call" in browse("scientist").get(path).text
    assert "You need a second factor first" in browse("on_call").get(path).text


def test_a_sensitive_verdict_waits_while_the_approver_confirms_who_they_are(
    world: AccessWorld, browse: Browse
) -> None:
    request = asked(world["scientist"], draft(world.restricted, world.purposes["study"]))
    client, path = browse("owner"), f"/inbox/{request.uid}/"
    account = Account.objects.get(pk=world.players["owner"].account.pk)  # the house's own one stays as it is
    account.set_password("a-quite-long-password")
    account.save()
    client.force_login(account, backend="apps.accounts.backends.AccountBackend")
    led = client.post(path, verdict(request))
    assert led.headers["Location"].startswith("/accounts/reauthenticate/?next=%2Finbox%2F")
    door = client.get(led.headers["Location"])
    assert "Confirm that it is you" in door.text
    assert not Verdict.objects.exists()
    wrong = client.post(led.headers["Location"], {"password": "not-it", "next": path})
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.text
    done = client.post(led.headers["Location"], {"password": "a-quite-long-password", "next": path})
    assert done.status_code == 302
    assert Verdict.objects.get().reason == SO


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/"]
)
def test_the_pages_of_the_second_factor_are_strict_and_told_in_the_design(
    path: str, world: AccessWorld
) -> None:
    account = Account.objects.get(pk=world.players["on_call"].account.pk)
    account.set_password("a-quite-long-password")
    account.save()
    client = Client()
    client.force_login(account, backend="apps.accounts.backends.AccountBackend")
    session = client.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proof]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    page = client.get(path)
    assert page.status_code == 200
    assert inspected(page.text).blocked == []
    assert "Lakewarden" in page.text


@pytest.mark.parametrize("path", ["/accounts/2fa/recovery-codes/", "/accounts/2fa/totp/deactivate/"])
def test_a_password_alone_neither_shows_the_codes_nor_takes_the_factor_away(
    path: str, world: AccessWorld
) -> None:
    account = Account.objects.get(pk=world.players["on_call"].account.pk)
    client = Client()
    client.force_login(account, backend="apps.accounts.backends.AccountBackend")
    totp = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(user=account, type=totp, defaults={"data": {"secret": "sealed"}})
    led = client.get(path)
    assert led.status_code == 302
    assert led.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert client.post(path).headers["Location"] == led.headers["Location"]
    proved_now(client, account, method="mfa")
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert "reauthenticate" not in codes.headers.get("Location", "")


def test_an_overdue_review_and_condition_say_so(world: AccessWorld, browse: Browse) -> None:
    made = scene(world)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Condition.objects.filter(pk=made.condition.pk).update(due_at=long_ago)
    BreakGlass.objects.filter(pk=made.glass.pk).update(review_due_at=long_ago)
    officer = browse("officer")
    assert "Overdue" in officer.get(f"/conditions/{made.condition.uid}/").text
    assert "Review overdue" in officer.get(f"/break-glass/{made.glass.uid}/").text

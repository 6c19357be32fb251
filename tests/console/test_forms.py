"""Forms: what was typed survives, sending twice does nothing twice, a stale verdict decides nothing."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from apps.access.commands import extend_grant, reevaluate_request, submit_request
from apps.access.models import Request
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.console.pages import scene
from tests.factories import access
from tests.factories.access import AccessWorld
from tests.factories.classification import classified

TYPED = "Pay, looked at <again> & again"


def filled(world: AccessWorld, **given: Any) -> dict[str, Any]:
    made = {
        "purpose_id": str(world.purposes["pay"].uid),
        "actions": ["read"],
        "days": "30",
        "ends_on": "",
        "justification": TYPED,
        "place_of_processing": "DE",
        "mode": "pinned",
        "key": str(uuid4()),
    }
    return {**made, **given}


def test_a_check_shows_the_outcome_and_sends_nothing(world: AccessWorld, browse: Browse) -> None:
    path = f"/catalog/{world.personal.asset.uid}/request/"
    page = browse("scientist").post(path, {**filled(world), "check": "1"})
    assert page.status_code == 200
    assert "Needs approval" in page.text
    assert "Pay, looked at &lt;again&gt; &amp; again" in page.text
    assert not Request.objects.exists()


def test_sending_leads_to_the_tracker_and_twice_to_the_same(world: AccessWorld, browse: Browse) -> None:
    path, client = f"/catalog/{world.personal.asset.uid}/request/", browse("scientist")
    form = {**filled(world), "send": "1"}
    first, second = client.post(path, form), client.post(path, form)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    request = Request.objects.get()
    assert first.headers["Location"] == f"/requests/{request.uid}/"
    assert "has it now" in client.get(first.headers["Location"]).text


def test_a_refused_form_keeps_what_was_typed_and_may_be_sent_again(
    world: AccessWorld, browse: Browse
) -> None:
    path, client = f"/catalog/{world.personal.asset.uid}/request/", browse("scientist")
    form = {**filled(world, place_of_processing="d?"), "send": "1"}
    refused = client.post(path, form)
    assert refused.status_code == 400
    assert "<title>Error: " in refused.text.replace("\n", "")
    assert "There is a problem" in refused.text
    assert "Pay, looked at &lt;again&gt; &amp; again" in refused.text
    assert form["key"] in refused.text
    assert client.post(path, {**form, "place_of_processing": "DE"}).status_code == 302


def test_every_empty_field_is_named_in_the_summary_and_at_the_field(
    world: AccessWorld, browse: Browse
) -> None:
    path = f"/catalog/{world.personal.asset.uid}/request/"
    form = filled(world, purpose_id="", actions=[], days="other")
    page = browse("scientist").post(path, {**form, "send": "1"})
    assert page.status_code == 400
    for said in (
        "Choose the purpose for which you need the data.",
        "Choose at least one action, such as read.",
        "Choose the last day, or one of the usual durations.",
    ):
        assert page.text.count(said) == 2


def test_what_policy_denies_is_told_with_reasons_and_not_sent(world: AccessWorld, browse: Browse) -> None:
    path = f"/catalog/{world.restricted.asset.uid}/request/"
    page = browse("scientist").post(path, {**filled(world), "send": "1"})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert not Request.objects.exists()


def test_the_owner_approves_from_the_inbox(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("owner")
    assert f"/inbox/{made.request.uid}/" in client.get("/inbox/").text
    answer = client.post(f"/inbox/{made.request.uid}/", verdict_on(client, made.request, "approve", ""))
    assert answer.status_code == 302
    assert f"/inbox/{made.request.uid}/" not in client.get("/inbox/").text


def test_a_rejection_without_a_reason_is_shown_again(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("owner")
    page = client.post(f"/inbox/{made.request.uid}/", verdict_on(client, made.request, "reject", ""))
    assert page.status_code == 400
    assert page.text.count("This verdict needs a reason.") == 2
    assert access.fresh(made.request).state == "in_review"


def test_who_decides_reaches_the_whole_trace_as_data(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("owner")
    address = f"/api/v1/access-requests/{made.request.uid}/explanation"
    assert f'href="{address}"' in client.get(f"/inbox/{made.request.uid}/").text
    assert client.get(address).json()["trace"]["findings"]


def test_a_rejection_names_one_of_the_known_reasons(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("owner")
    form = verdict_on(client, made.request, "reject", "The study has its own data.")
    page = client.post(f"/inbox/{made.request.uid}/", form)
    assert page.status_code == 400
    assert page.text.count("A rejection names one of the known reasons") == 2
    assert (
        client.post(f"/inbox/{made.request.uid}/", {**form, "rejection_code": "elsewhere"}).status_code == 302
    )
    assert "Other data serve as well" in browse("scientist").get(f"/requests/{made.request.uid}/").text


def test_a_returned_request_is_changed_and_sent_again(world: AccessWorld, browse: Browse) -> None:
    made, owner, scientist = scene(world), browse("owner"), browse("scientist")
    owner.post(f"/inbox/{made.request.uid}/", verdict_on(owner, made.request, "return", "For how long?"))
    path = f"/requests/{made.request.uid}/change/"
    assert "Needed for the review of this year." in scientist.get(path).text
    assert scientist.post(path, {**filled(world, days="7"), "send": "1"}).status_code == 302
    again = access.fresh(made.request)
    assert again.state == "in_review"
    assert access.revision_of(again).number == 2


def test_a_request_opened_in_two_windows_is_changed_from_one_of_them(
    world: AccessWorld, browse: Browse
) -> None:
    made, client = scene(world), browse("scientist")
    path = f"/requests/{made.request.uid}/change/"
    read = re.findall(r'name="seen_version" value="(\d+)"', client.get(path).text)
    opened = {"seen_version": read[0], "send": "1"}
    assert client.post(path, {**filled(world, days="7"), **opened}).status_code == 302
    late = client.post(path, {**filled(world, days="90"), **opened})
    assert late.status_code == 412
    assert "was changed while you read it" in late.text
    assert access.revision_of(made.request).number == 2


def test_a_stale_verdict_decides_nothing_shows_both_and_keeps_the_reason(
    world: AccessWorld, browse: Browse
) -> None:
    made, client = scene(world), browse("owner")
    form = verdict_on(client, made.request, "approve", "Typed with care.")
    said = access.about_people("salary", "restricted")
    classified(world.personal.version, world["steward"], said)
    reevaluate_request(actor=SYSTEM, request_id=made.request.uid)
    page = client.post(f"/inbox/{made.request.uid}/", form)
    assert page.status_code == 412
    assert "nothing was decided" in page.text
    assert "Typed with care." in page.text
    assert form["decision_id"] not in page.text
    assert "What you read" in page.text and "What holds now" in page.text
    assert (
        client.post(
            f"/inbox/{made.request.uid}/", {**hidden_of(page.text), "reason": "Read.", "verdict": "approve"}
        ).status_code
        == 302
    )


def test_a_reason_is_kept_where_the_request_passes_to_somebody_else(
    world: AccessWorld, browse: Browse
) -> None:
    made, owner, officer = scene(world), browse("owner"), browse("officer")
    owner.post(f"/inbox/{made.request.uid}/", verdict_on(owner, made.request, "approve", ""))
    form = verdict_on(officer, made.request, "approve", "Typed with care.")
    said = access.about_people("salary", "restricted")
    classified(world.personal.version, world["steward"], said)
    page = officer.post(f"/inbox/{made.request.uid}/", form)
    assert page.status_code == 412
    assert "Typed with care." in page.text
    assert "Why you cannot decide this" in page.text
    assert 'value="approve"' not in page.text


def test_giving_back_ends_the_grant(world: AccessWorld, browse: Browse) -> None:
    made = scene(world)
    answer = browse("scientist").post(f"/my-access/{made.grant.uid}/give-back/")
    assert answer.status_code == 302
    made.grant.refresh_from_db()
    assert made.grant.state == "given_back"


def test_giving_back_says_that_an_extension_ends_with_it(world: AccessWorld, browse: Browse) -> None:
    grant = access.granted(world)
    path, said = f"/my-access/{grant.uid}/", "Its extension ends with it."
    assert said not in browse("scientist").get(path).text
    extension = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    submit_request(actor=world["scientist"], request_id=extension.uid)
    assert said in browse("scientist").get(path).text


def test_revoking_needs_a_reason(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("owner")
    path = f"/my-access/{made.grant.uid}/revoke/"
    assert client.post(path, {"comment": " "}).status_code == 400
    assert client.post(path, {"comment": "No longer lawful."}).status_code == 302
    made.grant.refresh_from_db()
    assert made.grant.state == "revoked"


def test_a_key_that_cannot_be_made_is_refused_on_the_page(world: AccessWorld, browse: Browse) -> None:
    """The harmless asset lies in no lake."""
    made = scene(world)
    page = browse("scientist").post(f"/my-access/{made.grant.uid}/key/", {"key": str(uuid4())})
    assert page.status_code == 422
    assert "There is a problem" in page.text


def test_withdrawing_closes_the_request(world: AccessWorld, browse: Browse) -> None:
    made = scene(world)
    assert browse("scientist").post(f"/requests/{made.request.uid}/withdraw/").status_code == 302
    assert access.fresh(made.request).state == "withdrawn"


def test_no_address_changes_anything_by_being_opened(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("scientist")
    for path in (
        f"/requests/{made.request.uid}/withdraw/",
        f"/my-access/{made.grant.uid}/give-back/",
        f"/my-access/{made.grant.uid}/revoke/",
        f"/my-access/{made.grant.uid}/key/",
    ):
        assert client.get(path).status_code in {302, 405}
    made.grant.refresh_from_db()
    assert (access.fresh(made.request).state, made.grant.state) == ("in_review", "active")


def test_a_form_from_elsewhere_is_refused(world: AccessWorld) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.players["scientist"].account, backend="apps.accounts.backends.AccountBackend")
    made = scene(world)
    page = client.post(f"/my-access/{made.grant.uid}/give-back/")
    assert page.status_code == 403
    assert "The form is too old" in page.text


def verdict_on(client: Client, request: Request, verdict: str, reason: str) -> dict[str, str]:
    """What the form on the decision page would send."""
    page = client.get(f"/inbox/{request.uid}/").text
    return {**hidden_of(page), "verdict": verdict, "reason": reason}


def hidden_of(page: str) -> dict[str, str]:
    names = ("revision_sha256", "decision_id")
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in names}


def test_who_is_signed_out_while_typing_loses_nothing(world: AccessWorld) -> None:
    path = f"/catalog/{world.personal.asset.uid}/request/"
    page = Client().post(path, {**filled(world), "send": "1"})
    assert page.status_code == 403
    assert "Pay, looked at &lt;again&gt; &amp; again" in page.text
    assert f"/accounts/login/?next={path}" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert not Request.objects.exists()


def test_a_draft_is_kept_and_nobody_is_asked(world: AccessWorld, browse: Browse) -> None:
    path, client = f"/catalog/{world.personal.asset.uid}/request/", browse("scientist")
    form = {**filled(world), "justification": "Not sure yet.", "save": "1"}
    answers = [client.post(path, form) for _ in range(2)]
    request = Request.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [f"/requests/{request.uid}/"] * 2
    assert request.state == "draft"
    assert "Not sure yet." in client.get(f"/requests/{request.uid}/change/").text
    client.post(
        f"/requests/{request.uid}/change/", {**form, "key": str(uuid4()), "justification": "Now I am."}
    )
    request.refresh_from_db()
    assert request.state == "draft" and request.revision is not None
    assert request.revision.justification == "Now I am."


def test_a_form_sent_twice_is_one_request_and_a_changed_one_is_another(
    world: AccessWorld, browse: Browse
) -> None:
    path, client = f"/catalog/{world.personal.asset.uid}/request/", browse("scientist")
    form = {**filled(world), "justification": "First thought.", "send": "1"}
    first, again = (client.post(path, form).headers["Location"] for _ in range(2))
    changed = client.post(path, {**form, "justification": "Second thought."}).headers["Location"]
    assert first == again != changed
    assert Request.objects.count() == 2

"""The tracker: questions and answers in place, comments, files, amending, extending."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.access.commands import AgreementTarget, ask_requester, comment_request, publish_agreement
from apps.access.models import AgreementAcceptance, Attachment, Comment, Grant, Request
from apps.console.forms.access import OTHER_DAY
from apps.console.upload import LARGEST_BODY
from tests.access.test_apart import here_and_there_in
from tests.console.conftest import Browse
from tests.factories.access import (
    AccessWorld,
    asked,
    decision_of,
    draft,
    fresh,
    granted,
    in_days,
    revision_of,
    seen,
)

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def request_(world: AccessWorld) -> Request:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"


def path(request: Request, *below: str) -> str:
    return "/".join(["/requests", str(request.uid), *below, ""])


def key(page: Any, form: str) -> str:
    return str(page.context[form]["key"].value())


def test_a_question_is_asked_and_answered_in_place(
    world: AccessWorld, browse: Browse, request_: Request
) -> None:
    owner, scientist = browse("owner"), browse("scientist")
    page = owner.get(path(request_))
    answer = owner.post(path(request_, "ask"), {"key": key(page, "ask_form"), "text": "For which year?"})
    assert answer.status_code == 302
    assert "Questions for you" in scientist.get("/").text
    page = scientist.get(path(request_))
    assert "For which year?" in page.text and "Waits for an answer" in page.text
    form = page.context["threads"][0]["form"]
    given = {"key": form["key"].value(), "question_id": form["question_id"].value(), "text": " "}
    again = scientist.post(path(request_, "answer"), given)
    assert again.status_code == 400 and "There is a problem" in again.text
    assert scientist.post(path(request_, "answer"), {**given, "text": "The last one."}).status_code == 302
    assert "The last one." in owner.get(path(request_)).text
    assert "Questions for you" not in scientist.get("/").text
    assert scientist.get(path(request_)).context["ask_form"] is None


def test_a_comment_is_shown_to_those_it_is_for(world: AccessWorld, browse: Browse, request_: Request) -> None:
    owner = browse("owner")
    page = owner.get(path(request_))
    given = {"key": key(page, "say_form"), "text": "Looks odd.", "audience": "deciders"}
    assert owner.post(path(request_, "say"), given).status_code == 302
    assert owner.post(path(request_, "say"), given).status_code == 302
    assert Comment.objects.count() == 1
    assert "Looks odd." in browse("officer").get(path(request_)).text
    assert "Looks odd." not in browse("scientist").get(path(request_)).text
    page = browse("auditor").get(path(request_))
    assert "Looks odd." not in page.text and page.context["say_form"] is None


def test_a_file_is_attached_and_comes_back_as_a_download(
    world: AccessWorld, browse: Browse, request_: Request
) -> None:
    scientist = browse("scientist")
    page = scientist.get(path(request_))
    file = SimpleUploadedFile("vote of the board.pdf", PDF, content_type="text/html")
    given = {"key": key(page, "file_form"), "content": file}
    assert scientist.post(path(request_, "files"), given).status_code == 302
    made = Attachment.objects.get()
    answer = scientist.get(path(request_, "files", str(made.uid)))
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="vote of the board.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browse("owner").get(path(request_, "files", str(made.uid))).status_code == 404
    assert browse("colleague").get(path(request_, "files", str(made.uid))).status_code == 404
    assert scientist.post(path(request_, "files", str(made.uid), "remove")).status_code == 302
    assert "vote of the board.pdf" not in scientist.get(path(request_)).text


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.pdf", b"<html><script>alert(1)</script>"), ("nothing.pdf", b""), ("large.txt", b"a" * 4_000_000)],
)
def test_a_file_that_is_refused_says_which_rule_beside_the_field(
    browse: Browse, request_: Request, name: str, content: bytes
) -> None:
    scientist = browse("scientist")
    given = {
        "key": key(scientist.get(path(request_)), "file_form"),
        "content": SimpleUploadedFile(name, content),
    }
    answer = scientist.post(path(request_, "files"), given)
    assert answer.status_code == 422
    assert name in answer.text and "There is a problem" in answer.text
    assert not Attachment.objects.exists()


def test_a_body_beyond_measure_is_refused_before_it_is_kept(browse: Browse, request_: Request) -> None:
    scientist = browse("scientist")
    given = {"content": SimpleUploadedFile("x.txt", b"a" * (LARGEST_BODY + 1))}
    assert scientist.post(path(request_, "files"), given).status_code in {400, 413}


def amended(page: Any, **given: Any) -> dict[str, Any]:
    form = page.context["form"]
    initial = {name: form[name].value() for name in ("purpose_id", "actions", "mode", "place_of_processing")}
    assets = [str(asset.uid) for asset in page.context["basket"].assets]
    return {
        **initial,
        "key": form["key"].value(),
        "days": "7",
        "justification": "Only a week.",
        "asset": assets,
        "send": "1",
        **given,
    }


def test_a_request_is_amended_from_its_page_and_the_old_reading_is_stale_with_its_reason_kept(
    world: AccessWorld, browse: Browse, request_: Request
) -> None:
    scientist, owner = browse("scientist"), browse("owner")
    read = {name: str(value) for name, value in seen(request_).items() if name != "request_id"}
    assert "Amend" in scientist.get(path(request_)).text
    page = scientist.get(path(request_, "change"))
    assert scientist.post(path(request_, "change"), amended(page)).status_code == 302
    assert revision_of(request_).number == 2
    answer = owner.post(
        f"/inbox/{request_.uid}/",
        {
            **read,
            "verdict": "reject",
            "rejection_code": "too_much",
            "reason": "Too long for what it is.",
        },
    )
    assert answer.status_code == 412
    assert "Too long for what it is." in answer.text
    assert "It was amended while you read" in answer.text and "Only a week." in answer.text
    assert fresh(request_).state == "in_review"
    assert decision_of(request_).revision.number == 2


def test_what_asks_for_too_long_is_sent_until_the_last_day_by_one_button(
    world: AccessWorld, browse: Browse
) -> None:
    scientist, place = browse("scientist"), f"/catalog/{world.personal.asset.uid}/request/"
    given = {"purpose_id": str(world.purposes["pay"].uid), "days": OTHER_DAY, "ends_on": in_days(300)}
    given = amended(scientist.get(place), actions=["read"], place_of_processing="DE", **given)
    refused = scientist.post(place, given)
    assert refused.status_code == 422 and not Request.objects.exists()
    assert 'value="shorter"' in refused.text and refused.context["capped"].facts["capped"] in refused.text
    assert scientist.post(place, {**given, "send": "shorter"}).status_code == 302
    assert Request.objects.get().state == "in_review"


def test_assets_are_added_and_taken_out_without_anything_being_sent(
    world: AccessWorld, browse: Browse
) -> None:
    scientist, place = browse("scientist"), f"/catalog/{world.harmless.asset.uid}/request/"
    page = scientist.get(place)
    other = world.personal.asset
    found = scientist.post(place, amended(page, send="", find="1", q=other.name[:8]) | {"find": "1"})
    assert other in found.context["basket"].found and not Request.objects.exists()
    given = amended(page, purpose_id=str(world.purposes["rock"].uid))
    del given["send"]
    added = scientist.post(place, {**given, "add": str(other.uid)})
    assert [each.pk for each in added.context["basket"].assets] == [world.harmless.asset.pk, other.pk]
    both = [str(world.harmless.asset.uid), str(other.uid)]
    checked = scientist.post(place, {**given, "asset": both, "check": "1"})
    assert len(checked.context["preview"].per_asset) == 2
    dropped = scientist.post(place, {**given, "asset": both, "drop": str(other.uid)})
    assert [each.pk for each in dropped.context["basket"].assets] == [world.harmless.asset.pk]
    sent = scientist.post(place, {**given, "asset": both, "save": "1"})
    assert sent.status_code == 302
    request = Request.objects.get()
    assert revision_of(request).items.count() == 2


def test_what_nobody_decides_together_is_sent_separately_by_one_button(
    world: AccessWorld, browse: Browse
) -> None:
    asked_for, *_ = here_and_there_in(world)
    assets = [str(item.asset_id) for item in asked_for.items]
    scientist, place = browse("scientist"), f"/catalog/{assets[0]}/request/"
    given = {"purpose_id": str(world.purposes["pay"].uid), "actions": ["read"], "place_of_processing": "DE"}
    given = amended(scientist.get(place), asset=assets, **given)
    refused = scientist.post(place, given)
    assert refused.status_code == 422 and 'value="separately"' in refused.text
    assert not Request.objects.exists()
    assert scientist.post(place, {**given, "send": "separately"}).status_code == 302
    assert Request.objects.filter(state="in_review").count() == 2


def test_an_agreement_is_read_and_accepted_in_the_form(world: AccessWorld, browse: Browse) -> None:
    agreement = publish_agreement(
        actor=world["officer"],
        code="dua",
        title="Use of well logs",
        text="No onward sharing.",
        target=AgreementTarget(asset_id=world.harmless.asset.uid),
    )
    scientist, place = browse("scientist"), f"/catalog/{world.harmless.asset.uid}/request/"
    page = scientist.get(place)
    assert "No onward sharing." in page.text
    given = amended(page, purpose_id=str(world.purposes["rock"].uid))
    refused = scientist.post(place, given)
    assert refused.status_code == 422 and "Use of well logs" in refused.text
    sent = scientist.post(place, {**given, "accept": f"{agreement.uid}:{agreement.sha256}"})
    assert sent.status_code == 302
    assert AgreementAcceptance.objects.get().person == world.players["scientist"].person
    assert Grant.objects.count() == 1


def test_a_grant_is_extended_from_the_list(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    scientist = browse("scientist")
    assert "Extend" in scientist.get("/my-access/").text
    answer = scientist.post(f"/my-access/{grant.uid}/extend/")
    request = Request.objects.get(extends=grant)
    assert answer.headers["Location"] == path(request, "change")
    assert "No key was ever taken." in scientist.get(path(request, "change")).text
    assert "Carries on a grant" in scientist.get(path(request)).text
    assert "Extend access to" in scientist.get(path(request, "change")).text


def test_extending_again_leads_to_the_extension_that_is_there(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    scientist, place = browse("scientist"), f"/my-access/{grant.uid}/extend/"
    assert "/extend/" in scientist.get(f"/my-access/{grant.uid}/").text
    drafted = scientist.post(place).headers["Location"]
    assert scientist.post(place).headers["Location"] == drafted
    assert Request.objects.get(extends=grant).ref in scientist.get(drafted).text


def test_what_was_said_keeps_the_page_flat(
    world: AccessWorld, browse: Browse, request_: Request, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        ask_requester(actor=world["owner"], request_id=request_.uid, text=f"Question {number}?")
        comment_request(actor=world["owner"], request_id=request_.uid, text=f"Remark {number}.")
    client = browse("scientist")
    client.get("/requests/")
    with django_assert_max_num_queries(15):
        client.get(path(request_))


def test_the_part_in_labeling_is_asked_for_shown_and_told_where_it_changed(
    world: AccessWorld, browse: Browse
) -> None:
    scientist, owner = browse("scientist"), browse("owner")
    place = f"/catalog/{world.personal.asset.uid}/request/"
    page = scientist.get(place)
    assert page.context["form"]["labeling_part"].value() == "annotator"
    given = amended(page, actions=["read", "label"], place_of_processing="DE", labeling_part="adjudicator")
    given["purpose_id"] = str(world.purposes["pay"].uid)
    assert scientist.post(place, given).status_code == 302
    request = Request.objects.get()
    assert revision_of(request).labeling_part == "adjudicator"
    for shown in (scientist.get(path(request)), owner.get(f"/inbox/{request.uid}/")):
        assert "<dt>Labels as</dt><dd>adjudicator</dd>" in shown.text
    read = {name: str(value) for name, value in seen(request).items() if name != "request_id"}
    page = scientist.get(path(request, "change"))
    assert page.context["form"]["labeling_part"].value() == "adjudicator"
    changed = amended(page, labeling_part="reviewer", justification=given["justification"])
    assert scientist.post(path(request, "change"), changed).status_code == 302
    answer = owner.post(f"/inbox/{request.uid}/", {**read, "verdict": "approve", "reason": ""})
    assert "<dt>Labels as</dt><dd><del>adjudicator</del> → <ins>reviewer</ins></dd>" in answer.text
    page = scientist.get(path(request, "change"))
    assert scientist.post(path(request, "change"), amended(page, actions=["read"])).status_code == 302
    assert revision_of(request).labeling_part == ""

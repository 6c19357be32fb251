"""Records in review: a second person, what would change, and what is given back."""

from __future__ import annotations

from apps.compliance.commands import edit_purpose, submit_activity, submit_purpose
from tests.console.conftest import Browse
from tests.console.records.typed import ACTIVITIES, drafted, in_review, newest, page_of
from tests.factories import compliance
from tests.factories.access import AccessWorld


def test_a_draft_is_sent_for_review_from_its_page(world: AccessWorld, browse: Browse) -> None:
    purpose, client = drafted(world), browse("officer")
    stale = client.post(page_of(purpose, "submit/"), {"row_version": 99})
    assert stale.status_code == 412
    assert newest(purpose).record_status == "draft"
    sent = client.post(page_of(purpose, "submit/"), {"row_version": newest(purpose).row_version})
    assert sent.status_code == 302
    assert newest(purpose).record_status == "in_review"


def test_who_wrote_it_is_told_why_another_has_to_approve(world: AccessWorld, browse: Browse) -> None:
    purpose, client = in_review(world), browse("officer")
    page = client.get(page_of(purpose, "review/")).text
    assert "Whoever wrote or submitted a version does not approve it, and does not reject it." in page
    assert 'name="approve"' not in page
    row_version = newest(purpose).row_version
    refused = client.post(page_of(purpose, "review/"), {"approve": "1", "row_version": row_version})
    assert refused.status_code == 403
    assert newest(purpose).record_status == "in_review"


def test_another_approves_what_would_change(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("second_officer")
    content = compliance.purpose_content(name="Pay in full", concept_code="PersonnelPayment")
    edit_purpose(actor=world["officer"], purpose_id=purpose.uid, content=content)
    submit_purpose(actor=world["officer"], purpose_id=purpose.uid)
    page = client.get(page_of(purpose, "review/"))
    assert "What would change" in page.text
    assert "Pay in full" in page.text
    form = {"approve": "1", "row_version": newest(purpose).row_version}
    assert client.post(page_of(purpose, "review/"), form).status_code == 302
    assert [each.record_status for each in purpose.versions.order_by("number")] == ["superseded", "approved"]
    late = client.post(page_of(purpose, "review/"), form)
    assert late.status_code == 409
    assert "Nothing is in review any more" in late.text


def test_an_approval_of_something_else_than_was_read_decides_nothing(
    world: AccessWorld, browse: Browse
) -> None:
    purpose = in_review(world)
    form = {"approve": "1", "row_version": 1, "reason": "Read & understood"}
    page = browse("second_officer").post(page_of(purpose, "review/"), form)
    assert page.status_code == 412
    assert "Read &amp; understood" in page.text
    assert page.context["form"]["row_version"].value() == newest(purpose).row_version
    assert newest(purpose).record_status == "in_review"


def test_a_return_needs_a_reason_which_the_writers_read(world: AccessWorld, browse: Browse) -> None:
    purpose, client = in_review(world), browse("second_officer")
    form = {"return": "1", "row_version": newest(purpose).row_version}
    refused = client.post(page_of(purpose, "review/"), form)
    assert refused.status_code == 400
    assert "Say what has to change." in str(refused.context["form"].errors["reason"])
    answer = client.post(page_of(purpose, "review/"), {**form, "reason": "Name the <law>"})
    assert answer.status_code == 302
    assert newest(purpose).record_status == "draft"
    assert "Name the &lt;law&gt;" in browse("officer").get(page_of(purpose)).text


def test_a_rejection_stays_with_its_reason_and_another_version_begins_from_it(
    world: AccessWorld, browse: Browse
) -> None:
    purpose, client = in_review(world), browse("second_officer")
    assert 'name="reject"' not in browse("officer").get(page_of(purpose, "review/")).text
    assert 'name="reject"' in client.get(page_of(purpose, "review/")).text
    form = {"reject": "1", "row_version": newest(purpose).row_version}
    refused = client.post(page_of(purpose, "review/"), form)
    assert "Say why it cannot become part of the register." in str(refused.context["form"].errors["reason"])
    answer = client.post(page_of(purpose, "review/"), {**form, "reason": "Nobody <may>"})
    assert answer.status_code == 302
    page = browse("officer").get(page_of(purpose)).text
    assert "Nobody &lt;may&gt;" in page
    assert "Rejected by" in page and "Begin a new version" in page
    listed = browse("officer").get(page_of(purpose).replace(f"{purpose.uid}/", ""), {"state": "rejected"})
    assert purpose.ref in listed.text


def test_readers_see_a_review_and_decide_nothing(world: AccessWorld, browse: Browse) -> None:
    purpose = in_review(world)
    for who in ("dpo", "auditor"):
        page = browse(who).get(page_of(purpose, "review/"))
        assert page.status_code == 200
        assert 'name="return"' not in page.text
        form = {"approve": "1", "row_version": newest(purpose).row_version}
        assert browse(who).post(page_of(purpose, "review/"), form).status_code == 403
    assert newest(purpose).record_status == "in_review"


def test_home_shows_officers_what_waits_for_their_review(world: AccessWorld, browse: Browse) -> None:
    purpose = in_review(world, name="Count the whales")
    activity = compliance.drafted_activity(
        world.purposes["pay"], world.personal.asset, writer=world["officer"], name="Watch the whales"
    )
    submit_activity(actor=world["officer"], processing_activity_id=activity.uid)
    page = browse("second_officer").get("/").text
    assert page_of(purpose, "review/") in page
    assert f"{ACTIVITIES}{activity.uid}/review/" in page
    assert "Count the whales" not in browse("officer").get("/").text
    assert "Count the whales" not in browse("steward").get("/").text

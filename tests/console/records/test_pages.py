"""The page of a record: told in sentences, with its versions and what rests on it."""

from __future__ import annotations

from apps.compliance.commands import edit_purpose
from apps.compliance.models import ProcessingActivity
from tests.console.conftest import Browse
from tests.console.records.typed import ACTIVITIES, PURPOSES, in_review, page_of
from tests.factories import compliance
from tests.factories.access import AccessWorld, asked, draft


def test_a_purpose_is_told_in_a_sentence_with_its_articles(world: AccessWorld, browse: Browse) -> None:
    page = browse("dpo").get(page_of(world.purposes["study"])).text
    assert "The law allows it because of" in page
    assert "Public interest or official authority" in page
    assert "Art. 6(1)(e) GDPR" in page
    assert "Art. 9(2)(j) GDPR" in page
    assert "approved by" in page


def test_an_activity_is_told_with_what_it_serves_and_covers(world: AccessWorld, browse: Browse) -> None:
    activity = ProcessingActivity.objects.filter(versions__purposes=world.purposes["pay"]).get()
    page = browse("auditor").get(f"{ACTIVITIES}{activity.uid}/").text
    assert "It serves 1 purpose." in page
    assert f"/catalog/{world.personal.asset.uid}/" in page
    assert page_of(world.purposes["pay"]) in page
    assert "Art. 30(1)(b) GDPR" in page
    assert "Nobody else receives them." in page


def test_a_purpose_names_what_rests_on_it(world: AccessWorld, browse: Browse) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    page = browse("officer").get(page_of(world.purposes["pay"])).text
    assert request.ref in page
    assert "1 open request" in page
    assert "1 processing activity" in page


def test_versions_are_set_against_each_other(world: AccessWorld, browse: Browse) -> None:
    purpose = world.purposes["pay"]
    content = compliance.purpose_content(name="Pay in full", concept_code="PersonnelPayment")
    edit_purpose(actor=world["officer"], purpose_id=purpose.uid, content=content)
    page = browse("auditor").get(page_of(purpose, "changes/"))
    labels = [str(change.label) for change in page.context["changes"]]
    assert labels == ["Name", "Holds from"]
    assert "Pay in full" in page.text
    assert "Predict pump failures" in page.text
    old = browse("auditor").get(page_of(purpose) + "?version=1")
    assert "the version in force" in old.text
    assert browse("auditor").get(page_of(purpose) + "?version=9").status_code == 404


def test_markup_in_a_record_is_shown_as_text(world: AccessWorld, browse: Browse) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    purpose = in_review(world, name=nasty, description=nasty)
    activity = compliance.drafted_activity(
        purpose, world.personal.asset, writer=world["officer"], name=nasty, description=nasty
    )
    paths = [PURPOSES, ACTIVITIES, page_of(purpose), page_of(purpose, "review/"), "/"]
    activities = [f"{ACTIVITIES}{activity.uid}/", f"{ACTIVITIES}{activity.uid}/edit/"]
    for path in [*paths, *activities, page_of(purpose, "changes/")]:
        page = browse("second_officer").get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path

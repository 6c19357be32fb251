"""Records of compliance: lists, pages, drafts, reviews and acts, the same for every kind."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.compliance.commands import (
    edit_purpose,
    submit_activity,
    submit_purpose,
    suspend_purpose,
)
from apps.compliance.lifecycle.parties import PartyContent
from apps.compliance.lifecycle.retention import RetentionContent
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
)
from apps.console.records import KINDS
from tests.console.conftest import Browse
from tests.factories import compliance
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.impacts import ENDING_PURPOSE, looked_at
from tests.flatness import assert_flat

PURPOSES = "/records/purposes/"
ACTIVITIES = "/records/processing-activities/"
TYPED = "Pay people <on time> & in full"


def filled(**given: Any) -> dict[str, Any]:
    made = {
        "name": TYPED,
        "concept_code": "PersonnelPayment",
        "description": "Salaries are worked out and paid.",
        "lawful_basis": "6(1)(f)",
        "lia_ref": "LIA-0001",
        "presumption": "none",
        "key": str(uuid4()),
    }
    return {**made, **given}


def described(world: AccessWorld, **given: Any) -> dict[str, Any]:
    made = {
        "name": TYPED,
        "role": "controller",
        "purpose_ids": [str(world.purposes["pay"].uid)],
        "asset_ids": [str(world.personal.asset.uid)],
        "data_subject_categories": ["Employee"],
        "recipients-kind": ["independent_controller", "", ""],
        "recipients-party": ["Payroll Ltd", "", ""],
        "recipients-country": ["de", "", ""],
        "transfers-country": ["us", ""],
        "transfers-importer": ["Payroll Inc", ""],
        "transfers-mechanism": ["46(2)(c)", ""],
        "transfers-instrument_ref": ["SCC 2026", ""],
        "security_measures": ["encryption"],
        "business_function": "Personnel <pay>",
        "has_no_dpo": "yes",
        "personal_data-category": ["Salary", ""],
        "personal_data-columns": ["salary", ""],
        "no_time_limits_reason": "The law on pay slips says how long.",
        "identifiability": "identified",
        "sources": ["data_subject"],
        "privacy_notice": "Notice for employees",
        "automation": "none",
        "places-country": ["de", ""],
        "key": str(uuid4()),
    }
    return {**made, **given}


def drafted(world: AccessWorld, writer: str = "officer", **given: Any) -> Purpose:
    return compliance.drafted_purpose(world.organization, world[writer], **given)


def in_review(world: AccessWorld, writer: str = "officer", **given: Any) -> Purpose:
    purpose = drafted(world, writer, **given)
    submit_purpose(actor=world[writer], purpose_id=purpose.uid)
    return purpose


def newest(purpose: Purpose) -> PurposeVersion:
    found: PurposeVersion = purpose.versions.order_by("-number")[0]
    return found


def page_of(purpose: Purpose, step: str = "") -> str:
    return f"{PURPOSES}{purpose.uid}/{step}"


# Lists


@pytest.mark.parametrize("path", [PURPOSES, ACTIVITIES])
def test_a_list_shows_what_is_in_force_with_its_next_review(
    world: AccessWorld, browse: Browse, path: str
) -> None:
    page = browse("auditor").get(path).text
    assert "In force" in page
    assert "Review due" in page
    assert f"{path}new/" not in page


def test_a_list_is_searched_by_name_number_and_state(world: AccessWorld, browse: Browse) -> None:
    mine, client = drafted(world, name="Count the whales"), browse("officer")

    def found(query: str) -> list[str]:
        return [row.record.ref for row in client.get(f"{PURPOSES}?{query}").context["rows"]]

    assert found("q=whales") == [mine.ref]
    assert found(f"q={mine.ref.lower()}") == [mine.ref]
    assert found("state=draft") == [mine.ref]
    assert mine.ref not in found("state=active")
    assert found("q=nothing-like-it") == []
    assert "Nothing found" in client.get(f"{PURPOSES}?q=nothing-like-it").text


def test_one_finds_what_waits_for_ones_own_review(world: AccessWorld, browse: Browse) -> None:
    waiting = in_review(world)
    theirs = browse("second_officer").get(f"{PURPOSES}?mine=1").context["rows"]
    assert [row.record.ref for row in theirs] == [waiting.ref]
    assert browse("officer").get(f"{PURPOSES}?mine=1").context["rows"] == []


def test_drafts_are_hidden_from_those_who_do_not_work_on_records(world: AccessWorld, browse: Browse) -> None:
    mine, client = drafted(world, name="Count the whales"), browse("scientist")
    assert "Count the whales" not in client.get(PURPOSES).text
    assert client.get(page_of(mine)).status_code == 404
    assert browse("auditor").get(page_of(mine)).status_code == 200


@pytest.mark.parametrize("path", [PURPOSES, ACTIVITIES])
def test_a_list_is_flat_in_its_rows(world: AccessWorld, browse: Browse, path: str) -> None:
    client = browse("officer")
    client.get(path)

    def make() -> object:
        if path == PURPOSES:
            return drafted(world)
        return compliance.drafted_activity(world.purposes["pay"], world.personal.asset)

    assert_flat(make, lambda: client.get(path).text.count('<th role="rowheader"'), budget=15)


# A record


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


# Writing


def test_a_purpose_is_drafted_once_and_shown(world: AccessWorld, browse: Browse) -> None:
    client, form = browse("officer"), filled()
    assert client.get(f"{PURPOSES}new/").status_code == 200
    first, second = (client.post(f"{PURPOSES}new/", {**form, "save": "1"}) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    version = PurposeVersion.objects.get(name=TYPED)
    assert version.record_status == "draft"
    assert version.lawful_basis == "6(1)(f)"
    page = client.get(first.headers["Location"]).text
    assert "Pay people &lt;on time&gt; &amp; in full" in page
    assert "Send for review" in page


def test_a_list_tells_how_complete_each_is_narrows_by_clearance_and_looks_back(
    world: AccessWorld, browse: Browse
) -> None:
    asset, purpose = world.personal.asset, world.purposes["pay"]
    told = compliance.particulars(
        privacy_notice="", subjects_band=None, remedy_plan="Write the notice.", remedy_due=date(2099, 3, 1)
    )
    running = compliance.approved_activity(
        purpose, asset, approver=world["officer"], name="Untold", is_running=True, particulars=told
    )
    client = browse("officer")
    rows = {row.record.uid: row for row in client.get(ACTIVITIES).context["rows"]}
    asked = rows[running.uid].measured.asked
    assert (rows[running.uid].measured.said, len(rows)) == (asked - 2, 3)
    page = client.get(f"{ACTIVITIES}?clearance=blocked")
    assert [row.record.uid for row in page.context["rows"]] == [running.uid]
    assert "to be put right by 1 Mar 2099" in page.text
    assert len(client.get(f"{ACTIVITIES}?clearance=cleared").context["rows"]) == 2
    assert client.get(f"{ACTIVITIES}?as_of=2020-01-01").context["rows"] == []
    today = timezone.now().date().isoformat()
    assert len(client.get(f"{ACTIVITIES}?as_of={today}&clearance=blocked").context["rows"]) == 1
    assert len(client.get(f"{ACTIVITIES}?as_of=nonsense").context["rows"]) == 3
    shown = client.get(f"{ACTIVITIES}{running.uid}/").text
    assert "Missing in the register:" in shown
    assert "The processing may not run" in shown
    assert "Shift leader" in shown
    assert "Write the notice." in shown


def test_an_activity_is_drafted_with_its_tables(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    answer = client.post(f"{ACTIVITIES}new/", {**described(world), "send": "1"})
    assert answer.status_code == 302
    version = ActivityVersion.objects.get(name=TYPED)
    assert version.record_status == "in_review"
    assert version.recipients == [{"kind": "independent_controller", "party": "Payroll Ltd", "country": "DE"}]
    assert version.transfers[0]["country"] == "US"
    assert [asset.uid for asset in version.assets.all()] == [world.personal.asset.uid]
    page = client.get(answer.headers["Location"]).text
    assert "Payroll Inc (US)" in page
    assert "Art. 46(2)(c)" in page


def test_particulars_are_written_read_and_compared(world: AccessWorld, browse: Browse) -> None:
    schedule = compliance.drafted_record(
        world.organization, "retention-schedules", RetentionContent(name="Pay")
    )
    party = compliance.drafted_record(world.organization, "parties", PartyContent(name="Payroll Ltd"))
    said = {
        "personal_data-retention": [str(schedule.uid), ""],
        "sub_processors": [str(party.uid)],
        "recipients-party_id": [str(party.uid), "", ""],
        "min_age": "18",
    }
    client = browse("officer")
    answer = client.post(f"{ACTIVITIES}new/", described(world, save="1", **said))
    assert answer.status_code == 302
    path = answer.headers["Location"]
    page = client.get(path).text
    assert "Personnel &lt;pay&gt;" in page
    assert "Salary" in page
    assert f"/records/parties/{party.uid}/" in page
    version = ActivityVersion.objects.get(name=TYPED)
    assert version.particulars == {
        "business_function": "Personnel <pay>",
        "personal_data": [{"category": "Salary", "columns": "salary", "retention": str(schedule.uid)}],
        "no_time_limits_reason": "The law on pay slips says how long.",
        "identifiability": "identified",
        "sources": ["data_subject"],
        "privacy_notice": "Notice for employees",
        "automation": "none",
        "places": [{"country": "DE"}],
        "has_no_dpo": True,
        "sub_processors": [str(party.uid)],
        "min_age": 18,
    }
    form = client.get(f"{path}edit/").context["form"]
    shown = {name: form[name].value() for name in ("business_function", "has_no_dpo", "min_age")}
    assert shown == {"business_function": "Personnel <pay>", "has_no_dpo": "yes", "min_age": 18}
    rests = client.get(f"/records/parties/{party.uid}/").context["rests"]
    assert [row.uid for row in rests.activities] == [version.activity.uid]


def test_an_empty_form_keeps_what_was_typed_and_names_each_field(world: AccessWorld, browse: Browse) -> None:
    page = browse("officer").post(f"{PURPOSES}new/", filled(name="", concept_code="", lia_ref="LIA-77"))
    assert page.status_code == 400
    assert page.text.count("Give the purpose a name.") == 2
    assert page.text.count("Choose the kind of purpose.") == 2
    assert "LIA-77" in page.text


def test_a_refusal_of_the_command_stands_beside_its_field(world: AccessWorld, browse: Browse) -> None:
    form = filled(valid_from="2026-05-01", valid_to="2026-04-01")
    page = browse("officer").post(f"{PURPOSES}new/", {**form, "save": "1"})
    assert page.status_code == 400
    assert "Choose a later end." in str(page.context["form"].errors["valid_to"])
    assert "Pay people &lt;on time&gt;" in page.text
    assert not PurposeVersion.objects.filter(name=TYPED).exists()
    assert browse("officer").post(f"{PURPOSES}new/", {**form, "valid_to": ""}).status_code == 302


def test_rows_of_a_refused_form_are_still_there(world: AccessWorld, browse: Browse) -> None:
    form = described(world, **{"recipients-kind": ["", ""], "recipients-party": ["Payroll Ltd", ""]})
    page = browse("officer").post(f"{ACTIVITIES}new/", {**form, "save": "1"})
    assert page.status_code == 400
    assert page.text.count("Choose for each recipient what it is.") == 2
    assert 'value="Payroll Ltd"' in page.text


def test_a_search_for_assets_keeps_the_form_and_complains_of_nothing(
    world: AccessWorld, browse: Browse
) -> None:
    form = described(world, name="", asset_ids_q=world.restricted.asset.name, find="asset_ids")
    page = browse("officer").post(f"{ACTIVITIES}new/", form)
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    chosen = dict(page.context["form"].fields["asset_ids"].choices)
    assert {str(world.personal.asset.uid), str(world.restricted.asset.uid)} <= set(chosen)
    assert 'value="Payroll Ltd"' in page.text


def test_an_asset_one_may_not_see_is_not_chosen(world: AccessWorld, browse: Browse) -> None:
    page = browse("officer").post(f"{ACTIVITIES}new/", described(world, asset_ids=[str(uuid4())]))
    assert page.status_code == 400
    assert "Choose assets you may see." in page.text


def test_what_is_missing_is_told_beside_the_fields_before_a_review(
    world: AccessWorld, browse: Browse
) -> None:
    client = browse("officer")
    answer = client.post(f"{PURPOSES}new/", {**filled(lia_ref="", description=""), "send": "1"})
    assert answer.headers["Location"].endswith("/edit/?missing=1")
    form = client.get(answer.headers["Location"]).context["form"]
    assert {"lia_ref", "description"} == set(form.errors)
    assert "Legitimate interests assessment" in str(form.errors["lia_ref"])
    assert PurposeVersion.objects.get(name=TYPED).record_status == "draft"


def test_editing_what_is_in_force_begins_a_new_version(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("officer")
    form = client.get(page_of(purpose, "edit/")).context["form"]
    assert form["name"].value() == "Predict pump failures"
    answer = client.post(page_of(purpose, "edit/"), {**filled(), "row_version": newest(purpose).row_version})
    assert answer.status_code == 302
    assert [each.record_status for each in purpose.versions.order_by("number")] == ["approved", "draft"]


def test_a_draft_sent_twice_is_saved_once(world: AccessWorld, browse: Browse) -> None:
    purpose, client = drafted(world), browse("officer")
    form = {**filled(valid_from="2026-05-01"), "row_version": newest(purpose).row_version, "send": "1"}
    for _ in range(2):
        answer = client.post(page_of(purpose, "edit/"), form)
        assert answer.status_code == 302
        assert answer.headers["Location"] == page_of(purpose)
    assert newest(purpose).record_status == "in_review"


def test_a_draft_that_another_changed_is_shown_beside_what_was_typed(
    world: AccessWorld, browse: Browse
) -> None:
    purpose, client = drafted(world), browse("officer")
    seen = newest(purpose).row_version
    theirs = compliance.purpose_content(name="Changed meanwhile")
    edit_purpose(actor=world["second_officer"], purpose_id=purpose.uid, content=theirs)
    page = client.post(page_of(purpose, "edit/"), {**filled(), "row_version": seen})
    assert page.status_code == 412
    assert "Changed meanwhile" in page.text
    assert "Pay people &lt;on time&gt;" in page.text
    assert newest(purpose).name == "Changed meanwhile"
    again = {**filled(), "row_version": page.context["form"]["row_version"].value()}
    assert client.post(page_of(purpose, "edit/"), again).status_code == 302
    assert newest(purpose).name == TYPED


def test_who_does_not_write_gets_no_form(world: AccessWorld, browse: Browse) -> None:
    purpose = drafted(world)
    for who in ("dpo", "auditor", "steward", "scientist"):
        client = browse(who)
        assert client.get(f"{PURPOSES}new/").status_code == 404
        assert client.get(page_of(purpose, "edit/")).status_code == 404
    refused = browse("dpo").post(f"{PURPOSES}new/", filled())
    assert refused.status_code == 403
    assert "Pay people &lt;on time&gt;" in refused.text
    changed = browse("auditor").post(page_of(purpose, "edit/"), {**filled(), "row_version": 1})
    assert changed.status_code == 403
    assert newest(purpose).name == "Predict pump failures"


# Reviewing


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
    assert "Whoever wrote or submitted a version does not approve it." in page
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


# Acts


def test_a_purpose_is_suspended_with_a_reason_and_resumed(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("officer")
    request = asked(world["scientist"], draft(world.personal, purpose))
    assert request.ref in client.get(page_of(purpose, "suspend/")).text
    refused = client.post(page_of(purpose, "suspend/"), {"reason": " "})
    assert refused.status_code == 400
    assert "Say what happened." in refused.text
    given = {"reason": "A <complaint>", "seen_impact": refused.context["reached"].digest}
    assert client.post(page_of(purpose, "suspend/"), given).status_code == 302
    page = client.get(page_of(purpose)).text
    assert "A &lt;complaint&gt;" in page
    assert "Suspended" in page
    again = client.post(page_of(purpose, "suspend/"), {"reason": "Typed & lost?"})
    assert again.status_code == 409
    assert "Typed &amp; lost?" in again.text
    assert client.post(page_of(purpose, "resume/"), {}).status_code == 302
    purpose.refresh_from_db()
    assert purpose.standing == "standing"


def test_a_purpose_is_withdrawn_for_good(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("officer")
    suspend_purpose(
        actor=world["officer"],
        purpose_id=purpose.uid,
        reason="A complaint.",
        seen_impact=looked_at(ENDING_PURPOSE, purpose.uid),
    )
    unseen = client.post(page_of(purpose, "withdraw/"), {"reason": "It was right."})
    assert (unseen.status_code, "did not say that you have seen" in unseen.text) == (428, True)
    given = {"reason": "It was right.", "seen_impact": unseen.context["reached"].digest}
    assert client.post(page_of(purpose, "withdraw/"), given).status_code == 302
    page = client.get(page_of(purpose)).text
    assert "Withdrawn for good" in page
    assert page_of(purpose, "edit/") not in page
    assert client.get(page_of(purpose, "edit/")).status_code == 404


def test_ending_a_purpose_counts_for_what_was_shown_to_rest_on_it(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["rock"], browse("officer")
    path = page_of(purpose, "suspend/")
    seen = client.get(path).context["reached"].digest
    granted(world)
    stale = client.post(path, {"reason": "A complaint.", "seen_impact": seen})
    assert (stale.status_code, "no longer what you were shown" in stale.text) == (412, True)
    shown = stale.context["reached"].digest
    assert f'name="seen_impact" value="{shown}"' in stale.text
    assert client.post(path, {"reason": "A complaint.", "seen_impact": shown}).status_code == 302


@pytest.mark.parametrize("act", ["retire", "reassess"])
def test_an_activity_is_retired_and_assessed(world: AccessWorld, browse: Browse, act: str) -> None:
    activity = ProcessingActivity.objects.filter(versions__purposes=world.purposes["pay"]).get()
    path = f"{ACTIVITIES}{activity.uid}/"
    assert browse("auditor").post(f"{path}{act}/").status_code == 403
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["pay"].uid,
        reason="A complaint.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["pay"].uid),
    )
    assert browse("officer").post(f"{path}{act}/").status_code == 302
    version = activity.versions.get()
    expected = {"retire": ("retired", "cleared"), "reassess": ("approved", "blocked")}[act]
    assert (version.record_status, version.clearance) == expected
    page = browse("auditor").get(path).text
    assert ("The processing may not run" in page) == (act == "reassess")


@pytest.mark.parametrize("act", ["suspend", "resume", "withdraw", "retire"])
def test_who_may_not_act_is_refused_and_offered_nothing(world: AccessWorld, browse: Browse, act: str) -> None:
    purpose, client = world.purposes["pay"], browse("dpo")
    assert page_of(purpose, f"{act}/") not in client.get(page_of(purpose)).text
    assert client.get(page_of(purpose, f"{act}/")).status_code == 302
    assert client.post(page_of(purpose, f"{act}/"), {"reason": "x"}).status_code == 403
    purpose.refresh_from_db()
    assert purpose.standing == "standing"


def test_unknown_kinds_and_acts_are_absent(world: AccessWorld, browse: Browse) -> None:
    client: Client = browse("officer")
    for path in (
        "/records/secrets/",
        f"/records/secrets/{uuid4()}/",
        page_of(world.purposes["pay"], "explode/"),
        f"{PURPOSES}{uuid4()}/",
        f"{ACTIVITIES}{world.purposes['pay'].uid}/",
        page_of(world.purposes["pay"], "review/"),
    ):
        assert client.get(path).status_code == 404, path


# Declared kinds

WEIGHINGS = "/records/legitimate-interests/"


def test_a_declared_kind_is_written_reviewed_and_approved_in_the_browser(
    world: AccessWorld, browse: Browse
) -> None:
    officer, second = browse("officer"), browse("second_officer")
    typed = {**KINDS["legitimate-interests"].form.initial_of(compliance.interests_content(name=TYPED))}
    typed = {name: value for name, value in typed.items() if value not in (None, "")}
    answer = officer.post(f"{WEIGHINGS}new/", {**typed, "key": str(uuid4()), "send": "1"})
    assert answer.status_code == 302
    found = LegalRecord.objects.get(organization=world.organization, versions__name=TYPED)
    page = f"{WEIGHINGS}{found.uid}/"
    assert found.versions.get().said == compliance.interests_content(name=TYPED)
    assert "The interest prevails" in second.get(f"{page}review/").text
    version = found.versions.get()
    second.post(f"{page}review/", {"approve": "1", "row_version": version.row_version})
    assert found.versions.get().record_status == "approved"
    assert found.ref in browse("scientist").get(WEIGHINGS).text


def test_what_a_declared_record_lacks_is_told_beside_its_fields(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    answer = client.post(
        f"{WEIGHINGS}new/", {"name": TYPED, "key": str(uuid4()), "send": "1", "is_lawful": "yes"}, follow=True
    )
    form = answer.context["form"]
    assert {"interest", "whose", "alternatives", "outcome"} <= set(form.errors)
    assert "is_lawful" not in form.errors
    assert "The interest" in str(form.errors["interest"])


def test_a_step_of_a_cycle_is_taken_with_what_it_asks_for(world: AccessWorld, browse: Browse) -> None:
    writer, approver = world["officer"], world["second_officer"]
    found = compliance.approved_record(
        world.organization, "breaches", compliance.breach_content(), approver, writer
    )
    page, client = f"/records/breaches/{found.uid}/", browse("officer")
    assert browse("scientist").get(page).status_code == 404
    assert "It is a breach" in client.get(page).text
    for step in ("confirm", "assess"):
        assert client.post(f"{page}{step}/").status_code == 302
    asked = client.get(f"{page}tell-authority-first/")
    assert asked.status_code == 200
    assert "Why it was late" in asked.text
    late = {"at": "2026-04-20T10:00", "reference": "LDA 7", "key": str(uuid4())}
    refused = client.post(f"{page}tell-authority-first/", late)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"delay_reasons"}
    told = client.post(f"{page}tell-authority-first/", {**late, "delay_reasons": "A holiday."})
    assert told.status_code == 302
    shown = client.get(page).text
    assert "Authority told, more to follow" in shown
    assert "LDA 7" in shown
    assert "It is a breach" not in browse("auditor").get(f"{page}?version=1").context["acts"]

"""Drafts of records: forms, their tables, and what happens to what was typed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.utils import timezone

from apps.compliance.commands import edit_purpose
from apps.compliance.lifecycle.parties import PartyContent
from apps.compliance.lifecycle.retention import RetentionContent
from apps.compliance.models import ActivityVersion, PurposeVersion
from tests.console.conftest import Browse
from tests.console.records.typed import (
    ACTIVITIES,
    PURPOSES,
    TYPED,
    described,
    drafted,
    filled,
    newest,
    page_of,
)
from tests.factories import compliance
from tests.factories.access import AccessWorld


def test_a_purpose_is_drafted_once_and_shown(world: AccessWorld, browse: Browse) -> None:
    shown_by = {
        "evidence-what": ["Minutes", ""],
        "evidence-where": ["DMS 7", ""],
        "evidence-sha256": ["a" * 64, ""],
    }
    client, form = browse("officer"), {**filled(), **shown_by}
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
    assert version.evidence == [{"what": "Minutes", "where": "DMS 7", "sha256": "a" * 64}]
    assert "Minutes" in page and "a" * 64 in page
    assert "DMS 7" in client.get(f"{first.headers['Location']}edit/").text


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

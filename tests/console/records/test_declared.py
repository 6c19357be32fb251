"""Kinds of records that are declared: forms, reviews and steps like those of the others."""

from __future__ import annotations

from uuid import uuid4

from apps.compliance.models import LegalRecord
from apps.console.records import KINDS
from tests.console.conftest import Browse
from tests.console.records.typed import TYPED
from tests.factories import compliance
from tests.factories.access import AccessWorld

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

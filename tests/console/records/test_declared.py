"""Kinds of records that are declared: forms, reviews and steps like those of the others."""

from __future__ import annotations

from uuid import uuid4

from django.utils.html import escape

from apps.compliance.facts.told import told_of
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.compliance.rendering.breach import breach_text
from apps.console.records import KINDS
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput
from tests.access.refusals import refused
from tests.console.conftest import Browse
from tests.console.records.typed import TYPED
from tests.factories import compliance
from tests.factories.access import AccessWorld, granted
from tests.factories.access import world as another_world
from tests.factories.records import kept, labeling_policy
from tests.factories.reviews import used

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


def test_a_breach_names_the_access_and_the_keys_that_were_reached(world: AccessWorld, browse: Browse) -> None:
    client, key = browse("officer"), used(granted(world))
    foreign = granted(another_world())
    content = compliance.breach_content(
        versions=(world.harmless.version.uid,), grants=(key.grant.uid,), keys=(key.uid,)
    )
    typed = {**KINDS["breaches"].form.initial_of(content), "key": str(uuid4())}
    typed = {name: value for name, value in typed.items() if value not in (None, "")}
    assert client.post("/records/breaches/new/", typed).status_code == 302
    found = LegalRecord.objects.get(organization=world.organization, kind="breaches")
    said = found.versions.get().said
    assert (said.grants, said.keys, said.versions) == (content.grants, content.keys, content.versions)
    page = client.get(f"/records/breaches/{found.uid}/").text
    named = f"{key.person.name}, {world.harmless.asset.name}"
    assert page.count(f'href="/my-access/{key.grant.uid}/"') == 2
    assert page.count(escape(named)) >= 2
    with refused(InvalidInput, "RECORD_REFERENCE_UNKNOWN"):
        compliance.drafted_record(
            world.organization, "breaches", compliance.breach_content(grants=(foreign.uid,)), world["officer"]
        )
    told = told_of(world["officer"], found)
    assert told is not None and named in breach_text(told, at=database_now()).decode()


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


def test_who_tried_a_labeling_policy_out_is_told_on_the_page_that_another_approves(
    world: AccessWorld, browse: Browse
) -> None:
    content = labeling_policy(world.purposes["pay"].uid, datasets=(world.harmless.asset.uid,))
    page = f"/records/labeling-policies/{kept(world.organization, LABELING_POLICIES, content).uid}/"
    pilot = {"items": "40", "reached": "0.9", "learned": "Much.", "report": "Shelf 4", "key": str(uuid4())}
    officer, second = browse("officer"), browse("second_officer")
    assert "Agreement reached" in officer.get(f"{page}pilot/").text
    assert officer.post(f"{page}pilot/", pilot).status_code == 302
    told = officer.post(f"{page}approve-labeling/")
    assert told.status_code == 403
    assert "Whoever took the step" in told.text
    assert second.post(f"{page}approve-labeling/").status_code == 302

"""The roster of a labeling policy in the browser: entering somebody, saying anew what holds, ending it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.commands import pause_unsteady
from apps.labeling.models import Annotator
from tests.console.conftest import Browse
from tests.factories import labels, roster
from tests.factories.access import AccessWorld
from tests.factories.records import kept, labeling_policy

ABOVE_ALL = 250


@pytest.fixture
def policy(world: AccessWorld) -> LegalRecord:
    content = labeling_policy(world.purposes["rock"].uid, datasets=(world.harmless.asset.uid,))
    return kept(world.organization, LABELING_POLICIES, content, stage="active")


def typed(**given: str) -> dict[str, str]:
    day = (database_now().date() - timedelta(days=2)).isoformat()
    made = {
        "key": str(uuid4()),
        "code": "17",
        "role": "annotator",
        "cleared_rank": "2",
        "trained_on": day,
        "undertaking_on": day,
        "test_score": "0.9",
    }
    return {**made, **given}


def test_somebody_of_the_house_is_entered_and_seen(
    world: AccessWorld, browse: Browse, policy: LegalRecord
) -> None:
    page, client = f"/labeling/{policy.uid}/roster/", browse("officer")
    record = client.get(f"/records/labeling-policies/{policy.uid}/").text
    assert f'href="{page}"' in record
    scientist = world.players["scientist"]
    sent = typed(person_id=scientist.account.username, group="Bergen")
    assert client.post(page, sent).status_code == 302
    row = Annotator.objects.get(policy=policy)
    assert (row.code, row.person, row.cleared_rank, row.test_score) == ("17", scientist.person, 2, 0.9)
    assert client.post(page, sent).status_code == 302
    assert Annotator.objects.filter(policy=policy).count() == 1
    shown = client.get(page).text
    assert scientist.person.name in shown
    assert "Bergen" in shown


def test_what_somebody_lacks_is_told_beside_the_fields(
    world: AccessWorld, browse: Browse, policy: LegalRecord
) -> None:
    sent = typed(test_score="0.5", trained_on="", person_id="nobody-of-that-name")
    told = browse("officer").post(f"/labeling/{policy.uid}/roster/", sent)
    assert (told.status_code, set(told.context["form"].errors)) == (400, {"person_id"})
    told = browse("officer").post(f"/labeling/{policy.uid}/roster/", typed(test_score="0.5", trained_on=""))
    assert (told.status_code, set(told.context["form"].errors)) == (422, {"test_score", "trained_on"})
    assert not Annotator.objects.filter(policy=policy).exists()


def test_it_is_said_anew_and_ended(world: AccessWorld, browse: Browse, policy: LegalRecord) -> None:
    row, client = roster.entered(policy), browse("owner")
    page = f"/annotators/{row.uid}/"
    assert 'value="0.95"' in client.get(page).text
    assert client.post(page, typed(test_score="0.99", role="reviewer")).status_code == 302
    made = Annotator.objects.current().get(policy=policy)
    assert (made.code, made.test_score, made.role) == ("21", 0.99, "reviewer")
    assert client.post(f"/annotators/{made.uid}/end/").status_code == 302
    assert not Annotator.objects.current().filter(policy=policy).exists()
    shown = client.get(f"/labeling/{policy.uid}/roster/").text
    assert shown.count("until") >= 2
    assert client.post(page, typed()).status_code == 409


def test_who_does_not_keep_it_sees_themselves_and_changes_nothing(
    world: AccessWorld, browse: Browse, policy: LegalRecord
) -> None:
    mine = roster.entered(policy, "17", person_id=world.players["scientist"].person.uid)
    other = roster.entered(policy, "18")
    client = browse("scientist")
    shown = client.get(f"/labeling/{policy.uid}/roster/").text
    assert world.players["scientist"].person.name in shown
    assert "Enter somebody" not in shown
    assert client.get(f"/annotators/{other.uid}/").status_code == 404
    assert client.get(f"/annotators/{mine.uid}/").status_code == 403
    assert client.post(f"/annotators/{mine.uid}/end/").status_code == 403
    assert client.post(f"/labeling/{policy.uid}/roster/", typed(code="19")).status_code == 403


def test_a_clearance_beside_the_ladder_is_named_and_survives_a_change(
    world: AccessWorld, browse: Browse, policy: LegalRecord
) -> None:
    row, client = roster.entered(policy, cleared_rank=ABOVE_ALL), browse("owner")
    assert "and any class above it" in client.get(f"/labeling/{policy.uid}/roster/").text
    page = f"/annotators/{row.uid}/"
    form = client.get(page).context["form"]
    assert form["cleared_rank"].value() == ABOVE_ALL
    assert str(ABOVE_ALL) in dict(form.fields["cleared_rank"].choices)
    assert client.post(page, typed(cleared_rank=str(form["cleared_rank"].value()))).status_code == 302
    assert Annotator.objects.current().get(policy=policy).cleared_rank == ABOVE_ALL


def test_a_pause_is_shown_and_lifted_with_a_reason(world: AccessWorld, browse: Browse) -> None:
    made = labels.brought(labels.labeled_version(world.domain, are_raw_kept=True), labels.unsteady())
    (pause,) = pause_unsteady(actor=SYSTEM, label_set_id=made.uid)
    page, client = f"/labeling/{pause.policy.uid}/roster/", browse("officer")
    at, report = f"/annotators/{pause.annotator.uid}/", f"/label-sets/{made.uid}/"
    assert client.get(page).text.count("Paused since") == 1
    assert "Paused since" in client.get(at).text
    assert "Who was paused because of these labels" in client.get(report).text
    assert "Who was paused because of these labels" not in browse("scientist").get(report).text
    answer = client.post(f"{at}lift/", {"why": ""})
    assert answer.status_code == 400 and "Say in a sentence what was done." in answer.text
    assert browse("auditor").post(f"{at}lift/", {"why": "So."}).status_code == 403
    assert client.post(f"{at}lift/", {"why": "Trained anew."}).status_code == 302
    assert "Paused since" not in client.get(page).text
    assert "Trained anew." in client.get(report).text
    assert client.post(f"{at}lift/", {"why": "Once more."}).status_code == 409

"""The ladder of classes on the screen: what each demands, read by all and changed by officers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from apps.access.models import Grant
from apps.classification.models import Classification, SensitivityClass
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, asked, draft

CLASSES = "/rulebook/classes/"
FIELDS = ("max_grant_days", "max_lease_minutes", "stages", "seen_version")
FLAGS = ("needs_step_up", "is_auto_ok_allowed", "is_break_glass_allowed")


def as_shown(form: Any, **given: Any) -> dict[str, Any]:
    """As a browser sends the form: an empty field as nothing, a box only where it is ticked."""
    shown = {name: form[name].value() for name in FIELDS}
    ticked = {name: "on" for name in FLAGS if form[name].value()}
    return {**{name: "" if value is None else value for name, value in shown.items()}, **ticked, **given}


def test_everybody_reads_what_a_class_demands(world: AccessWorld, browse: Browse) -> None:
    step = SensitivityClass.objects.get(code="restricted")
    page = browse("scientist").get(CLASSES)
    ranks = [each.rank for each in page.context["steps"]]
    assert ranks == sorted(ranks)
    assert f"{step.max_grant_days} days" in page.text
    assert "anew, to decide and for each key" in page.text
    assert f"{CLASSES}new/" not in page.text
    one = browse("steward").get(f"{CLASSES}{step.uid}/")
    assert step.definition in one.text
    assert "<form" not in one.text.partition("<main")[2]
    refused = browse("steward").post(f"{CLASSES}{step.uid}/", {"seen_version": step.row_version})
    assert (refused.status_code, SensitivityClass.objects.get(pk=step.pk).stages) == (403, step.stages)


def test_an_officer_shortens_what_a_class_lasts_and_the_next_access_ends_by_it(
    world: AccessWorld, browse: Browse
) -> None:
    client, said = browse("officer"), Classification.objects.filter(version=world.harmless.version)
    step = said.earliest("pk").sensitivity_class
    path = f"{CLASSES}{step.uid}/"
    sent = as_shown(client.get(path).context["form"], max_grant_days="7")
    assert client.post(path, sent).status_code == 302
    step.refresh_from_db()
    assert step.max_grant_days == 7
    stale = client.post(path, {**sent, "max_grant_days": "9"})
    assert (stale.status_code, "Changed while you typed" in stale.text) == (412, True)
    assert 'value="9"' in stale.text and "7 days" in stale.text
    wanted = draft(world.harmless, world.purposes["rock"])
    request = asked(world["scientist"], wanted, accept_shorter=True)
    grant = Grant.objects.get(revision__request=request)
    assert grant.not_after - grant.not_before <= timedelta(days=7)
    assert grant.limiting_factor.startswith("class_longest_grant")


def test_a_limit_that_is_too_short_is_told_at_its_field(world: AccessWorld, browse: Browse) -> None:
    client, step = browse("officer"), SensitivityClass.objects.earliest("rank")
    path = f"{CLASSES}{step.uid}/"
    refused = client.post(path, as_shown(client.get(path).context["form"], max_lease_minutes="0"))
    assert refused.status_code == 400
    assert "is too short" in str(refused.context["form"].errors["max_lease_minutes"])


def test_a_class_is_put_on_the_ladder_once(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    sent = {
        "key": str(uuid4()),
        "label": "Sealed",
        "code": "sealed",
        "rank": "90",
        "definition": "Nobody needs it.",
        "stages": ["data_owner"],
        "needs_step_up": "on",
    }
    first, again = (client.post(f"{CLASSES}new/", sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    made = SensitivityClass.objects.get(code="sealed")
    assert (made.rank, made.stages, made.max_grant_days) == (90, ["data_owner"], None)
    assert made.needs_step_up
    taken = client.post(f"{CLASSES}new/", {**sent, "key": str(uuid4())})
    assert (taken.status_code, "Choose another code and rank" in taken.text) == (409, True)

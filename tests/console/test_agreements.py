"""Agreements on the screen: accepted by whoever uses data, kept by those who answer for them."""

from __future__ import annotations

from uuid import uuid4

from apps.access.commands import AgreementTarget, publish_agreement
from apps.access.models import Agreement
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, granted


def test_an_agreement_has_a_page_to_accept_it_on(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    agreement = publish_agreement(
        actor=world["officer"],
        code="dua",
        title="Use of well logs",
        text="No onward sharing.",
        target=AgreementTarget(asset_id=world.harmless.asset.uid),
    )
    scientist = browse("scientist")
    assert "Accept this first" in scientist.get(f"/my-access/{grant.uid}/").text
    place = f"/agreements/{agreement.uid}/"
    assert scientist.post(place, {"sha256": agreement.sha256}).status_code == 400
    assert scientist.post(place, {"sha256": "0" * 64, "accepted": "on"}).status_code == 412
    assert scientist.post(place, {"sha256": agreement.sha256, "accepted": "on"}).status_code == 302
    assert "You have accepted it" in scientist.get(place).text
    assert "Accept this first" not in scientist.get(f"/my-access/{grant.uid}/").text


def test_an_agreement_is_put_in_force_replaced_and_taken_out_of_force(
    world: AccessWorld, browse: Browse
) -> None:
    officer, asset = browse("officer"), world.harmless.asset
    given = {"key": uuid4(), "title": "Use of well logs", "code": "dua", "text": "No onward sharing."}
    named = {**given, "kind": "asset", "name": asset.name}
    for wrong, said in (
        ({**named, "name": "Nothing called so"}, "Nothing of this kind has this name"),
        ({**given, "kind": "class"}, "Choose the class it stands on"),
        ({**named, "code": "D U A"}, "is not a code"),
    ):
        refused = officer.post("/agreements/new/", wrong)
        assert refused.status_code in {400, 422} and said in refused.text and "No onward" in refused.text
    place = officer.post("/agreements/new/", named)["Location"]
    assert officer.post("/agreements/new/", named)["Location"] == place
    first = Agreement.objects.get()
    assert first.asset == asset
    browse("scientist").post(place, {"sha256": first.sha256, "accepted": "on"})
    assert world.players["scientist"].person.name in officer.get(place).text
    assert world.players["scientist"].person.name not in browse("colleague").get(place).text
    changed = {"key": uuid4(), "title": "Use of well logs", "text": "No sharing at all."}
    second = Agreement.objects.get(uid=officer.post(f"{place}next/", changed)["Location"].split("/")[-2])
    assert (second.code, second.version, second.asset) == ("dua", 2, asset)
    assert browse("scientist").post(f"/agreements/{second.uid}/retire/").status_code == 403
    assert officer.post(f"/agreements/{second.uid}/retire/").status_code == 302
    assert not Agreement.objects.in_force().exists()
    assert "Use of well logs" in officer.get("/agreements/?retired=1").text

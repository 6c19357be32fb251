"""What somebody holds counts with what they ask for."""

from __future__ import annotations

from apps.access.commands import revoke_grant
from apps.access.models import Grant
from tests.factories.access import (
    AccessWorld,
    about_nobody,
    approved,
    asked,
    decision_of,
    draft,
    thing,
)


def test_live_grants_and_the_ask_are_counted_together_and_an_asset_once(world: AccessWorld) -> None:
    purpose = world.purposes["pay"]
    first = asked(world["scientist"], draft(world.personal, purpose))
    assert decision_of(first).facts["joint"]["personal_assets"] == 1
    approved(first, world["owner"], world["officer"])
    again = asked(world["scientist"], draft(world.personal, purpose))
    assert decision_of(again).facts["joint"]["personal_assets"] == 1
    harmless = asked(world["scientist"], draft(world.harmless, world.purposes["rock"]))
    joint = decision_of(harmless).facts["joint"]
    assert joint["personal_assets"] == 1 and joint["categories"]
    others = asked(world["colleague"], draft(world.harmless, world.purposes["rock"]))
    assert decision_of(others).facts["joint"]["personal_assets"] == 0


def test_what_can_be_joined_with_personal_data_held_is_not_granted_at_once(world: AccessWorld) -> None:
    """The asset has a column by the name of one about people; while nothing is held it is harmless."""
    keyed = thing(world.domain, world["steward"], about_nobody("Name"))
    purpose = world.purposes["rock"]
    assert decision_of(asked(world["scientist"], draft(keyed, purpose))).effect == "permit"
    held = asked(world["colleague"], draft(world.personal, world.purposes["pay"]))
    approved(held, world["owner"], world["officer"])
    linked = asked(world["colleague"], draft(keyed, purpose))
    assert decision_of(linked).facts["linked_personal"] is True
    assert decision_of(linked).effect != "permit"
    revoke_grant(actor=world["owner"], grant_id=Grant.objects.latest("pk").uid, comment="Over.")
    free = asked(world["colleague"], draft(keyed, purpose))
    assert decision_of(free).facts["linked_personal"] is False

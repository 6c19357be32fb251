"""A stored decision can be made again from what is stored, byte for byte."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.access.models import Decision, Request
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.rulebook import Rulebook
from apps.policy.snapshot import canonical_bytes, sha256_of
from tests.factories.access import AccessWorld, asked, decision_of, draft, in_days

ASKS: dict[str, Callable[[AccessWorld], Request]] = {
    "granted at once": lambda world: asked(world["scientist"], draft(world.harmless, world.purposes["rock"])),
    "referred": lambda world: asked(
        world["scientist"],
        draft(world.personal, world.purposes["pay"], ends_on=in_days(300), mode="following"),
        accept_shorter=True,
    ),
    "special data taken out": lambda world: asked(
        world["scientist"], draft(world.restricted, world.purposes["study"], actions=["read", "export"])
    ),
    "blocked": lambda world: asked(
        world["scientist"], draft(world.personal, world.purposes["unrecorded"], world.harmless)
    ),
    "for a service account": lambda world: asked(
        world["scientist"],
        draft(world.harmless, world.purposes["rock"], service_account_id=world.robot.uid),
    ),
}


@pytest.mark.parametrize("what", ASKS)
def test_a_stored_decision_is_made_again_byte_for_byte(what: str, world: AccessWorld) -> None:
    stored = Decision.objects.select_related("rulebook").get(pk=decision_of(ASKS[what](world)).pk)
    facts = RequestFacts.from_json(stored.facts)
    rulebook = Rulebook.from_dict(stored.rulebook.document)
    again = decide(facts, rulebook)
    assert again.as_bytes() == canonical_bytes(stored.trace)
    assert (facts.sha256, rulebook.sha256) == (stored.facts_sha256, stored.rulebook.sha256)
    assert sha256_of(stored.facts) == stored.facts_sha256
    assert again.effect.value == stored.effect
    assert [stage.name for stage in again.stages] == list(
        stored.stages.order_by("position").values_list("name", flat=True)
    )


def test_another_fact_gives_another_trace(world: AccessWorld) -> None:
    """The control."""
    stored = decision_of(ASKS["referred"](world))
    tampered = {**stored.facts, "actions": ["export"]}
    again = decide(RequestFacts.from_json(tampered), Rulebook.from_dict(stored.rulebook.document))
    assert again.as_bytes() != canonical_bytes(stored.trace)

"""What the policy hears of breaches, and of records that name versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.catalog.models import AssetVersion
from apps.compliance import commands
from apps.compliance.facts import asset_facts
from apps.compliance.facts.sources import versions_named_by
from apps.compliance.lifecycle.breach import BreachRisk
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.policy import law_words
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.compliance import approved_purpose, approved_record, breach_content

pytestmark = pytest.mark.django_db


def test_the_policy_hears_of_the_gravest_breach_that_is_open(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    version = things.version(things.asset(world.domain), ("name",))

    def heard() -> law_words.BreachRisk | None:
        return asset_facts([(version, ())], purpose, at=database_now())[0].open_breach

    assert heard() is law_words.BreachRisk.NONE
    for risk in (BreachRisk.UNLIKELY, BreachRisk.HIGH):
        content = breach_content(risk=risk, assets=(version.asset.uid,), lessons="Lists are checked.")
        found = approved_record(world.organization, "breaches", content, approver, writer)
        assert heard() == law_words.BreachRisk(risk.value)
    told = {"at": "2026-03-28T10:00:00Z"}
    for step in ("confirm", "assess", "tell-authority", "tell-people", "close"):
        said = told if step.startswith("tell") else None
        commands.take_step(actor=writer, legal_record_id=found.uid, step=step, said=said)
    assert heard() is law_words.BreachRisk.UNLIKELY


def test_a_record_that_names_versions_is_about_these_alone(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    asset = things.asset(world.domain)
    spared, reached = things.version(asset, ("name",)), things.version(asset, ("name",))

    def heard(*versions: AssetVersion) -> list[law_words.BreachRisk | None]:
        facts = asset_facts([(version, ()) for version in versions], purpose, at=database_now())
        return [each.open_breach for each in facts]

    content = breach_content(risk=BreachRisk.HIGH, assets=(asset.uid,), versions=(reached.uid,))
    found = approved_record(world.organization, "breaches", content, approver, writer)
    assert heard(spared, reached) == [law_words.BreachRisk.NONE, law_words.BreachRisk.HIGH]
    today = database_now().date()
    assert list(versions_named_by(found, on=today)) == [reached]
    whole = replace(content, versions=())
    commands.edit_record(actor=writer, legal_record_id=found.uid, content=whole)
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)
    assert heard(spared, reached) == [law_words.BreachRisk.HIGH] * 2
    assert set(versions_named_by(found, on=today)) == {spared, reached}

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from apps.access import commands
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import Grant, Request
from apps.access.queries import current_decision
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.compliance.commands import permit_purpose, state_origin
from apps.compliance.lifecycle import Origin
from apps.compliance.models import Purpose
from apps.kernel.clock import database_now
from apps.policy.vocabulary import Identifiability, LawfulBasis
from tests.factories import accounts, catalog, classification, compliance
from tests.factories.accounts import Player, World

MARKUP = "<script>alert(1)</script>\"'&amp;"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A world with a dataset about people that needs its owner's yes, and a purpose one may ask with."""

    world: World
    asset: Asset
    purpose: Purpose
    more: dict[str, Any] = field(default_factory=dict)

    def player(self, role: Role) -> Player:
        return self.world[role]

    def ask(self, role: Role = Role.SCIENTIST, **given: Any) -> Request:
        made: dict[str, Any] = {
            "items": [ItemDraft(asset_id=self.asset.uid)],
            "purpose_id": self.purpose.uid,
            "actions": ["read"],
            "ends_on": database_now().date().replace(year=database_now().year + 1),
            "place_of_processing": "DE",
            "justification": "To see.",
        }
        draft = RequestDraft(**{**made, **given})
        sent: Request = commands.ask_for_access(actor=self.world[role].actor, draft=draft)
        sent.refresh_from_db()
        return sent

    def approve(self, asked: Request, role: Role) -> None:
        assert asked.revision is not None
        commands.approve_request(
            actor=self.world[role].actor,
            request_id=asked.uid,
            revision_sha256=asked.revision.sha256,
            decision_id=current_decision(asked.revision).uid,
        )

    def granted(self) -> Grant:
        asked = self.ask()
        for role in (Role.OWNER, Role.COMPLIANCE_OFFICER):
            asked.refresh_from_db()
            if asked.state == "in_review":
                self.approve(asked, role)
        grant: Grant = Grant.objects.get(revision__request=asked)
        return grant


def scene_of(world: World, **named: str) -> Scene:
    asset = catalog.published_asset(world.domain, **named)
    version = asset.versions.get()
    steward, officer = world[Role.STEWARD].actor, world[Role.COMPLIANCE_OFFICER].actor
    sayings = [
        classification.saying(
            name, sensitivity_class_code="confidential", identifiability=Identifiability.IDENTIFIED
        )
        for name in ("id", "value")
    ]
    classification.classified(version, steward, *sayings)
    purpose = compliance.approved_purpose(world.organization, officer)
    permit_purpose(actor=officer, asset_version_id=version.uid, concept_code="ScientificResearch")
    origin = Origin(
        original_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        original_purpose_code="ScientificResearch",
        source="Collected.",
        retention_ends_on=database_now().date().replace(year=database_now().year + 5),
    )
    state_origin(actor=officer, asset_version_id=version.uid, origin=origin)
    compliance.approved_activity(purpose, asset, approver=officer)
    return Scene(world=world, asset=asset, purpose=purpose)


@pytest.fixture
def scene(db: None) -> Scene:
    return scene_of(accounts.world())


@pytest.fixture
def browse() -> Callable[[Player], Client]:
    """A browser in which somebody has signed in."""

    def signed_in(player: Player) -> Client:
        client = Client()
        client.force_login(player.account, backend="apps.accounts.backends.AccountBackend")
        return client

    return signed_in

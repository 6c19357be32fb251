"""A house with data, what was made from them, and something that happens to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import Domain, Organization
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.facts.reach import release_facts, why_closed
from apps.compliance.lifecycle.model_assessments import obstacles_to_release
from apps.compliance.lifecycle.occurrences import EFFECTS, Happening
from apps.compliance.models import Occurrence
from apps.kernel.actor import Actor
from apps.policy.reason import Reason
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.occurrences import in_effect, made_from

H = Happening


@dataclass
class House:
    """`raw`, what was made `clean` from it, a `model` trained on that, and `other` data."""

    organization: Organization = field(default_factory=people.organization)
    domain: Domain = field(init=False)
    actors: dict[str, Actor] = field(init=False)
    raw: AssetVersion = field(init=False)
    clean: AssetVersion = field(init=False)
    model: AssetVersion = field(init=False)
    other: AssetVersion = field(init=False)

    def __post_init__(self) -> None:
        self.domain = people.domain(self.organization)
        roles = {
            "steward": Role.STEWARD,
            "owner": Role.OWNER,
            "officer": Role.COMPLIANCE_OFFICER,
            "scientist": Role.SCIENTIST,
        }
        self.actors = {
            name: actor_of(people.player(self.organization, role).account) for name, role in roles.items()
        }
        self.raw, self.other = self.data(), self.data()
        self.clean = made_from(things.asset(self.domain), self.raw)
        self.model = made_from(
            things.asset(self.domain, AssetKind.MODEL), self.clean, role=InputRole.TRAINING
        )

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name].renewed()

    def data(self) -> AssetVersion:
        asset = things.published_asset(self.domain)
        return AssetVersion.objects.select_related("asset").get(asset=asset)

    def occurs(self, happening: Happening, *versions: AssetVersion, **given: Any) -> Occurrence:
        if EFFECTS[happening].needs_source:
            given["approver"] = self["officer"]
        return in_effect(self.organization, happening, *(versions or (self.raw,)), **given)


def closed(*versions: AssetVersion) -> list[bool]:
    shut = why_closed([version.pk for version in versions])
    return [version.pk in shut for version in versions]


def obstacles(model: AssetVersion) -> tuple[Reason, ...]:
    """What keeps it from being released, as far as its data go."""
    return obstacles_to_release(release_facts(model))

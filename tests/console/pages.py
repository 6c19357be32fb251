"""Every page of the console, as it stands in a house with one open request and one grant."""

from __future__ import annotations

from dataclasses import dataclass

from apps.access.models import Grant, Request
from apps.accounts.models import Team
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.accounts import team


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The scientist asked for `personal`, which waits for an owner, and holds a grant on `harmless`.

    The scientist is the one member of `team`.
    """

    world: AccessWorld
    request: Request
    grant: Grant
    team: Team

    def pages(self) -> dict[str, str]:
        asset = self.world.personal.asset.uid
        return {
            "home": "/",
            "catalog": "/catalog/",
            "catalog, filtered": "/catalog/?q=a&kind=dataset&state=published&mine=1",
            "asset": f"/catalog/{asset}/",
            "draft asset": f"/catalog/{self.world.draft.uid}/",
            "lineage": f"/catalog/{asset}/lineage/",
            "ask": f"/catalog/{asset}/request/",
            "requests": "/requests/",
            "request": f"/requests/{self.request.uid}/",
            "inbox": "/inbox/",
            "decide": f"/inbox/{self.request.uid}/",
            "grants": "/my-access/",
            "grant": f"/my-access/{self.grant.uid}/",
            "overview": "/overview/",
            "people": "/people/",
            "people, filtered": "/people/?q=a&role=scientist&status=active",
            "register person": "/people/new/",
            "person": f"/people/{self.world.players['scientist'].person.uid}/",
            "service accounts": "/service-accounts/",
            "teams": "/teams/",
            "team": f"/teams/{self.team.uid}/",
            "domains": "/domains/",
            "new domain": "/domains/new/",
            "domain": f"/domains/{self.world.domain.uid}/",
            "permissions": f"/catalog/{asset}/permissions/",
            "tokens": "/settings/tokens/",
            "settings": "/settings/",
            "design": "/design/",
        }


def scene(world: AccessWorld, **given: object) -> Scene:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], **given))
    members = team(world.organization, world.players["scientist"].account)
    return Scene(world=world, request=request, grant=granted(world), team=members)

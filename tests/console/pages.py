"""Every page of the console, as it stands in a house with one open request and one grant."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.access.models import BreakGlass, Condition, Grant, Request
from apps.accounts.models import Team
from apps.audit.models import AuditEvent
from apps.compliance.commands import submit_activity, submit_purpose
from apps.compliance.models import ProcessingActivity, Purpose
from apps.lakes.models import Lake
from tests.factories import compliance
from tests.factories.access import AccessWorld, asked, bound, broken, draft, granted
from tests.factories.accounts import team
from tests.factories.lakes import connection


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The scientist asked for `personal`, which waits for an owner, and holds a grant on `harmless`.

    Who is on call used emergency access to `harmless`.
    The first officer wrote a purpose and an activity that wait for the review of another one.
    The scientist is the one member of `team`.
    """

    world: AccessWorld
    request: Request
    grant: Grant
    condition: Condition
    glass: BreakGlass
    team: Team
    waiting: Purpose
    waiting_activity: ProcessingActivity
    lake: Lake

    @property
    def entry(self) -> UUID:
        """The newest of the trail."""
        uid: UUID = AuditEvent.objects.latest("pk").uid
        return uid

    @property
    def purpose(self) -> Purpose:
        return self.world.purposes["pay"]

    @property
    def activity(self) -> ProcessingActivity:
        return ProcessingActivity.objects.get(
            versions__purposes=self.purpose, versions__record_status="approved"
        )

    def pages(self) -> dict[str, str]:
        asset = self.world.personal.asset.uid
        purposes, activities = "/records/purposes/", "/records/processing-activities/"
        return {
            "home": "/",
            "catalog": "/catalog/",
            "catalog, filtered": "/catalog/?q=a&kind=dataset&state=published&mine=1",
            "asset": f"/catalog/{asset}/",
            "draft asset": f"/catalog/{self.world.draft.uid}/",
            "asset grants": f"/catalog/{asset}/access/?all=1",
            "lineage": f"/catalog/{asset}/lineage/",
            "asset with purpose": f"/catalog/{asset}/?purpose={self.world.purposes['pay'].uid}",
            "ask": f"/catalog/{asset}/request/",
            "register asset": "/register/",
            "edit asset": f"/catalog/{asset}/edit/",
            "publish asset": f"/catalog/{self.world.draft.uid}/publish/",
            "retire asset": f"/catalog/{asset}/retire/",
            "register version": f"/catalog/{asset}/versions/new/",
            "register location": f"/catalog/{asset}/locations/new/",
            "classification": "/classify/",
            "classify": f"/classify/{self.world.personal.version.uid}/",
            "requests": "/requests/",
            "request": f"/requests/{self.request.uid}/",
            "inbox": "/inbox/",
            "decide": f"/inbox/{self.request.uid}/",
            "grants": "/my-access/",
            "grant": f"/my-access/{self.grant.uid}/",
            "condition": f"/conditions/{self.condition.uid}/",
            "break glass": f"/catalog/{asset}/break-glass/",
            "emergencies": "/break-glass/",
            "emergency": f"/break-glass/{self.glass.uid}/",
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
            "purposes": purposes,
            "purposes, filtered": f"{purposes}?q=a&state=active&mine=1",
            "purpose": f"{purposes}{self.purpose.uid}/",
            "purpose, compared": f"{purposes}{self.purpose.uid}/changes/",
            "purpose in review": f"{purposes}{self.waiting.uid}/review/",
            "new purpose": f"{purposes}new/",
            "edit purpose": f"{purposes}{self.purpose.uid}/edit/",
            "activities": activities,
            "activity": f"{activities}{self.activity.uid}/",
            "activity, compared": f"{activities}{self.activity.uid}/changes/",
            "activity in review": f"{activities}{self.waiting_activity.uid}/review/",
            "new activity": f"{activities}new/",
            "edit activity": f"{activities}{self.activity.uid}/edit/",
            "lakes": "/lakes/",
            "lake": f"/lakes/{self.lake.uid}/",
            "new lake": "/lakes/new/",
            "change lake": f"/lakes/{self.lake.uid}/change/",
            "trail": "/trail/",
            "trail, filtered": f"/trail/?who=a&outcome=done&from=2020-01-01&to=2099-01-01&about={asset}",
            "entry": f"/trail/{self.entry}/",
            "design": "/design/",
        }


def scene(world: AccessWorld, **given: object) -> Scene:
    pay, personal, writer = world.purposes["pay"], world.personal, world["officer"]
    request = asked(world["scientist"], draft(personal, pay, **given))
    waiting = compliance.drafted_purpose(world.organization, writer)
    submit_purpose(actor=writer, purpose_id=waiting.uid)
    activity = compliance.drafted_activity(pay, personal.asset, writer=writer)
    submit_activity(actor=writer, processing_activity_id=activity.uid)
    grant = granted(world)
    return Scene(
        world=world,
        request=request,
        grant=grant,
        condition=bound(grant),
        glass=broken(world),
        waiting=waiting,
        waiting_activity=activity,
        team=team(world.organization, world.players["scientist"].account),
        lake=connection(world.organization),
    )

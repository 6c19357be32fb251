from __future__ import annotations

from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.kernel.clock import database_now
from apps.reviews.models import ReviewItem
from apps.reviews.queries import list_digest, with_evidence
from tests.api import asking
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories.access import in_days
from tests.factories.accounts import World
from tests.factories.reviews import drafted, opened

OFFICER, OWNER, STEWARD = Role.COMPLIANCE_OFFICER, Role.OWNER, Role.STEWARD
WATCHING = (OFFICER, Role.DPO, Role.AUDITOR)
UNCONCERNED = (Role.SCIENTIST, Role.ADMINISTRATOR, Role.ON_CALL, *ASKED_BY_ROUTES)
HIDDEN = tuple(role for role in Role if role not in WATCHING)
"""A campaign is told to nobody but those who watch over the organization."""


def new_campaign(world: World) -> Call:
    place, due = str(world.organization.uid), in_days(14).isoformat()
    return Call(body={"organization_id": place, "name": "Spring review", "due_on": due})


def draft(world: World) -> Call:
    asking.granted(world)
    campaign = drafted(world[OFFICER].actor, world.organization)
    return Call(path={"id": campaign.uid}, body={"name": "Summer review"}, etag=etag(campaign))


def act(world: World) -> Call:
    return Call(path=draft(world).path)


def item(world: World) -> ReviewItem:
    """About the scientist's access, put before the owner."""
    asking.granted(world)
    opened(world[OFFICER].actor, world.organization)
    return ReviewItem.objects.latest("pk")


def review(world: World) -> Call:
    return Call(path={"id": item(world).uid}, body={"reason": "As agreed."})


def named(world: World) -> Call:
    return Call(body={"ids": [str(item(world).uid)]})


def answers(world: World) -> Call:
    found = item(world)
    digest = list_digest(with_evidence([found], at=database_now()))
    given = {"id": str(found.uid), "answer": "keep", "reason": "As agreed."}
    return Call(body={"answers": [given], "digest": digest})


CONCERNED = only(OWNER, STEWARD, *WATCHING, gets=200, others=404)

ROWS = [
    Row(url="campaigns-list", method="GET", answers=everybody(200)),
    Row(
        url="campaigns-list",
        method="POST",
        answers=only(OFFICER, gets=201, others=403),
        make=new_campaign,
    ),
    Row(
        url="campaigns-preview",
        method="POST",
        answers=only(OFFICER, gets=200, others=403),
        make=new_campaign,
    ),
    Row(
        url="campaigns-detail",
        method="GET",
        answers=only(*WATCHING, gets=200, others=404),
        make=draft,
    ),
    *(
        Row(
            url=url, method=method, answers=only(OFFICER, gets=200, others=403, hidden_from=HIDDEN), make=make
        )
        for url, method, make in (
            ("campaigns-detail", "PATCH", draft),
            ("campaigns-open", "POST", act),
            ("campaigns-discard", "POST", act),
        )
    ),
    Row(url="review-items-list", method="GET", answers=everybody(200)),
    Row(url="review-items-detail", method="GET", answers=CONCERNED, make=review),
    Row(url="review-items-evidence", method="POST", answers=CONCERNED, make=named),
    # Each answer is told for itself; a list may be sent by whoever sees what it names.
    Row(url="review-items-answer", method="POST", answers=CONCERNED, make=answers),
    *(
        Row(
            url=f"review-items-{verb}",
            method="POST",
            answers=only(OWNER, gets=200, others=403, hidden_from=UNCONCERNED),
            make=review,
        )
        for verb in ("keep", "remove")
    ),
]

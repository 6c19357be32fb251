"""What rests on a record: the access that ends, and the requests that wait, when it is no longer there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.lifecycle import LIVE_GRANT, OPEN_REQUEST, GrantState
from apps.access.models import Grant, GrantMode, Request, Verdict
from apps.access.queries.grants import grants_visible_to
from apps.access.queries.requests import requests_visible_to
from apps.accounts.models import Person
from apps.catalog.models import AssetVersion
from apps.catalog.queries.lineage import derived_from
from apps.kernel.actor import Actor
from apps.kernel.contributions import Affected


def grants_resting_on(
    actor: Actor, purposes: Collection[Any], assets: Collection[Any] | None = None
) -> QuerySet[Grant]:
    """Live grants for one of the purposes, on one of the assets where these are named; next to end first."""
    found = grants_visible_to(actor).filter(state__in=LIVE_GRANT, purpose__in=purposes)
    found = found if assets is None else found.filter(asset__in=assets)
    return found.order_by("not_after", "pk")


def requests_resting_on(
    actor: Actor, purposes: Collection[Any], assets: Collection[Any] | None = None
) -> QuerySet[Request]:
    """Open requests for one of the purposes, about one of the assets where these are named; oldest first."""
    found = requests_visible_to(actor).filter(state__in=OPEN_REQUEST, revision__purpose__in=purposes)
    found = found if assets is None else found.filter(revision__items__asset__in=assets).distinct()
    return found.order_by("pk")


def access_for_purpose(purpose_uid: UUID) -> Iterator[Affected]:
    """Every live grant and open request for the purpose, whoever looks. Two queries."""
    yield from _affected(
        Grant.objects.filter(state__in=LIVE_GRANT, purpose__uid=purpose_uid),
        Request.objects.filter(state__in=OPEN_REQUEST, revision__purpose__uid=purpose_uid),
    )


def made_for_purpose(purpose_uid: UUID) -> Iterator[Affected]:
    """Every version made from data that were ever granted for the purpose. One query."""
    yield from made_under(Grant.objects.filter(purpose__uid=purpose_uid))


def made_under(grants: QuerySet[Grant]) -> Iterator[Affected]:
    """Every version made from those that one of the grants opens: its own, and later ones that it follows."""
    of_asset = grants.order_by().filter(asset=OuterRef("asset"))
    follows = Q(mode=GrantMode.FOLLOWING, version__number__lte=OuterRef("number"))
    opened = of_asset.filter(Q(version=OuterRef("pk")) | follows)
    yield from derived_from(AssetVersion.objects.filter(Exists(opened)))


def access_of_person(person_uid: UUID) -> Iterator[Affected]:
    """Every live grant and open request of the person and the programs they answer for. Two queries.

    What a project holds goes on without them.
    """
    requests = Request.objects.filter(state__in=OPEN_REQUEST)
    asked, received = Q(requester__uid=person_uid), Q(revision__person__uid=person_uid)
    yield from _affected(
        Grant.objects.filter(state__in=LIVE_GRANT, person__uid=person_uid, project__isnull=True),
        requests.filter(asked | received),
    )


def access_to_asset(asset_uid: UUID) -> Iterator[Affected]:
    """Every live grant on the asset and open request about it, of whichever version. Two queries."""
    about = Request.objects.filter(state__in=OPEN_REQUEST, revision__items__asset__uid=asset_uid)
    yield from _affected(Grant.objects.filter(state__in=LIVE_GRANT, asset__uid=asset_uid), about.distinct())


def deciders_for_project(project_uid: UUID) -> Iterator[Affected]:
    """Who answered, or in whose name somebody did, on what the project holds or has asked for. One query."""
    live = Exists(Grant.objects.filter(decision=OuterRef("decision"), state__in=LIVE_GRANT))
    asked = Verdict.objects.filter(revision__project__uid=project_uid)
    counting = asked.filter(live | Q(revision__request__state__in=OPEN_REQUEST))
    answered = Q(pk__in=counting.values("person")) | Q(pk__in=counting.values("on_behalf_of"))
    for uid, row_version in Person.objects.filter(answered).values_list("uid", "row_version"):
        yield Affected(kind="person", uid=uid, row_version=row_version)


def the_grant(grant_uid: UUID) -> Iterator[Affected]:
    """The grant itself, while it is live, and what was granted to carry it on. One query."""
    carrying_on = Q(state=GrantState.SCHEDULED, revision__request__extends__uid=grant_uid)
    reached = Grant.objects.filter(Q(uid=grant_uid) | carrying_on, state__in=LIVE_GRANT)
    yield from _affected(reached, Request.objects.none())


def _affected(grants: QuerySet[Grant], requests: QuerySet[Request]) -> Iterator[Affected]:
    for kind, rows in (("grant", grants), ("request", requests)):
        for uid, row_version in rows.order_by().values_list("uid", "row_version"):
            yield Affected(kind=kind, uid=uid, row_version=row_version)

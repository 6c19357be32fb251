"""Pages ask the database as often for many rows as for few, and not often."""

from __future__ import annotations

import pytest

from apps.accounts.roles import Role
from tests.console.conftest import Browse
from tests.factories import accounts, catalog, notifications, reviews, tickets
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.flatness import assert_flat

BUDGET = 15
JUDGING = ("release", "release that is not possible")
JUDGING_BUDGET = 30
"""Statements of a page: those of a release ask of all that a model learned from what a request is asked, six
for each purpose, however many data these are."""
ON_CALL = "/people/?role=on_call"


def budget_of(page: str) -> int:
    return JUDGING_BUDGET if page in JUDGING else BUDGET


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("scientist", "/catalog/"),
        ("scientist", "/requests/"),
        ("owner", "/inbox/"),
        ("scientist", "/my-access/"),
        ("owner", "/reviews/"),
        ("officer", "/campaigns/"),
        ("administrator", ON_CALL),
        ("administrator", "/service-accounts/"),
        ("administrator", "/teams/"),
        ("administrator", "/domains/"),
        ("scientist", "/notifications/"),
        ("administrator", "/webhooks/"),
        ("administrator", "/ticket-systems/"),
    ],
)
def test_a_list_is_flat_in_its_rows(world: AccessWorld, browse: Browse, who: str, path: str) -> None:
    client = browse(who)
    client.get(path)

    def make() -> object:
        if path == "/catalog/":
            return catalog.published_asset(world.domain)
        if path == "/my-access/":
            return granted(world)
        if path == "/reviews/":
            grant = granted(world)
            return reviews.review_of(grant, reviews.opened(world["officer"], world.organization))
        if path == "/campaigns/":
            return reviews.drafted(world["officer"], world.organization)
        if path == ON_CALL:
            return accounts.player(world.organization, Role.ON_CALL)
        if path == "/service-accounts/":
            return accounts.service_account(world.players["scientist"].person)
        if path == "/teams/":
            return accounts.team(world.organization)
        if path == "/notifications/":
            return notifications.notice(world.players["scientist"].account)
        if path == "/webhooks/":
            return notifications.webhook(world.organization)
        if path == "/ticket-systems/":
            return tickets.system(world.organization)
        if path == "/domains/":
            return accounts.domain(world.organization)
        return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))

    def fetch() -> int:
        return client.get(path).text.count('<th role="rowheader"')

    assert_flat(make, fetch, budget=BUDGET)


def test_a_long_list_is_walked_page_by_page_without_gap_or_repetition(
    world: AccessWorld, browse: Browse
) -> None:
    names = {f"Long {number:03d}" for number in range(45)}
    for name in names:
        catalog.published_asset(world.domain, name=name)
    client, path, seen = browse("scientist"), "/catalog/?q=Long", []
    while path:
        context = client.get(path).context
        seen += [hit.asset.name for hit in context["hits"]]
        following = context["page"].next
        path = f"/catalog/?{following}" if following else ""
    assert seen == sorted(names)

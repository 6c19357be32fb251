"""No list asks the database more often because it is longer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access.commands import satisfy_condition
from apps.accounts.commands import (
    add_account,
    create_service_account,
    declare_conflict,
    give_domain_permission,
)
from apps.accounts.models import ConflictKind
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import InputDraft
from apps.catalog.models import Asset, AssetKind
from apps.catalog.models.version import InputRole
from apps.kernel.actor import SYSTEM
from apps.policy.conditions import ConditionKind
from tests.api import asking
from tests.api.caller import Caller
from tests.api.long_lists import LONG_LISTS
from tests.api.test_matrix import addresses
from tests.factories import accounts, catalog, notifications, tickets
from tests.factories.access import bound
from tests.factories.accounts import World
from tests.flatness import BUDGET, assert_flat

Maker = Callable[[], object]
Case = Callable[[World], tuple[str, dict[str, object], Maker]]


def _simple(path: str, maker: Callable[[World], object]) -> Case:
    return lambda world: (path, {}, lambda: maker(world))


def domain_with_teams(world: World) -> object:
    team = accounts.team(world.organization)
    return accounts.domain(world.organization, audience_team_ids=[team.uid])


def service_account(world: World) -> object:
    name = f"robot-{next(accounts._numbers)}"
    person = accounts.person(world.organization)
    return create_service_account(actor=SYSTEM, person_id=person.uid, username=name, description="x")


def model_or_dataset(world: World) -> object:
    kind = "model" if next(accounts._numbers) % 2 else "dataset"
    return catalog.published_asset(world.domain, AssetKind(kind))


def person_accounts(world: World) -> tuple[str, dict[str, object], Maker]:
    person = accounts.person(world.organization)

    def make() -> object:
        name = f"account-{next(accounts._numbers)}"
        return add_account(actor=SYSTEM, person_id=person.uid, username=name)

    return f"people/{person.uid}/accounts", {}, make


def team_members(world: World) -> tuple[str, dict[str, object], Maker]:
    team = accounts.team(world.organization)

    def make() -> object:
        someone = accounts.player(world.organization)
        return accounts.commands.change_team_members(
            actor=SYSTEM, team_id=team.uid, add=[someone.account.uid]
        )

    return f"teams/{team.uid}/members", {}, make


def permissions(world: World) -> tuple[str, dict[str, object], Maker]:
    def make() -> object:
        for holder in (
            accounts.player(world.organization).account.uid,
            accounts.team(world.organization).uid,
        ):
            _give(world.domain.uid, holder)
        return None

    return "permissions", {"domain": world.domain.uid}, make


def _give(domain_id: UUID, holder_id: UUID) -> None:
    give_domain_permission(
        actor=SYSTEM, domain_id=domain_id, permission=ObjectPermission.VIEW, holder_id=holder_id
    )


def versions(world: World) -> tuple[str, dict[str, object], Maker]:
    asset, source = catalog.published_asset(world.domain), catalog.published_asset(world.domain)

    def make() -> object:
        used = catalog.version(source)
        return catalog.version(
            Asset.objects.get(pk=asset.pk),
            inputs=[InputDraft(version_id=used.uid, role=InputRole.SOURCE)],
        )

    return f"assets/{asset.uid}/versions", {}, make


def columns(world: World) -> tuple[str, dict[str, object], Maker]:
    asset = catalog.asset(world.domain)
    names: list[str] = []

    def make() -> object:
        names.append(f"column {len(names)}")
        return catalog.version(asset, columns=names)

    return f"assets/{asset.uid}/columns", {}, make


def locations(world: World) -> tuple[str, dict[str, object], Maker]:
    lake = catalog.lake(world.domain)
    return "storage-locations", {}, lambda: catalog.location(catalog.published_asset(world.domain), lake)


def events(world: World) -> tuple[str, dict[str, object], Maker]:
    steward = Caller(world[Role.STEWARD].token)

    def make() -> object:
        name = f"Asset {next(accounts._numbers)}"
        return steward.post("assets", {"domain_id": str(world.domain.uid), "kind": "dataset", "name": name})

    return "audit/events", {}, make


def delegation(world: World) -> object:
    two = [accounts.player(world.organization, Role.COMPLIANCE_OFFICER) for _ in range(2)]
    return accounts.delegation(*two)


def conflict(world: World) -> object:
    return declare_conflict(
        actor=SYSTEM,
        person_id=accounts.person(world.organization).uid,
        kind=ConflictKind.DOMAIN,
        target_id=world.domain.uid,
    )


def project_members(world: World) -> tuple[str, dict[str, object], Maker]:
    project = accounts.project(world, accounts.person(world.organization))

    def make() -> object:
        return accounts.join(project, accounts.player(world.organization).account)

    return f"projects/{project.uid}/members", {}, make


def deliveries(world: World) -> tuple[str, dict[str, object], Maker]:
    hook = notifications.webhook(world.organization)
    return "webhook-deliveries", {}, lambda: notifications.delivery(hook)


def ticket_checks(world: World) -> tuple[str, dict[str, object], Maker]:
    request = asking.waiting(world)
    return f"access-requests/{request.uid}/ticket-checks", {}, lambda: tickets.asked_about(request)


def conditions_of(of: str) -> Case:
    def case(world: World) -> tuple[str, dict[str, object], Maker]:
        grant, numbers = asking.granted(world), itertools.count()
        about = grant if of == "grants" else grant.revision.request
        return f"{of}/{about.uid}/conditions", {}, lambda: bound(grant, code=f"SET-{next(numbers)}")

    return case


def confirmations(world: World) -> tuple[str, dict[str, object], Maker]:
    condition = bound(asking.granted(world))
    shown = {"condition_id": condition.uid, "evidence": "Filed."}
    return (
        f"conditions/{condition.uid}/confirmations",
        {},
        lambda: satisfy_condition(actor=world[Role.COMPLIANCE_OFFICER].actor, **shown),
    )


CASES: dict[str, Case] = {
    **LONG_LISTS,
    "delegations-list": _simple("delegations", delegation),
    "conflicts-list": _simple("conflicts", conflict),
    "projects-list": _simple(
        "projects", lambda world: accounts.project(world, accounts.person(world.organization))
    ),
    "project-members-list": project_members,
    "domains-list": _simple("domains", domain_with_teams),
    "people-list": _simple("people", lambda world: accounts.person(world.organization)),
    "person-accounts-list": person_accounts,
    "service-accounts-list": _simple("service-accounts", service_account),
    "teams-list": _simple("teams", lambda world: accounts.team(world.organization)),
    "team-members-list": team_members,
    "role-assignments-list": _simple(
        "role-assignments",
        lambda world: accounts.player(world.organization, Role.STEWARD, domain=world.domain),
    ),
    "workload-identities-list": _simple(
        "workload-identities",
        lambda world: accounts.workload(accounts.service_account(accounts.person(world.organization))),
    ),
    "tokens-list": _simple("tokens", lambda world: accounts.player(world.organization)),
    "permissions-list": permissions,
    "lakes-list": _simple("lakes", lambda world: catalog.lake(world.domain)),
    "assets-list": _simple("assets", model_or_dataset),
    "asset-versions-list": versions,
    "asset-columns-list": columns,
    "storage-locations-list": locations,
    "audit-events-list": events,
    "notifications-list": _simple(
        "notifications", lambda world: notifications.notice(world[Role.AUDITOR].account)
    ),
    "webhooks-list": _simple("webhooks", lambda world: notifications.webhook(world.organization)),
    "webhook-deliveries-list": deliveries,
    "ticket-systems-list": _simple("ticket-systems", lambda world: tickets.system(world.organization)),
    "access-request-ticket-checks-list": ticket_checks,
    "conditions-list": _simple("conditions", lambda world: asking.bound(world, ConditionKind.DURING)),
    "condition-confirmations-list": confirmations,
    "access-request-conditions-list": conditions_of("access-requests"),
    "grant-conditions-list": conditions_of("grants"),
    "break-glass-list": _simple("break-glass", asking.broken),
}
NEVER_LONG = {"organizations-list", "notification-preferences-list", "request-attachments-list"}
"""One sees one's own only; of preferences there is one a kind; ten files at most go with a request."""
SHIPPED = {"data-categories": "data-categories-list", "purpose-concepts": "purpose-concepts-list"}
"""Taxonomies come with the portal; nobody adds to them."""
CALLER = {
    "access-requests-inbox-list": Role.OWNER,
    "ladder-changes-list": Role.COMPLIANCE_OFFICER,
    "webhooks-list": Role.ADMINISTRATOR,
    "ticket-systems-list": Role.ADMINISTRATOR,
    "webhook-deliveries-list": Role.ADMINISTRATOR,
}
"""Who calls, where it is not the auditor."""


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_list_costs_the_same_however_long_it_is(name: str, place: World) -> None:
    path, query, make = CASES[name](place)
    caller = Caller(place[CALLER.get(name, Role.AUDITOR)].token)

    def fetch() -> int:
        answer = caller.get(path, **query)
        assert answer.status_code == 200, answer.content
        return len(answer.json()["results"])

    assert_flat(make, fetch)


@pytest.mark.parametrize("path", sorted(SHIPPED))
def test_a_taxonomy_costs_the_same_however_much_of_it_is_read(path: str, place: World) -> None:
    caller = Caller(place[Role.AUDITOR].token)

    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as found:
            assert len(caller.get(path, limit=limit).json()["results"]) == limit
        return len(found)

    queries(2)
    assert queries(2) == queries(40) <= BUDGET


def test_every_list_is_measured() -> None:
    lists = {
        str(pattern.name)
        for pattern in addresses()
        if getattr(pattern.callback, "actions", {}).get("get") == "list"
    }
    assert lists == set(CASES) | NEVER_LONG | set(SHIPPED.values())

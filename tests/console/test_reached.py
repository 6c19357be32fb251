"""What an act would reach is listed before it is done, as far as the reader may see it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.commands import LEAVING
from apps.accounts.models import Audience
from apps.accounts.roles import Role
from apps.console.reached import reached_by
from apps.kernel.contributions import impact_of
from tests.console.conftest import Browse
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.policies import HOUSE_RULES, policy_in_review
from tests.factories.reviews import used

BUDGET = 15
READING = HOUSE_RULES.replace("personal: true}", "actions_any: read}", 1)


@pytest.fixture(name="pages")
def _pages(world: AccessWorld) -> dict[str, tuple[str, str]]:
    """Who acts, and where: on the harmless asset, on which a grant with a key, a request and a model rest."""
    grant = granted(world)
    used(grant)
    asked(world["scientist"], draft(world.harmless, world.purposes["rock"], actions=["export"]))
    things.made_from(world.domain, world.harmless.version, name="Rock model")
    apart = people.domain(people.organization(), Audience.TEAMS)
    things.made_from(apart, world.harmless.version, name="Secret model")
    rules = policy_in_review(
        world["officer"], HOUSE_RULES.replace("personal: true}", "actions_any: read}", 1)
    )
    leaver = world.players["scientist"].person.uid
    return {
        "classify": ("steward", f"/classify/{world.harmless.version.uid}/"),
        "withdraw": ("officer", f"/records/purposes/{world.purposes['rock'].uid}/withdraw/"),
        "publish": ("second_officer", f"/rulebook/{rules.uid}/publish/"),
        "revoke": ("owner", f"/my-access/{grant.uid}/"),
        "off-board": ("administrator", f"/people/{leaver}/off-board/"),
    }


LISTED = {
    "classify": {"grant": (1, 1), "request": (1, 0), "lease": (1, 1), "version": (2, 1)},
    "withdraw": {"grant": (1, 1), "request": (1, 1), "lease": (1, 1), "version": (2, 1)},
    "publish": {"grant": (1, 1), "lease": (1, 1), "version": (2, 1)},
    "revoke": {"grant": (1, 1), "lease": (1, 1)},
    "off-board": {"grant": (1, 1), "request": (1, 1), "lease": (1, 1)},
}
"""How many there are, and how many are listed: a steward sees no requests, nobody the model elsewhere."""


@pytest.mark.parametrize("act", sorted(LISTED))
def test_what_would_be_reached_is_listed(
    world: AccessWorld, browse: Browse, pages: dict[str, tuple[str, str]], act: str
) -> None:
    who, path = pages[act]
    client = browse(who)
    client.get(path)  # what is read once in a process, such as the text of a rulebook
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path)
    groups = {group.kind: group for group in page.context["reached"].groups}
    assert len(queries) <= BUDGET
    groups = page.context["reached"].groups
    assert {group.kind: (group.number, len(group.rows)) for group in groups} == LISTED[act]
    for group in groups:
        assert all(str(row.page) in page.text for row in group.rows if row.page)
    assert "Secret model" not in page.text and ("Rock model" in page.text) == ("version" in LISTED[act])


def test_who_answers_for_somebody_is_told_of_all_access_and_not_of_hidden_data(world: AccessWorld) -> None:
    used(granted(world))
    elsewhere = people.player(people.organization(), Role.ADMINISTRATOR).actor
    impact = impact_of(LEAVING, world.players["scientist"].person.uid)
    assert [group.rows for group in reached_by(impact, elsewhere).groups] == [(), ()]
    for reader, name in ((elsewhere, ""), (world["administrator"], world.harmless.asset.name)):
        (grant,), (lease,) = (group.rows for group in reached_by(impact, reader, is_theirs=True).groups)
        assert (grant.page, grant.name, lease.page, lease.name) == (None, name, None, name)

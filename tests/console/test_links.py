"""Every link of every page leads its reader somewhere: what would refuse them is not offered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

import pytest

from portal.embedded.postgres import Postgres
from tests.clones import name_in_use, point_django_at
from tests.conftest import Recorded
from tests.console.pages import Scene, scene
from tests.console.readers import ALSO, Look, Sessions, everybody, looks_at, rails_counted_once
from tests.factories.access import world as make_world

LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
FOUND = frozenset({200, 302, 303})


@pytest.fixture(scope="module")
def house(
    recorded_in: Recorded[Scene], postgres: Postgres, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Scene]:
    name, made = recorded_in("links", lambda: scene(make_world()))
    before = name_in_use()
    with django_db_blocker.unblock(), rails_counted_once():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture(scope="module")
def looks(house: Scene, is_long: bool) -> list[Look]:
    """Each page once by each of its readers; with --long by everybody."""
    return [each for each in looks_at(house, everybody(house) if is_long else ALSO) if each.status == 200]


def links_of(looks: Sequence[Look]) -> dict[tuple[str, str], str]:
    """(who, address) and a page that it stands on."""
    return {(each.who, unescape(link)): each.name for each in looks for link in LINK.findall(each.page)}


def test_no_link_leads_its_reader_to_a_refusal(house: Scene, looks: list[Look]) -> None:
    sessions, faults, links = Sessions(house), [], links_of(looks)
    for (who, path), page in links.items():
        status = sessions[who].get(path).status_code
        faults += [(who, page, path, status)] if status not in FOUND else []
    assert faults == []
    assert len(links) > 300, "A control: pages have links."


def test_control_a_link_to_what_is_hidden_is_found(house: Scene, looks: list[Look]) -> None:
    links = {path for _who, path in links_of(looks)}
    scientist = Sessions(house)["scientist"]
    assert {scientist.get(path).status_code for path in links if path.startswith("/trail/")} >= {403}

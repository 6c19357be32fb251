"""Two servers: the house of the factories for pages and states, the whole portal for real keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from playwright.sync_api import Browser, BrowserContext, Page

from portal.embedded.postgres import Postgres
from tests.browser import chromium
from tests.browser.figures import Figures, Pictures
from tests.browser.house import House, empty_organization, served
from tests.clones import name_in_use, point_django_at
from tests.console.pages import Scene, scene
from tests.factories.access import world as make_world
from tests.factories.accounts import Player
from tests.platform.portal_process import Portal, new_state, running_portal
from tests.throwaway import TEMPLATE

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def recorded(
    django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: pytest.FixtureRequest
) -> tuple[str, Scene, dict[str, Player]]:
    """The name of a database of its own, and what is in it. Tests leave as it is what others look at."""
    name = f"test_{worker_id}_browser"
    postgres.clone(TEMPLATE, name)
    before = name_in_use()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        with transaction.atomic():
            full, empty = scene(make_world()), empty_organization()
            connection.run_on_commit.clear()  # no worker listens: what is due stays due
        point_django_at(postgres, before)
    return name, full, empty


@pytest.fixture(scope="module")
def house(
    recorded: tuple[str, Scene, dict[str, Player]],
    postgres: Postgres,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[House]:
    name, full, empty = recorded
    before = name_in_use()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        with served(full, empty) as house:
            yield house
        point_django_at(postgres, before)


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Visit]:
    """A page of the house, or of another one on its server, for the player of this name."""
    contexts: list[BrowserContext] = []

    def opened(who: str, *, of: House = house, **options: object) -> Page:
        contexts.append(of.context(browser, who, **options))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def portal() -> Iterator[Portal]:
    """As `up` starts it, with the demo and its lake. Tests that use it share one xdist group."""
    with new_state() as state, running_portal(state, demo=True) as running:
        yield running


@pytest.fixture(scope="session")
def is_writing(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--write-docs"))


@pytest.fixture(scope="session")
def figures(is_writing: bool) -> Iterator[Figures]:
    kept = Figures()
    yield kept
    if is_writing:
        kept.write()


@pytest.fixture(scope="session")
def pictures(is_writing: bool) -> Pictures:
    return Pictures(is_writing=is_writing)

"""A house of the factories, served from this process: quick, and in whatever state a test puts it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext

from apps.accounts.models import Account
from tests.browser.chromium import new_context
from tests.console.pages import Scene
from tests.factories import accounts
from tests.factories.access import PLAYERS, TOP_RANK, AccessWorld
from tests.factories.accounts import Player

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, eq=False)
class House:
    """`full` is what the scene holds; `empty` are people of an organization in which nothing was recorded."""

    url: str
    full: Scene
    empty: dict[str, Player]

    @property
    def world(self) -> AccessWorld:
        return self.full.world

    def client(self, who: str, *, is_empty: bool = False) -> Client:
        """Signed in, without a browser."""
        players = self.empty if is_empty else self.world.players
        return signed_in(players[who].account)

    def context(
        self, browser: Browser, who: str, *, is_empty: bool = False, **options: object
    ) -> BrowserContext:
        """A browser in which the player of this name has signed in."""
        session = self.client(who, is_empty=is_empty).cookies["sessionid"].value
        context = new_context(browser, base_url=self.url, **options)
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        return context


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="apps.accounts.backends.AccountBackend")
    proved_now(client, account)
    return client


def proved_now(client: Client, account: Account, method: str = "password") -> None:
    """As the sign-in form writes it down."""
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def empty_organization() -> dict[str, Player]:
    place = accounts.organization(name="Empty house")
    return {name: accounts.player(place, *roles, cleared_rank=TOP_RANK) for name, roles in PLAYERS.items()}


@contextlib.contextmanager
def served(full: Scene, empty: dict[str, Player]) -> Iterator[House]:
    server = ThreadedWSGIServer((HOST, 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield House(url=f"http://{HOST}:{server.server_address[1]}", full=full, empty=empty)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Who looks at which page in a sweep: the first who may see it, and whoever is shown other forms there."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client

from apps.console import navigation
from apps.kernel.actor import Actor
from tests.browser.house import signed_in
from tests.console.pages import Scene
from tests.factories.access import PLAYERS

SEE_MUCH = ("officer", "administrator", "scientist", "owner")
IN_TURN = (*SEE_MUCH, *(who for who in (*PLAYERS, "on_call") if who not in SEE_MUCH))
"""Who is asked first sees most pages, so that few are asked for in vain."""
ALSO: dict[str, tuple[str, ...]] = {
    "classify": ("steward",),
    "request": ("scientist",),
    "inbox": ("owner",),
    "decide": ("owner",),
    "grants": ("scientist",),
    "grant": ("scientist",),
    "condition": ("scientist",),
    "break glass": ("on_call",),
    "reviews": ("owner",),
    "step back": ("owner",),
    "person": ("administrator",),
    "project": ("administrator",),
    "organization": ("administrator",),
    "teams": ("administrator",),
    "team": ("administrator",),
    "domain": ("administrator",),
    "permissions": ("administrator",),
    "purpose in review": ("second_officer",),
    "activity in review": ("second_officer",),
    "lake": ("administrator",),
    "policy set, publish": ("administrator",),
    "ladder change": ("second_officer",),
}
"""By page, who is shown forms there that the first reader is not. `--long` finds out whom it forgets."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a player is answered for a page."""

    who: str
    name: str
    path: str
    status: int
    page: str


@dataclass(frozen=True)
class Sessions:
    """Browsers of the players of a scene, each signed in once; whatever an answer set in it is forgotten."""

    scene: Scene
    known: dict[str, tuple[Client, str]] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Client:
        if who not in self.known:
            client = signed_in(self.scene.world.players[who].account)
            self.known[who] = client, client.cookies[settings.SESSION_COOKIE_NAME].value
        client, session = self.known[who]
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session})
        return client


def looks_at(scene: Scene, also: Mapping[str, Collection[str]]) -> Iterator[Look]:
    """Each page, asked for by players in turn until one sees it, and by those who look at it also."""
    sessions = Sessions(scene)
    for name, path in scene.pages().items():
        is_seen = False
        for who in IN_TURN:
            if is_seen and who not in also.get(name, ()):
                continue
            answer = sessions[who].get(path)
            is_seen |= answer.status_code == 200
            yield Look(who=who, name=name, path=path, status=answer.status_code, page=answer.text)
        assert is_seen, f"Nobody sees {name}."


def of_readers(looks: Iterable[Look]) -> Iterator[Look]:
    """Among looks of everybody, those that a sweep takes without them."""
    seen: set[str] = set()
    for look in looks:
        if look.name not in seen or look.who in ALSO.get(look.name, ()):
            yield look
        if look.status == 200:
            seen.add(look.name)


def everybody(scene: Scene) -> Mapping[str, Collection[str]]:
    return dict.fromkeys(scene.pages(), IN_TURN)


@contextlib.contextmanager
def rails_counted_once() -> Iterator[None]:
    """Within it, how much waits for somebody is counted for their first page, and stands on all others.

    Counting is most of the work of a small page, and a sweep is not about it.
    """
    counted: dict[int | None, Counter[str]] = {}
    count = navigation._waiting

    def counted_once(actor: Actor) -> Counter[str]:
        if actor.account_id not in counted:
            counted[actor.account_id] = count(actor)
        return counted[actor.account_id]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(navigation, "_waiting", counted_once)
        yield

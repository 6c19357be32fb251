"""Keys of clouds that renew themselves: by whose clock, how often, and while nobody answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest
from lakewarden.answers import PortalUnreachable
from lakewarden.clouds import Renewing
from lakewarden.portal import Portal
from lakewarden.profile import Profile

from tests.lab.cloud import Answer, Asked, serving

HOUR = timedelta(hours=1)


@dataclass
class House:
    """A portal with one grant and a clock of its own; `seconds` is the clock of the machine that asks."""

    origin: str = ""
    clock_differs: timedelta = timedelta()
    life: timedelta = HOUR
    is_up: bool = True
    seconds: float = 0.0
    keys: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_differs

    def answer(self, asked: Asked) -> Answer:
        if not self.is_up:
            return 502, b"words of a proxy"
        if asked.method == "GET":
            rows = [{"id": "one", "not_after": (self.now() + 9 * HOUR).isoformat()}]
            return 200, json.dumps({"results": rows, "next": None}).encode()
        self.keys.append(f"key-{len(self.keys)}")
        told = {"parts": {"sas_token": self.keys[-1]}, "expires_at": (self.now() + self.life).isoformat()}
        return 201, json.dumps(told).encode()

    def renewing(self) -> Renewing:
        portal = Portal(Profile(url=self.origin, token="of a scientist"))
        return Renewing(portal, "asset", clock=lambda: self.seconds)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    made = House()
    monkeypatch.setattr(
        BaseHTTPRequestHandler, "date_time_string", lambda *_given: format_datetime(made.now(), usegmt=True)
    )
    with serving(made.answer) as made.origin:
        yield made


def held(renewing: Renewing) -> str:
    return renewing.key().parts["sas_token"]


@pytest.mark.parametrize("ahead", [timedelta(), 2 * HOUR, -2 * HOUR])
def test_a_key_is_kept_for_its_life_however_wrong_the_clock_of_the_machine_is(
    house: House, ahead: timedelta
) -> None:
    house.clock_differs = -ahead
    renewing = house.renewing()
    told = []
    for house.seconds in (0, 1, 3200, 3400, 6500):
        told.append(held(renewing))
    assert told == ["key-0", "key-0", "key-0", "key-1", "key-1"]
    assert len(house.keys) == 2


def test_while_a_key_lives_no_other_is_taken_within_half_a_minute(house: House) -> None:
    house.life = timedelta(seconds=32)
    renewing = house.renewing()
    told = []
    for house.seconds in (0, 24, 29, 31):
        told.append(held(renewing))
    assert told == ["key-0", "key-0", "key-0", "key-1"]


def test_where_the_portal_does_not_answer_the_last_key_is_given_until_it_ends(house: House) -> None:
    renewing = house.renewing()
    assert held(renewing) == "key-0"
    house.is_up, house.seconds = False, 3400
    assert held(renewing) == "key-0"
    house.is_up, house.seconds = True, 3420
    assert held(renewing) == "key-0"
    house.seconds = 3431
    assert held(renewing) == "key-1"
    house.is_up, house.seconds = False, 3431 + 3601
    with pytest.raises(PortalUnreachable):
        held(renewing)

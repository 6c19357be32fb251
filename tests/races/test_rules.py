"""Of rules published at once, each builds on what the one before has put in force.

The control lets nobody wait, and must see two published on one base.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from apps.access.commands import policy_sets
from apps.access.models import PolicySet
from apps.accounts.roles import Role
from apps.audit import command
from apps.kernel.errors import InvalidState
from tests.factories import accounts
from tests.factories.policies import HOUSE_RULES, policy_in_review, put_in_force
from tests.races.crowd import Crowd, crowd_of, names, unexpected

pytestmark = pytest.mark.races
MOMENT = 0.5
OTHER_RULES = HOUSE_RULES.replace("name: House rules", "name: Other rules")


@pytest.fixture
def pair(transactional_db: None) -> Iterator[Crowd]:
    with crowd_of(2) as two:
        yield two


def published(pair: Crowd, monkeypatch: pytest.MonkeyPatch) -> int:
    """Two sets that were replayed against the same rules: how many are published, when it is at once?"""
    place = accounts.organization()
    one, other = (accounts.player(place, Role.COMPLIANCE_OFFICER).actor for _ in range(2))
    sent = [(policy_in_review(one), other), (policy_in_review(other, OTHER_RULES), one)]
    _meet_between_reading_and_writing(monkeypatch)
    outcomes = pair.at_once([partial(put_in_force, reader, each) for each, reader in sent])
    assert unexpected(outcomes, InvalidState) == []
    done = PolicySet.objects.filter(organization=place, state="published").count()
    assert done == names(outcomes)["done"]
    return done


def _meet_between_reading_and_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows the rules in force waits a moment for the other, who comes where nothing keeps them."""
    both = threading.Barrier(2)
    replayed = policy_sets._replayed

    def slowly(*given: Any) -> Any:
        found = replayed(*given)
        with suppress(threading.BrokenBarrierError):
            both.wait(MOMENT)
        return found

    monkeypatch.setattr(policy_sets, "_replayed", slowly)


def test_of_two_policy_sets_on_one_base_one_is_published(
    pair: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert published(pair, monkeypatch) == 1


def test_control_without_the_queue_both_are(pair: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_wait_in", lambda _queue: None)
    assert published(pair, monkeypatch) == 2

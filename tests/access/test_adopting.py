"""A house adopts all rules of the law: it sees what that would have changed, and puts them in force once."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.access.models import Rulebook
from apps.access.queries.evaluation import current_rulebook
from apps.kernel.clock import database_now
from apps.policy.rulebook import LAWFUL_RULEBOOK
from portal.management.commands import adopt_law
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.law import first_rulebook
from tests.factories.records import people_known

NEWER = replace(LAWFUL_RULEBOOK, version="next")


def adopt(*given: str) -> str:
    told = StringIO()
    call_command("adopt_law", *given, stdout=told)
    return told.getvalue()


@pytest.fixture(autouse=True)
def before_the_law(world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The house decides by the first rulebook, and the law of its portal is one that it has not seen yet."""
    first_rulebook()
    monkeypatch.setattr(adopt_law, "LAWFUL_RULEBOOK", NEWER)


def test_the_replay_tells_what_would_have_waited_for_records(world: AccessWorld) -> None:
    people_known([world.players["scientist"].person], trained_on=None)
    granted(world)
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    (line,) = [line for line in adopt().splitlines() if line.startswith(world.organization.name)]
    assert line.endswith(": 2 requests, 1 now_blocked.")
    assert Rulebook.objects.filter(sha256=NEWER.sha256).count() == 0


def test_it_is_put_in_force_once(world: AccessWorld) -> None:
    assert NEWER.sha256 in adopt("--publish")
    now = database_now()
    assert current_rulebook(world.organization, at=now).sha256 == NEWER.sha256
    with pytest.raises(CommandError, match="already"):
        adopt("--publish")

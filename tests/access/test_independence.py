"""Independent, then informed: nobody reads what the first reviewer said before the second has."""

from __future__ import annotations

import pytest

from apps.access.commands import amend_request, approve_request, reject_request
from apps.access.models import Request
from apps.access.queries import detail_of, without_concealed
from apps.accounts.queries import trail_visible_to
from apps.kernel.actor import Actor
from apps.policy.route import KeepVerdicts
from tests.access.seats import lay_out, owners, personal
from tests.factories.access import AccessWorld, approved, draft, fresh, in_days, seen

SAID = "The basis holds for this year alone."
GIVEN, PLAIN = ("given", ""), ("approve", SAID)


def told(actor: Actor, request: Request) -> set[tuple[str | None, str]]:
    (stage,) = detail_of(actor.renewed(), fresh(request)).stages
    return {(slot.verdict, slot.reason) for slot in stage.slots if slot.verdict}


def in_trail(actor: Actor, request: Request, name: str = "access.request.decided") -> int:
    events = without_concealed(actor.renewed(), trail_visible_to(actor.renewed()))
    return events.filter(name=name, subject_uid=request.uid).count()


def test_the_first_verdict_is_kept_until_the_second_is_on_record(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(is_independent=True, count=3))
    request = personal(world)
    approve_request(actor=world["owner"], reason=SAID, **seen(request))
    for who in ("second_owner", "officer", "scientist", "auditor"):
        assert told(world[who], request) == {GIVEN}
    assert told(world["owner"], request) == {PLAIN}
    assert [in_trail(world[who], request) for who in ("officer", "auditor")] == [0, 1]
    detail = detail_of(world["second_owner"], fresh(request))
    assert detail.may_decide and world.players["owner"].person.uid in detail.people_named
    approve_request(actor=world["second_owner"], reason="As last year.", **seen(request))
    assert told(world["second_owner"], request) == {PLAIN, ("approve", "As last year.")}
    assert told(world["owner_and_officer"], request) == {GIVEN}
    approved(request, world["owner_and_officer"])
    assert PLAIN in told(world["scientist"], request)
    assert in_trail(world["officer"], request) == 3


def test_a_verdict_that_counts_further_is_told_no_more_than_it_was(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = KeepVerdicts.UNCHANGED_FACTS
    lay_out(monkeypatch, owners(is_independent=True, count=2, keep_verdicts=word))
    request = personal(world)
    approve_request(actor=world["owner"], reason=SAID, **seen(request))
    shorter = draft(world.personal, world.purposes["pay"], ends_on=in_days(7))
    amend_request(actor=world["scientist"], request_id=request.uid, draft=shorter)
    assert told(world["second_owner"], request) == {GIVEN}
    carried = "access.request.carried"
    assert [in_trail(world[who], request, carried) for who in ("officer", "auditor")] == [0, 1]
    approved(request, world["second_owner"])
    assert in_trail(world["officer"], request, carried) == 1


def test_what_ends_a_request_is_told_to_all(world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(monkeypatch, owners(is_independent=True, count=2))
    request = personal(world)
    reject_request(actor=world["owner"], reason=SAID, **seen(request))
    assert told(world["scientist"], request) == {("reject", SAID)}
    assert in_trail(world["officer"], request) == 1


@pytest.mark.parametrize("terms", [{"count": 2}, {"is_independent": True}])
def test_other_stages_hide_nothing(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch, terms: dict[str, int | bool]
) -> None:
    """The control: of four eyes that are not independent the second pair reads what the first saw."""
    lay_out(monkeypatch, owners(**terms))
    request = personal(world)
    approve_request(actor=world["owner"], reason=SAID, **seen(request))
    assert told(world["second_owner"], request) == {PLAIN}
    assert in_trail(world["officer"], request) == 1

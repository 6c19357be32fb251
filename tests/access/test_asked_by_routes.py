"""Model risk reviewers, security officers and legal counsel: asked by routes, and only by them."""

from __future__ import annotations

import pytest

from apps.access.commands import (
    approve_request,
    ask_requester,
    comment_request,
    keep_request_going,
    reevaluate_request,
)
from apps.access.models import Request
from apps.access.queries import detail_of, inbox_of
from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import NotFound
from apps.policy.route import stage_for
from tests.access.refusals import refused
from tests.access.seats import lay_out, personal
from tests.factories import accounts as people
from tests.factories import classification
from tests.factories.access import AccessWorld, about_people, fresh, seen

IN_TURN = (Role.MODEL_RISK, Role.CISO, Role.LEGAL)


def sees(player: people.Player, request: Request) -> bool:
    return Request.objects.visible_to(player.actor).filter(pk=request.pk).exists()


def test_a_stage_of_theirs_waits_for_them_and_is_decided_by_them(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(IN_TURN) == ASKED_BY_ROUTES
    lay_out(monkeypatch, *(stage_for(role.value) for role in IN_TURN))
    request = personal(world)
    assert request.is_unroutable
    reviewers = {role: people.player(world.organization, role) for role in IN_TURN}
    elsewhere = people.player(people.organization(), Role.CISO)
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert not fresh(request).is_unroutable
    for role, reviewer in reviewers.items():
        assert detail_of(reviewer.actor, fresh(request)).may_decide, role
        assert list(inbox_of(reviewer.actor)) == [request]
        ask_requester(actor=reviewer.actor, request_id=request.uid, text="What becomes of it?")
        comment_request(
            actor=reviewer.actor, request_id=request.uid, text="It is small.", audience="deciders"
        )
        approve_request(actor=reviewer.actor, **seen(request))
    assert fresh(request).state == "approved"
    assert all(sees(reviewer, request) for reviewer in reviewers.values()) and not sees(elsewhere, request)


def test_whom_an_evaluation_that_is_over_asked_no_longer_sees_it(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, stage_for(Role.LEGAL.value))
    request = personal(world)
    lawyer, owner = people.player(world.organization, Role.LEGAL), world.players["owner"]
    assert sees(lawyer, request)
    monkeypatch.undo()
    classification.classified(world.personal.version, world["steward"], about_people("name", "restricted"))
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "in_review" and sees(owner, request)
    assert not sees(lawyer, request)


def test_what_no_route_asks_of_them_they_do_not_see(world: AccessWorld) -> None:
    request = personal(world)
    for role in IN_TURN:
        reviewer = people.player(world.organization, role)
        assert not sees(reviewer, request) and not inbox_of(reviewer.actor).exists()
        with refused(NotFound):
            approve_request(actor=reviewer.actor, **seen(request))

"""Asking through REST: for how long, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from tests.api import asking
from tests.api.conftest import As
from tests.api.test_classification import reasons
from tests.factories.accounts import World


def test_longer_than_is_given_is_refused_with_the_last_day_or_accepted_shorter(as_: As, place: World) -> None:
    scientist = as_(Role.SCIENTIST)
    ends_on = (database_now().date() + timedelta(days=600)).isoformat()
    body = {**asking.offer(place).body("export"), "ends_on": ends_on, "submit": True}
    answer = scientist.post("access-requests", body)
    assert (answer.status_code, reasons(answer)) == (422, [("LONGER_THAN_GIVEN", "ends_on")])
    sent = scientist.post("access-requests", {**body, "accept_shorter": True})
    assert (sent.status_code, sent.json()["state"]) == (201, "in_review")

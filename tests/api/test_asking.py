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


def test_the_part_in_labeling_is_said_shown_and_goes_with_the_action(as_: As, place: World) -> None:
    scientist, body = as_(Role.SCIENTIST), asking.offer(place).body("read", "label")

    def shown(uid: str) -> str:
        return str(scientist.get(f"access-requests/{uid}").json()["labeling_part"])

    def change(uid: str, given: dict[str, object]) -> int:
        path = f"access-requests/{uid}"
        return scientist.patch(path, given, If_Match=scientist.get(path).headers["ETag"]).status_code

    plain = scientist.post("access-requests", body).json()["id"]
    assert shown(plain) == "annotator"
    uid = scientist.post("access-requests", {**body, "labeling_part": "reviewer"}).json()["id"]
    assert shown(uid) == "reviewer"
    assert change(uid, {"justification": "Else."}) == 200
    assert shown(uid) == "reviewer"
    assert change(uid, {"actions": ["read"]}) == 200
    assert shown(uid) == ""
    wrong = scientist.post("access-requests", {**body, "labeling_part": "boss"})
    assert (wrong.status_code, reasons(wrong)[0][1]) == (400, "labeling_part")
    alone = scientist.post("access-requests", {**body, "actions": ["read"], "labeling_part": "reviewer"})
    assert (alone.status_code, reasons(alone)) == (400, [("LABELING_PART_WITHOUT_LABELING", "labeling_part")])

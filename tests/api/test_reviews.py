"""Campaigns and reviews through the API: in lists, one by one, and refused where the list has changed."""

from __future__ import annotations

from apps.access.models import Grant
from apps.accounts.roles import Role
from apps.reviews.models import ReviewItem
from tests.api import asking
from tests.api.caller import Caller
from tests.factories.access import in_days
from tests.factories.accounts import World
from tests.factories.reviews import opened


def test_a_campaign_is_drafted_previewed_changed_and_opened(place: World) -> None:
    grant, officer = asking.granted(place), Caller(place[Role.COMPLIANCE_OFFICER].token)
    body = {
        "organization_id": str(place.organization.uid),
        "name": "Spring review",
        "due_on": in_days(14).isoformat(),
        "no_answer_by_class": [{"sensitivity_class_code": "internal", "then": "keep"}],
    }
    preview = officer.post("campaigns/preview", body).json()
    assert (preview["grants"], preview["without_reviewer"]) == (1, 0)
    made = officer.post("campaigns", body)
    campaign = made.json()
    assert campaign["no_answer_by_class"] == body["no_answer_by_class"]
    path = f"campaigns/{campaign['id']}"
    changed = officer.patch(path, {"name": "Summer review"}, If_Match=made.headers["ETag"])
    assert (changed.json()["name"], changed.json()["due_at"]) == ("Summer review", campaign["due_at"])
    assert officer.post(f"{path}/open").json()["state"] == "open"
    read = officer.get(path).json()
    assert (read["reviews"], read["open"], read["kept"]) == (1, 1, 0)
    [item] = officer.get("review-items", campaign=campaign["id"]).json()["results"]
    assert (item["grant_id"], item["role"], item["on_no_answer"]) == (str(grant.uid), "data_owner", "suspend")


def test_a_list_is_answered_as_it_was_shown_and_412_after_a_change(place: World) -> None:
    asking.granted(place), asking.granted(place)
    opened(place[Role.COMPLIANCE_OFFICER].actor, place.organization)
    owner = Caller(place[Role.OWNER].token)
    ids = [item["id"] for item in owner.get("review-items", waiting="true").json()["results"]]
    shown = owner.post("review-items/evidence", {"ids": ids}).json()
    assert [review["leases"] for review in shown["reviews"]] == [0, 0]
    answers = [
        {"id": ids[0], "answer": "keep"},
        {"id": ids[1], "answer": "remove", "reason": "The study has ended."},
    ]
    done = owner.post("review-items/answer", {"answers": answers, "digest": shown["digest"]})
    assert [outcome["is_done"] for outcome in done.json()["outcomes"]] == [True, True]
    removed = ReviewItem.objects.get(uid=ids[1])
    assert Grant.objects.get(pk=removed.grant_id).state == "revoked"
    again = owner.post("review-items/answer", {"answers": answers, "digest": shown["digest"]})
    assert (again.status_code, again.json()["code"]) == (412, "REVIEW_LIST_CHANGED")
    assert owner.get("review-items", waiting="true").json()["results"] == []


def test_one_review_is_kept_with_a_reason_and_only_once(place: World) -> None:
    asking.granted(place)
    opened(place[Role.COMPLIANCE_OFFICER].actor, place.organization)
    item, owner = ReviewItem.objects.get(), Caller(place[Role.OWNER].token)
    path = f"review-items/{item.uid}"
    assert owner.post(f"{path}/remove", {}).status_code == 400
    kept = owner.post(f"{path}/keep", {"reason": "The study goes on."})
    assert (kept.status_code, kept.json()["state"]) == (200, "kept")
    late = owner.post(f"{path}/remove", {"reason": "After all."})
    assert (late.status_code, late.json()["code"]) == (409, "REVIEW_STATE")

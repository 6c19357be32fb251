"""Asking for a prepared view on its page, and the second person's word."""

from __future__ import annotations

from uuid import uuid4

from apps.preparing.models import PreparedView
from tests.console.conftest import Browse
from tests.factories import views
from tests.factories.access import AccessWorld


def test_a_view_is_asked_for_and_confirmed_by_another_person(world: AccessWorld, browse: Browse) -> None:
    source = views.lying(world.domain)
    form = {
        "key": str(uuid4()),
        "name": "Values alone",
        "rows": "id IS NOT NULL",
        "c1-step": "drop",
        "c2-step": "bins",
        "c2-number": "2.5",
    }
    answer = browse("owner").post(f"/versions/{source.uid}/view/", form)
    view = PreparedView.objects.get(source=source)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/views/{view.uid}/")
    assert view.recipe["columns"] == [
        {"column": "id", "step": "drop"},
        {"column": "value", "step": "bins", "width": "2.5"},
    ]
    page = f"/views/{view.uid}/"
    assert "Confirm: prepare it" not in browse("owner").get(page).text
    second = browse("second_owner")
    assert "Confirm: prepare it" in second.get(page).text
    assert second.post(page, {"do": "confirm"}).status_code == 302
    view.refresh_from_db()
    assert (view.state, view.confirmed_by) == ("queued", world.players["second_owner"].person)


def test_what_is_wrong_is_told_beside_the_column(world: AccessWorld, browse: Browse) -> None:
    source = views.lying(world.domain)
    form = {"key": str(uuid4()), "name": "Wrong", "rows": "id =", "c2-step": "bins", "c2-number": "ten"}
    answer = browse("owner").post(f"/versions/{source.uid}/view/", form)
    assert answer.status_code == 400
    assert 'href="#c2-step"' in answer.text
    assert "it is not said how wide a bin is" in answer.text
    assert "cannot be read from character" in answer.text
    assert not PreparedView.objects.exists()


def test_a_view_that_was_not_possible_says_why_and_is_tried_again(world: AccessWorld, browse: Browse) -> None:
    view = views.failed(views.asked_for(views.lying(world.domain), world["steward"]))
    owner, page = browse("owner"), f"/views/{view.uid}/"
    assert "No data lie at the place of the version." in owner.get(page).text
    assert owner.post(page, {"do": "retry"}).status_code == 302
    view.refresh_from_db()
    assert view.state == "queued"


def test_turning_down_takes_a_word(world: AccessWorld, browse: Browse) -> None:
    view = views.asked_for(views.lying(world.domain), world["steward"])
    owner, page = browse("owner"), f"/views/{view.uid}/"
    assert owner.post(page, {"do": "reject"}).status_code == 400
    assert owner.post(page, {"do": "reject", "comment": "Mask the value too."}).status_code == 302
    assert "Mask the value too." in owner.get(page).text

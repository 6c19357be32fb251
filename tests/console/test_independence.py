"""What is kept from a reviewer stands neither on a page nor in an answer of the API."""

from __future__ import annotations

import pytest

from apps.access.commands import approve_request
from tests.access.seats import lay_out, owners, personal
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, seen

SAID = "A canary reason of the first reviewer."


def test_neither_page_nor_api_tells_the_second_reviewer_what_the_first_said(
    world: AccessWorld, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(is_independent=True, count=2))
    request = personal(world)
    approve_request(actor=world["owner"], reason=SAID, **seen(request))
    paths = [f"/inbox/{request.uid}/", f"/requests/{request.uid}/", f"/api/v1/access-requests/{request.uid}"]
    for path in paths:
        kept, told = browse("second_owner").get(path), browse("owner").get(path)
        assert kept.status_code == told.status_code == 200
        assert SAID not in kept.text and SAID in told.text
    assert (
        "Answered; you read it once your own answer is on record" in browse("second_owner").get(paths[0]).text
    )

"""On paper stands what was read and decided, and nothing that is pressed."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.house import House

PRESSED = ".rail, .topbar, .action-bar, .button, .input, .breadcrumbs, .page-footer, .skip-link"


@pytest.mark.parametrize(
    ("who", "name", "stays"),
    [
        ("owner", "decide", "Policy, rule by rule"),
        ("scientist", "request", "Where it is"),
        ("officer", "purpose", "What rests on it"),
        ("steward", "asset", "Columns"),
    ],
)
def test_a_page_is_printed_without_its_controls(
    house: House, visit: Visit, who: str, name: str, stays: str
) -> None:
    page = visit(who)
    page.goto(house.full.pages()[name])
    controls = page.locator(PRESSED)
    assert controls.locator("visible=true").count() > 0, "A control: the screen shows them."
    page.emulate_media(media="print")
    assert controls.locator("visible=true").count() == 0
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_role("heading", name=stays).is_visible()

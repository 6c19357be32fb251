"""A control: what checks the focus on every way by keyboard turns red where it cannot be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import faults_of_focus
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.factories import access

SPOIL = """
(looks) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks);
  document.adoptedStyleSheets = [sheet];
}
"""
FAULTS = {
    "is covered by .action-bar": ".action-bar { position: fixed; inset: 0; }",
    "has no visible focus": ":focus-visible { outline: none !important; }",
    "is out of view": "main { transform: translateY(3000px); }",
}


@pytest.fixture
def deciding(house: House, visit: Visit) -> Page:
    """The decision page, with the focus on a link in its middle."""
    world = house.world
    waiting = access.asked(world["scientist"], access.draft(world.personal, world.purposes["pay"]))
    page = visit("owner")
    page.goto(f"/inbox/{waiting.uid}/")
    link = page.get_by_role("main").locator("a[href*='/catalog/']").first
    for _ in range(100):
        if link.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(link).to_be_focused()
    return page


@pytest.mark.parametrize("told", FAULTS)
def test_a_focus_that_cannot_be_seen_is_found(deciding: Page, told: str) -> None:
    assert faults_of_focus(deciding) == ""
    deciding.evaluate(SPOIL, FAULTS[told])
    assert told in faults_of_focus(deciding)

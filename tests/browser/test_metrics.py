"""What a decision, a page and a reader's line are charged; the rest is counted on the way of the main job."""

from __future__ import annotations

import functools
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Visit
from tests.browser.figures import DOCUMENT, Figures, missing_pictures
from tests.browser.house import House
from tests.browser.person import Mouse
from tests.console.readers import looks_at
from tests.console.test_queries import BUDGET, JUDGING, JUDGING_BUDGET
from tests.factories import access

HEAVIEST_PAGE = 150_000
MOST_KEYS = 3


@functools.cache
def pages_by_reader(house: House) -> dict[str, dict[str, str]]:
    """Every page once, by the first of the players who is shown it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for look in looks_at(house.full, {}):
        if look.status == 200:
            found[look.who][look.name] = look.path
    return found


def test_a_routine_decision_takes_few_keys(house: House, visit: Visit, figures: Figures) -> None:
    world = house.world
    access.asked(world["scientist"], access.draft(world.personal, world.purposes["pay"]))
    page = visit("owner")
    page.goto("/inbox/")
    first = page.get_by_role("main").get_by_role("rowheader").first
    ref = first.get_by_text("AR-").inner_text()
    hand = Mouse(page)
    hand.press("a")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text(ref)
    hand.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Your approval is on record.")
    expect(page.get_by_role("row").filter(has_text=ref)).to_have_count(0)
    figures.count(
        "Routine decision: keys", hand.effort.keys, at_most=MOST_KEYS, how="from the inbox: approve, confirm"
    )


def test_no_page_is_heavy(house: House, browser: Browser, figures: Figures) -> None:
    weights = {}
    for who, pages in pages_by_reader(house).items():
        context = house.context(browser, who)
        page = context.new_page()
        context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights |= {name: weight_of(page, path) for name, path in pages.items()}
        context.close()
    heaviest = max(weights, key=lambda name: weights[name])
    figures.count(
        "Heaviest page: all that it loads",
        weights[heaviest],
        at_most=HEAVIEST_PAGE,
        unit="bytes",
        how=f"a first visit to “{heaviest}”, of {len(weights)} pages",
    )


def weight_of(page: Page, path: str) -> int:
    loaded: list[Request] = []

    def hear(request: Request) -> None:
        loaded.append(request)

    page.on("requestfinished", hear)
    page.goto(path)
    page.remove_listener("requestfinished", hear)
    assert len(loaded) > 5
    return sum(request.sizes()["responseBodySize"] for request in loaded)


def test_pages_are_compressed_on_the_wire(house: House, visit: Visit) -> None:
    """A control of what is weighed: the bytes on the wire are fewer than those of the page."""
    page = visit("scientist")
    answer = page.goto("/design/")
    assert answer
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.request.sizes()["responseBodySize"] < len(answer.body()) / 3


def test_no_page_asks_the_database_often(house: House, figures: Figures) -> None:
    asked = {}
    for who, pages in pages_by_reader(house).items():
        client = house.client(who)
        client.get("/design/")  # what a process reads once is no part of a page
        for name, path in pages.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            asked[name] = len(queries)
    judging = {name: asked.pop(name) for name in JUDGING}
    dearest = max(asked, key=lambda name: asked[name])
    figures.count(
        "Database: queries of one page",
        asked[dearest],
        at_most=BUDGET,
        how=f"“{dearest}”, of {len(asked)} pages",
    )
    dearest = max(judging, key=lambda name: judging[name])
    figures.count(
        "Database: queries where a version is judged by all it learned from",
        judging[dearest],
        at_most=JUDGING_BUDGET,
        how=f"“{dearest}”, with one purpose",
    )


def test_the_documents_hold_the_figures_and_the_pictures(is_writing: bool) -> None:
    if is_writing:
        pytest.skip("They are being written.")
    assert DOCUMENT.read_text(encoding="utf-8").count("\n| ") >= 6
    assert missing_pictures() == []

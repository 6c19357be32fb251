"""The main job across its roles: found, asked, decided by two, used with the pasted code, revoked.

Against the whole portal and its demo lake, with a real key: by mouse, by keyboard alone, at 320 px, and with
JavaScript switched off.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from portal import env
from tests.browser import leftovers
from tests.browser.chromium import NARROW, Watch, new_context
from tests.browser.figures import Figures, Pictures
from tests.browser.person import Hand, Keyboard, Mouse
from tests.eventually import eventually
from tests.platform.portal_process import Portal

ASSET = "Employees and salaries"
PURPOSE = "Review whether pay is fair"
WHY = "Comparing salaries between departments for this year's review."
READ = """
first = listed["Contents"][0]
print("read", s3.get_object(Bucket=bucket, Key=first["Key"])["Body"].read()[:4])
"""
MOST_INTERACTIONS, MOST_TYPED, MOST_CLICKS_TO_READ = 6, 2, 2


@dataclass(frozen=True, kw_only=True)
class Way:
    """How somebody uses the portal."""

    name: str
    hand: Callable[[Page], Hand]
    is_narrow: bool = False
    has_scripts: bool = True


WAYS = (
    Way(name="by mouse", hand=Mouse),
    Way(name="by keyboard", hand=Keyboard),
    Way(name="by keyboard at 320 px", hand=Keyboard, is_narrow=True),
    Way(name="without JavaScript", hand=Mouse, has_scripts=False),
)


@dataclass
class Crew:
    """Opens one browser for each person and closes them all."""

    browser: Browser
    portal: Portal
    way: Way
    contexts: list[BrowserContext] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)
    hands: list[Hand] = field(default_factory=list)

    def sign_in(self, who: str) -> Hand:
        context = new_context(
            self.browser,
            base_url=f"http://127.0.0.1:{self.portal.port}",
            java_script_enabled=self.way.has_scripts,
        )
        self.contexts.append(context)
        if self.way.has_scripts:
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        if self.way.is_narrow:
            page.set_viewport_size(NARROW)
        self.watches[who] = Watch(page)
        page.goto("/accounts/login/")
        page.get_by_label("Username").fill(who)
        page.get_by_label("Password").fill((self.portal.state / "demo-password").read_text().strip())
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
        self.hands.append(self.way.hand(page))
        return self.hands[-1]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def crew(request: pytest.FixtureRequest, portal: Portal, browser: Browser) -> Iterator[Crew]:
    made = Crew(browser=browser, portal=portal, way=request.param)
    yield made
    made.close()


def test_from_finding_data_to_a_dead_key(crew: Crew, figures: Figures, pictures: Pictures) -> None:
    counts = crew.way.name == "by mouse"
    photo = pictures.take if counts else lambda *_given, **_options: None
    scientist = crew.sign_in("scientist")
    photo(scientist.page, "home")
    ref = find_and_ask(scientist, crew.way, photo)
    if counts:
        effort = scientist.effort
        how = "from the catalog to the tracker: search, open, ask, choose the purpose, send"
        figures.count("Find and ask: interactions", effort.interactions, at_most=MOST_INTERACTIONS, how=how)
        figures.count("Find and ask: fields typed into", effort.typed, at_most=MOST_TYPED, how=how)

    for who in ("owner", "officer"):
        decider = crew.sign_in(who)
        decide(decider, ref, photo if who == "owner" else lambda *_given, **_options: None)

    tracker = scientist.page.url
    scientist.page.reload()
    expect(main(scientist.page)).to_contain_text("Approved")
    follow(scientist, main(scientist.page).get_by_role("link", name="Use it"))
    before = scientist.effort.clicks
    code = take_key(scientist, crew.way, photo)
    if counts:
        clicks = scientist.effort.clicks - before
        how = "from the page of the grant to the code that reads: take a key, copy; then paste"
        figures.count("Approved to first read: clicks", clicks, at_most=MOST_CLICKS_TO_READ, how=how)
    assert "read b'" in run(code).stdout
    assert_key_is_kept_nowhere(scientist, crew, code)

    owner = crew.sign_in("owner")
    revoke(owner, tracker)
    eventually(lambda: is_refused(run(code)), within=30, every=1)

    assert [said for watch in crew.watches.values() for said in watch.complaints()] == []
    by_keyboard = [hand for hand in crew.hands if isinstance(hand, Keyboard)]
    assert list(dict.fromkeys(fault for hand in by_keyboard for fault in hand.faults)) == []
    assert all(hand.stops > 10 for hand in by_keyboard)


def find_and_ask(hand: Hand, way: Way, photo: Callable[..., None]) -> str:
    """The number of the request."""
    page = hand.page
    go_to(hand, "Catalog")
    photo(page, "catalog")
    hand.effort.start_anew()
    hand.type(main(page).get_by_role("searchbox"), "salar")
    page.keyboard.press("Enter")
    hand.effort.keys += 1
    expect(page).to_have_url(re.compile(r"\bq=salar"))
    follow(hand, main(page).get_by_role("link", name=ASSET))
    photo(page, "asset")
    expect(page.get_by_role("heading", name="What you need to use this")).to_be_visible()
    follow(hand, main(page).get_by_role("link", name="Ask for access", exact=True))
    hand.choose(main(page).get_by_label("Purpose", exact=True), PURPOSE)
    if way.has_scripts:
        expect(main(page)).to_contain_text("Access would last until")
    photo(page, "request-form")
    send(hand, main(page).get_by_role("button", name="Send request"))
    expect(main(page)).to_contain_text("The request was sent")
    photo(page, "tracker")
    said = re.search(r"AR-\d+", main(page).inner_text())
    assert said
    return said[0]


def decide(hand: Hand, ref: str, photo: Callable[..., None]) -> None:
    page = hand.page
    go_to(hand, "Inbox")
    photo(page, "inbox")
    follow(hand, row_of(page, ref).get_by_role("link").first)
    photo(page, "decision")
    photo(page, "decision-dark", theme="dark")
    photo(page, "decision-320", is_narrow=True)
    hand.type(main(page).get_by_label("Reason", exact=True), "Within the works agreement.")
    send(hand, main(page).get_by_role("button", name="Approve", exact=True))
    expect(main(page)).to_contain_text("Your approval is on record.")
    expect(row_of(page, ref)).to_have_count(0)


def take_key(hand: Hand, way: Way, photo: Callable[..., None]) -> str:
    """The code as it was copied, with a line that reads the first object."""
    page = hand.page
    send(hand, main(page).get_by_role("button", name="Take a key"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your key")
    shown = main(page).get_by_role("region", name="boto3")
    expect(shown).to_be_visible()
    if not way.has_scripts:
        expect(main(page).get_by_role("button", name="Copy")).to_have_count(0)
        code = shown.inner_text()
    else:
        hand.activate(main(page).get_by_role("button", name="Copy boto3"))
        expect(main(page)).to_contain_text("Copied")
        code = str(page.evaluate("navigator.clipboard.readText()"))
    place = re.search(r"s3://([^/\s]+)/", main(page).inner_text())
    assert place
    photo_without_secrets(page, photo)
    return f"{code}\nbucket = {place[1]!r}\n{READ}"


def assert_key_is_kept_nowhere(hand: Hand, crew: Crew, code: str) -> None:
    """Neither where the portal keeps things nor where the browser does, once the page is left."""
    pieces, page = leftovers.pieces_in(code), hand.page
    planted = crew.portal.state / "planted"
    planted.write_text(f"key={pieces[-1]}\n")
    assert leftovers.files_with(crew.portal.state, pieces) == ["planted"]
    planted.unlink()
    if not crew.way.has_scripts:
        return
    assert pieces[-1] in leftovers.kept_by(page)  # the page still shows it
    page.goto("/my-access/")
    kept = leftovers.kept_by(page)
    assert [piece for piece in pieces if piece in kept] == []


def revoke(hand: Hand, tracker: str) -> None:
    """From the request that the owner decided to the grant it made."""
    page = hand.page
    page.goto(tracker)
    follow(hand, main(page).locator("a[href^='/my-access/']"))
    ending = main(page).get_by_role("region", name="Revoke")
    hand.type(ending.get_by_label("Reason", exact=True), "The review is finished.")
    send(hand, ending.get_by_role("button", name="Revoke the grant"))
    expect(main(page)).to_contain_text("The grant was revoked")


def go_to(hand: Hand, entry: str) -> None:
    """By the navigation, which is a menu on narrow screens."""
    rail, menu = hand.page.locator("#rail"), hand.page.get_by_role("button", name="Menu", exact=True)
    if not rail.is_visible():
        hand.activate(menu)
        expect(rail).to_be_visible()
    follow(hand, rail.get_by_role("link", name=re.compile(rf"^\s*{entry}\b")))


def follow(hand: Hand, link: Locator) -> None:
    address = link.get_attribute("href") or ""
    hand.activate(link)
    expect(hand.page).to_have_url(re.compile(re.escape(address.split("?")[0])))
    expect(hand.page.get_by_role("heading", level=1)).to_be_visible()


def send(hand: Hand, button: Locator) -> None:
    with hand.page.expect_navigation():
        hand.activate(button)


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def row_of(page: Page, ref: str) -> Locator:
    return main(page).get_by_role("row").filter(has_text=ref)


def photo_without_secrets(page: Page, photo: Callable[..., None]) -> None:
    """The picture goes into the documents; a key does not, not even a dead one of the demo."""
    for code in page.locator("pre code").all():
        code.evaluate(
            "(one) => { one.textContent = one.textContent.replace(/(aws_\\w+=')[^']*'/g, \"$1…'\"); }"
        )
    photo(page, "key")


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Pasted into a Python of one's own, which knows nothing of the portal."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=env.ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def is_refused(finished: subprocess.CompletedProcess[str]) -> bool:
    return finished.returncode != 0 and bool(
        re.search(
            r"AccessDenied|InvalidAccessKeyId|InvalidToken|ExpiredToken|InvalidClientTokenId", finished.stderr
        )
    )

"""The browser of the distribution; none is ever downloaded."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser")
ABSENT = "No Chromium on this machine: install the package `chromium` (Debian: apt-get install chromium)."
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 720}
PATIENCE = 10_000.0
"""Milliseconds that Playwright waits for what should appear."""

TELL_OF_THE_POLICY = """
addEventListener("securitypolicyviolation", (event) => console.error(
  `Content-Security-Policy: ${event.violatedDirective} blocked ${event.blockedURI || "inline"}`));
"""


def executable() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(ABSENT, pytrace=False)
    return found


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Not for longer than a module: Playwright keeps an event loop in this thread, which Django remarks."""
    path = executable()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The loop is Playwright's own and no coroutine of ours waits in it, so the database may block.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=path,
            args=list(ARGUMENTS),
            # Going back shows people the page as they left it; Playwright would have it loaded anew.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


def new_context(browser: Browser, **options: object) -> BrowserContext:
    """Animations would be caught half way, so the reader prefers none."""
    given = {"reduced_motion": "reduce", "color_scheme": "light", "viewport": WIDE, **options}
    context = browser.new_context(**given)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL_OF_THE_POLICY)
    return context


class Watch:
    """What a page complains of: errors and warnings of the console, scripts that fail, the strict policy."""

    def __init__(self, page: Page) -> None:
        self._complaints: list[tuple[str, str]] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._complaints.append(("", f"script: {error}")))

    def _on_console(self, message: object) -> None:
        if message.type in {"error", "warning"}:
            self._complaints.append((message.location.get("url", ""), message.text))

    def complaints(self, *, refused: str = "") -> list[str]:
        """Since the last time. `refused`: the address whose own status of 4xx is meant."""
        said, self._complaints = self._complaints, []
        return [text for url, text in said if not _is_meant(url, text, refused)]


def _is_meant(url: str, text: str, refused: str) -> bool:
    """Who goes on while results are still on their way ends htmx's request; it calls that an error."""
    if "htmx:sendAbort" in text or "htmx:afterRequest" in text:
        return True
    return url == refused and text.startswith("Failed to load resource: the server responded")

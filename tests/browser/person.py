"""Somebody in front of the screen: how they act, and how much they have to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import faults_of_focus

MOST_TABS = 150


@dataclass
class Effort:
    """A click, a key that acts, a choice and a filled field are one interaction each."""

    clicks: int = 0
    keys: int = 0
    choices: int = 0
    typed: int = 0

    def start_anew(self) -> None:
        self.clicks = self.keys = self.choices = self.typed = 0

    @property
    def interactions(self) -> int:
        return self.clicks + self.keys + self.choices + self.typed


class Hand(Protocol):
    """A way to use a page."""

    page: Page
    effort: Effort

    def activate(self, target: Locator) -> None: ...

    def type(self, field: Locator, text: str) -> None: ...

    def choose(self, field: Locator, text: str) -> None: ...


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page, self.effort = page, Effort()

    def activate(self, target: Locator) -> None:
        target.click()
        self.effort.clicks += 1

    def type(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.effort.typed += 1

    def choose(self, field: Locator, text: str) -> None:
        field.select_option(label=text)
        self.effort.choices += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.effort.keys += 1


class Keyboard:
    """Tab, Enter and arrows; wherever the focus comes by, it must be seen and be covered by nothing."""

    def __init__(self, page: Page) -> None:
        self.page, self.effort = page, Effort()
        self.faults: list[str] = []
        self.stops = 0

    def activate(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")
        self.effort.keys += 1

    def type(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.insert_text(text)
        self.effort.typed += 1

    def choose(self, field: Locator, text: str) -> None:
        self.reach(field)
        wanted = field.locator("option", has_text=text).get_attribute("value")
        for _ in range(field.locator("option").count()):
            if field.input_value() == wanted:
                break
            self.page.keyboard.press("ArrowDown")
        expect(field).to_have_value(str(wanted))
        self.effort.choices += 1

    def reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.stops += 1
            if fault := faults_of_focus(self.page):
                self.faults.append(fault)
        raise AssertionError(f"{target} is not reached by {MOST_TABS} tabs on {self.page.url}.")

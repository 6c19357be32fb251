"""What is counted on the way, and the pictures taken; both are written to docs/ with `--write-docs` only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from portal import env
from tests.browser.chromium import NARROW, WIDE

DOCUMENT = env.ROOT / "docs" / "ux-metrics.md"
IMAGES = env.ROOT / "docs" / "images"
LARGEST_PICTURE = 150_000
FRAME = {"width": 1200, "height": 720}
"""Of a picture: a page at its widest layout, no larger than that needs."""
PICTURES = (
    "home",
    "catalog",
    "asset",
    "request-form",
    "tracker",
    "inbox",
    "decision",
    "key",
    "decision-dark",
    "decision-320",
)
HEADER = """\
# How much a job costs its people

Counted and written by the browser suite: `python3 manage.py test tests/browser --write-docs`. An ordinary
run counts the same and fails above a limit.

An interaction is a click, a key that acts, a choice in a list, or a field that was typed into. Page weights
are bytes on the wire of a first visit, nothing cached, as `up` sends them to a browser that takes gzip: pages
compressed, style sheets and scripts as they are. In production those are compressed as well.

| what | counted | at most | from where to where |
|---|---|---|---|
"""


@dataclass(frozen=True, kw_only=True)
class Figure:
    what: str
    counted: int
    at_most: int
    unit: str
    how: str

    def row(self) -> str:
        counted, most = (f"{number:,} {self.unit}".strip() for number in (self.counted, self.at_most))
        return f"| {self.what} | {counted} | {most} | {self.how} |\n"


class Figures:
    def __init__(self) -> None:
        self._kept: dict[str, Figure] = {}

    def count(self, what: str, counted: int, *, at_most: int, how: str = "", unit: str = "") -> None:
        """Keep the figure, and fail where it is above its limit."""
        self._kept[what] = Figure(what=what, counted=counted, at_most=at_most, unit=unit, how=how)
        assert counted <= at_most, f"{what}: {counted} {unit}, and at most {at_most} is allowed ({how})"

    def write(self) -> None:
        rows = [self._kept[what].row() for what in sorted(self._kept)]
        DOCUMENT.write_text(HEADER + "".join(rows), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Pictures:
    is_writing: bool

    def take(self, page: Page, name: str, *, theme: str = "light", is_narrow: bool = False) -> None:
        assert name in PICTURES
        if not self.is_writing:
            return
        IMAGES.mkdir(exist_ok=True)
        before = page.viewport_size or WIDE
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(NARROW if is_narrow else FRAME)
        page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)


def missing_pictures() -> Sequence[str]:
    """Absent from docs/, or too heavy for a page that shows all of them."""
    paths = (IMAGES / f"{name}.png" for name in PICTURES)
    return [one.name for one in paths if not one.exists() or one.stat().st_size > LARGEST_PICTURE]

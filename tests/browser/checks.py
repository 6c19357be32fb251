"""What holds on every page, whatever it is about."""

from __future__ import annotations

import functools
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response

from tests.browser.chromium import NARROW, WIDE, Watch

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ABOUT_COLOR = ["color-contrast", "link-in-text-block"]
"""The rules whose answer a theme can change; the others are asked in the light one. They are most of axe's
work, so they are asked where text looks as none did before that they found no fault with."""
SMALLEST_TARGET = 24
LOOKS = (("light", WIDE), ("light", NARROW), ("dark", NARROW), ("dark", WIDE))

RUN_AXE = """
async ({rules, except}) => {
  const found = await axe.run(document, {
    resultTypes: ["violations"], runOnly: rules,
    rules: Object.fromEntries(except.map((rule) => [rule, {enabled: false}])),
  });
  const places = (violation) => violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ");
  return found.violations.map((violation) => `${violation.id}: ${places(violation)}`);
}
"""
LOOKS_OF_TEXT = """
() => {
  const known = new Map();
  const ground = (one) => { // all that lies behind the text of `one`, and how it is laid over it
    if (!one) return "";
    if (!known.has(one)) {
      const style = getComputedStyle(one);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.filter];
      const plain = "rgba(0, 0, 0, 0)|none|1|static|none";
      const over = ground(one.parentElement);
      known.set(one, own.join("|") === plain ? over : `${over}>${own.join("|")}`);
    }
    return known.get(one);
  };
  const hasText = (one) => one.matches("input, select, textarea")
    || [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const look = (one) => {
    const style = getComputedStyle(one), around = getComputedStyle(one.parentElement || one);
    return [style.color, style.fontSize, style.fontWeight, style.textDecorationLine, style.textShadow,
      style.borderBottomStyle, around.color, one.matches("a"), one.matches(":disabled, [aria-disabled=true]"),
      ground(one)].join(" ");
  };
  const shown = [...document.body.querySelectorAll("*")]
    .filter((one) => hasText(one) && one.checkVisibility());
  return [...new Set(shown.map(look))];
}
"""
OVERFLOW = """
() => {
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return "";
  const widest = [...document.body.querySelectorAll("*")].find(
    (one) => one.getBoundingClientRect().right > root.clientWidth + 1);
  return `scrolls sideways by ${over} px: ${widest ? widest.outerHTML.slice(0, 120) : "?"}`;
}
"""
SMALL_TARGETS = """
(least) => [...document.querySelectorAll("button, input, select, textarea, summary, .button, .rail a")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility({visibilityProperty: true}))
  .filter((one) => !(one.ariaHidden === "true" && one.tabIndex === -1)) // Enter alone reaches it
  .map((one) => one.closest("label") || one)
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.width < least || box.height < least);
  })
  .map((one) => `smaller than ${least} px: ${one.outerHTML.slice(0, 120)}`)
"""
FOCUS = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {name: "", problem: ""};
  const name = `${one.tagName.toLowerCase()} “${(one.innerText || one.name || one.id).trim().slice(0, 40)}”`;
  const box = one.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (!inView) return {name, problem: "is out of view"};
  const marked = [one, one.closest(".chip")].filter(Boolean).some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  if (!marked) return {name, problem: "has no visible focus"};
  for (const bar of document.querySelectorAll("*")) {
    if (!["sticky", "fixed"].includes(getComputedStyle(bar).position)) continue;
    if (bar.contains(one) || one.contains(bar) || !bar.checkVisibility()) continue;
    const over = bar.getBoundingClientRect();
    const covered = Math.min(box.bottom, over.bottom) - Math.max(box.top, over.top);
    const beside = Math.min(box.right, over.right) - Math.max(box.left, over.left);
    if (covered <= 1 || beside <= 1) continue;
    const top = document.elementFromPoint(
      Math.max(box.left, over.left) + beside / 2, Math.max(box.top, over.top) + covered / 2);
    if (bar.contains(top)) return {name, problem: `is covered by .${bar.className}`};
  }
  return {name, problem: ""};
}
"""


def faults_of_focus(page: Page) -> str:
    """Whether what has the focus can be seen (WCAG 2.4.7) and nothing sticky lies on it (2.4.11)."""
    found = page.evaluate(FOCUS)
    return f"{page.url}: {found['name']} {found['problem']}" if found["problem"] else ""


def faults_of(page: Page, watch: Watch, *, status: int = 200, answer: Response | None = None) -> list[str]:
    """Of an open page in both themes and at both widths, without loading it anew."""
    faults = []
    if answer is not None and answer.status != status:
        faults.append(f"answered {answer.status} instead of {status}")
    page.evaluate(AXE_SCRIPT)
    for theme, size in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(size)
        found = faults_of_color(page, theme, size["width"])
        if theme == "light":
            found += page.evaluate(RUN_AXE, {"rules": TAGS, "except": ABOUT_COLOR})
            found += [page.evaluate(OVERFLOW), *page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]
        faults += [f"{theme} {size['width']}: {fault}" for fault in found if fault]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return faults + watch.complaints(refused=page.url if status >= 400 else "")


@functools.cache
def faultless(theme: str, width: int) -> set[str]:
    """How text looks that axe found no fault of color with."""
    return set()


def faults_of_color(page: Page, theme: str, width: int) -> list[str]:
    """Of text that looks as none did before; contrast depends on nothing else."""
    looks = set(page.evaluate(LOOKS_OF_TEXT))
    if looks <= faultless(theme, width):
        return []
    found: list[str] = page.evaluate(RUN_AXE, {"rules": ABOUT_COLOR, "except": []})
    if not found:
        faultless(theme, width).update(looks)
    return found


def said_of(name: str, faults: list[Any]) -> list[str]:
    return [f"{name}: {fault}" for fault in faults]

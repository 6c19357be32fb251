"""Words without an end, letters of the other direction: the layout stays whole, names keep to themselves."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.browser.checks import OVERFLOW, said_of
from tests.browser.chromium import NARROW, WIDE
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.console.readers import looks_at, rails_counted_once
from tests.factories import hostile

NEIGHBOURS = """
([first, last]) => {
  const turned = new RegExp(`${first}.*?${last}( \\u202eABC\\u2067)?`, "gsu");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = new Map();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    let box = text.parentElement;
    if (box.closest(".visually-hidden, textarea, option, title, script")) continue;
    if (!box.checkVisibility()) continue;
    const isAlone = (style) => style.unicodeBidi.match(/isolate|plaintext/)
      || !["inline", "contents"].includes(style.display);
    while (!isAlone(getComputedStyle(box))) box = box.parentElement;
    boxes.set(box, (boxes.get(box) || "") + text.data);
  }
  // what Unicode itself keeps apart inside a longer text turns nothing
  for (const [box, said] of boxes) boxes.set(box, said.replace(/\\u2068[^\\u2068\\u2069]*\\u2069/gu, ""));
  const shown = [...boxes].filter(([box, said]) => said.match(turned));
  return {
    number: shown.length,
    faults: shown
      .map(([box, said]) => [box, said.match(turned).length, said.replace(turned, "<…>").trim()])
      .filter(([box, number, rest]) => number > 1 || /[\\p{L}\\p{N}]/u.test(rest))
      .map(([box, number, rest]) => `${box.outerHTML.slice(0, 80)}: ${rest.slice(0, 80)}`),
  };
}
"""


def spoiled(house: House, spoil: hostile.Spoil) -> House:
    """Another organization, served by the same server."""
    with transaction.atomic():
        scene = hostile.hostile_scene(spoil)
        connection.run_on_commit.clear()  # no worker listens: what is due stays due
    return dataclasses.replace(house, full=scene)


def first_readers(house: House) -> dict[str, dict[str, str]]:
    """Every page once, by the first player who may see it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with rails_counted_once():
        for look in looks_at(house.full, also={}):
            if look.status == 200:
                found[look.who][look.name] = look.path
    return found


def overflow(page: Page) -> list[str]:
    faults = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        fault = page.evaluate(OVERFLOW)
        faults += [f"{size['width']}: {fault}"] if fault else []
    return faults


def test_a_word_without_an_end_breaks_no_layout(house: House, visit: Visit) -> None:
    place, faults = spoiled(house, hostile.endless), []
    for who, pages in first_readers(place).items():
        page = visit(who, of=place)
        for name, path in pages.items():
            page.goto(path)
            faults += said_of(name, overflow(page))
    assert faults == []


def test_letters_of_the_other_direction_turn_nothing_beside_them(house: House, visit: Visit) -> None:
    place, faults, shown = spoiled(house, hostile.right_to_left), [], 0
    for who, pages in first_readers(place).items():
        page = visit(who, of=place)
        for name, path in pages.items():
            page.goto(path)
            page.set_viewport_size(WIDE)
            found = page.evaluate(NEIGHBOURS, [hostile.HEBREW, hostile.ARABIC])
            shown += found["number"]
            faults += said_of(name, [*found["faults"], *overflow(page)])
    assert faults == []
    assert shown > 100, "A control: such names stand on these pages."


@pytest.mark.parametrize("markup", ["<p>{name}, version 3</p>", "<p><u>{name}</u> and {name}</p>"])
def test_a_name_that_turns_its_neighbours_is_found(visit: Visit, markup: str) -> None:
    """A control: the same name without an element of its own."""
    page = visit("scientist")
    page.goto("/design/")
    name = f"{hostile.HEBREW} 1 {hostile.ARABIC}"
    page.evaluate("(markup) => document.querySelector('main').innerHTML = markup", markup.format(name=name))
    assert len(page.evaluate(NEIGHBOURS, [hostile.HEBREW, hostile.ARABIC])["faults"]) == 1

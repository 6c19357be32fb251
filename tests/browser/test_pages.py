"""Every page, empty, full and in error, in both themes and at both widths; whoever may see it.

The pages are those of the console's registry, so that a page that is registered there is looked at here. Who
gets nothing but what somebody before them got, apart from words and ids, is not shown the page once more.
"""

from __future__ import annotations

import functools
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, Response, Route

from tests.browser.checks import LOOKS, faults_of, said_of
from tests.browser.chromium import Watch, new_context
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.console.readers import ALSO, looks_at
from tests.console.sent_forms import Answered, answers_to, forms_of
from tests.factories.access import PLAYERS

WHO = tuple(
    who for who, roles in PLAYERS.items() if roles not in list(PLAYERS.values())[: [*PLAYERS].index(who)]
)
"""One of each kind of player."""
TONES = re.compile(r' aria-current="\w+"| ?\btone-\w+')
KIND = re.compile(r' (?:class|role|type|name|popover|aria-[a-z]+)="[^"]*"')
DRAWN = {"svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "g"}


@functools.cache
def seen_by(house: House, is_empty: bool) -> dict[str, dict[str, str]]:
    """By player, the pages that show them a kind of element that nobody before them saw there."""
    seen: dict[str, set[str]] = defaultdict(set)
    found: dict[str, dict[str, str]] = {}
    for who in WHO:
        client = house.client(who, is_empty=is_empty)
        found[who] = {}
        for name, path in pages_of(house, is_empty).items():
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            rail, main = parts_of(answer.text)
            if rail - seen["the rail"] or main - seen[name]:
                found[who][name] = path
            seen["the rail"] |= rail
            seen[name] |= main
    return found


def pages_of(house: House, is_empty: bool) -> dict[str, str]:
    """In an empty house only pages stand that are about nothing in particular."""
    pages = house.full.pages()
    return {name: path for name, path in pages.items() if not is_empty or not is_about_something(path)}


def is_about_something(path: str) -> bool:
    def is_id(part: str) -> bool:
        try:
            UUID(part)
        except ValueError:
            return False
        return True

    return any(map(is_id, path.split("/")))


def parts_of(page: str) -> tuple[set[str], set[str]]:
    """The kinds of elements in the navigation, and in what is the page's own."""
    rail, main = (re.search(rf"<{name}.*?</{name}>", page, re.DOTALL) for name in ("aside", "main"))
    return (*(kinds_of(part[0]) if part else set() for part in (rail, main)),)


def kinds_of(markup: str) -> set[str]:
    """What elements are and how they look; not their words, where they lead, or the tone of a state."""
    tags = re.findall(r"<(\w+)([^>]*)>", TONES.sub("", markup))
    return {name + "".join(KIND.findall(rest)) for name, rest in tags if name not in DRAWN}


@pytest.mark.parametrize("state", ["full", "empty"])
@pytest.mark.parametrize("who", WHO)
def test_every_page_is_sound(house: House, visit: Visit, who: str, state: str) -> None:
    pages = seen_by(house, state == "empty")[who]
    page = visit(who, is_empty=state == "empty")
    watch, faults = Watch(page), []
    for name, path in pages.items():
        answer = page.goto(path)
        faults += said_of(f"{name} ({path})", faults_of(page, watch, answer=answer))
    assert faults == []


def test_somebody_is_shown_every_page_of_the_registry(house: House) -> None:
    """A control: the sweep leaves no page out, and not all players look at all of them."""
    shown = seen_by(house, False)
    assert set().union(*shown.values()) == set(house.full.pages())
    assert sum(map(len, shown.values())) < len(WHO) * len(house.full.pages())


@functools.cache
def refusals(house: House) -> dict[str, list[Answered]]:
    """By player, what forms are answered that are refused; of each form once, and again where the page shows
    a kind of element that was not refused with before."""
    met: dict[str, set[str]] = defaultdict(set)
    found: dict[str, list[Answered]] = defaultdict(list)
    forms = forms_of(looks_at(house.full, ALSO))
    for each in answers_to(house.full, forms):
        if each.answer.status_code < 400:
            continue
        kinds = parts_of(each.shown)[1]
        if kinds - met[each.place]:
            found[each.met.who].append(each)
        met[each.place] |= kinds
    return found


@pytest.fixture
def anyone(visit: Visit, house: House, browser: Browser) -> Iterator[Visit]:
    """As `visit`, and nobody in particular for an empty name."""
    nobody = new_context(browser, base_url=house.url)

    def opened(who: str) -> Page:
        return visit(who) if who else nobody.new_page()

    yield opened
    nobody.close()


@pytest.mark.parametrize("who", PLAYERS)
def test_every_form_in_error_is_sound(house: House, visit: Visit, who: str) -> None:
    """What the server answers to a form that it refuses, shown where the form leads."""
    page, faults = visit(who), []
    watch = Watch(page)
    for refused in refusals(house)[who]:
        answer = show(page, refused)
        faults += said_of(
            str(refused), faults_of(page, watch, status=refused.answer.status_code, answer=answer)
        )
    assert faults == []


def show(page: Page, answered: Answered) -> Response | None:
    """As the browser would after sending the form, without sending it: nothing is carried out twice."""
    path, answer = f"**{answered.met.form.action}", answered.answer

    def answer_it(route: Route) -> None:
        if not route.request.is_navigation_request():
            route.fulfill(status=204)  # what the page asks by itself has no token of this browser
            return
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    page.route(path, answer_it)
    shown = page.goto(answered.met.form.action)
    page.unroute(path)
    return shown


def test_a_form_in_error_is_shown_as_the_browser_gets_it(house: House, visit: Visit) -> None:
    """A control: sending a form shows what the sweep shows in its place."""
    every = (each for answers in refusals(house).values() for each in answers)
    refused = next(each for each in every if each.met.form.action.endswith("/revoke/"))
    page = visit(refused.met.who)
    page.goto(refused.met.path)
    with page.expect_navigation() as sent:
        page.get_by_role("main").get_by_role("button", name="Revoke the grant", exact=True).click()
    really = page.get_by_role("main").inner_text()
    shown = show(page, refused)
    assert "There is a problem" in really
    assert (shown.status, page.get_by_role("main").inner_text()) == (sent.value.status, really)


def test_a_failed_sign_in_is_sound(anyone: Visit) -> None:
    page = anyone("")
    watch = Watch(page)
    page.goto("/accounts/login/")
    with page.expect_navigation() as sent:
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    assert "There is a problem" in page.get_by_role("main").inner_text()
    assert faults_of(page, watch, status=200, answer=sent.value) == []


def test_a_refusal_with_a_page_of_its_own_is_sound(house: House, visit: Visit) -> None:
    """A grant that the auditor sees and that is not theirs to give back."""
    page = visit("auditor")
    watch = Watch(page)
    page.goto(f"/my-access/{house.full.grant.uid}/")
    with page.expect_navigation() as answered:
        send_to(page, f"/my-access/{house.full.grant.uid}/give-back/")
    assert faults_of(page, watch, status=403, answer=answered.value) == []


def test_a_form_from_elsewhere_is_refused_by_a_sound_page(house: House, visit: Visit) -> None:
    page = visit("scientist")
    watch = Watch(page)
    page.goto("/")
    page.context.clear_cookies(name="csrftoken")
    with page.expect_navigation() as answered:
        send_to(page, "/catalog/")
    assert faults_of(page, watch, status=403, answer=answered.value) == []


@pytest.mark.parametrize("who", ["scientist", ""])
def test_what_is_absent_is_told_by_a_sound_page(anyone: Visit, who: str) -> None:
    page = anyone(who)
    watch = Watch(page)
    answer = page.goto(f"/catalog/{uuid4()}/" if who else "/nothing/")
    assert faults_of(page, watch, status=404, answer=answer) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_the_pages_before_the_door_are_sound(anyone: Visit, path: str) -> None:
    page = anyone("")
    watch = Watch(page)
    answer = page.goto(path)
    assert faults_of(page, watch, status=answer.status, answer=answer) == []


@pytest.fixture
def factor(house: House) -> Iterator[Callable[[], None]]:
    """Gives the colleague a second factor, until the test is over."""
    account = house.world.players["colleague"].account

    def made() -> None:
        TOTP.activate(account, generate_totp_secret())

    yield made
    Authenticator.objects.filter(user=account).delete()


def test_the_pages_of_the_second_factor_are_sound(
    house: House, visit: Visit, factor: Callable[[], None]
) -> None:
    page, faults = visit("colleague"), []
    watch = Watch(page)

    def look(path: str) -> None:
        answer = page.goto(path)
        faults.extend(said_of(path, faults_of(page, watch, status=200, answer=answer)))

    for path in ("", "totp/activate/"):
        look(f"/accounts/2fa/{path}")
    page.get_by_role("textbox").fill("000000")
    with page.expect_navigation() as refused:
        page.get_by_role("main").get_by_role("button").last.click()
    assert "There is a problem" in page.get_by_role("main").inner_text()
    faults += said_of("a wrong code", faults_of(page, watch, status=200, answer=refused.value))
    factor()
    for path in ("", "totp/deactivate/"):
        look(f"/accounts/2fa/{path}")
    assert "/accounts/2fa/reauthenticate/" in page.url
    (cookie,) = (each for each in page.context.cookies() if each["name"] == "sessionid")
    session = SessionStore(cookie["value"])
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    for path in ("recovery-codes/generate/", "totp/deactivate/"):
        look(f"/accounts/2fa/{path}")
    assert faults == []


def send_to(page: Page, path: str) -> None:
    """The form of another page, with its token, to an address that offers no form."""
    page.evaluate(
        """(path) => {
          const form = document.querySelector('form[action$="/logout/"]');
          form.action = path;
          form.submit();
        }""",
        path,
    )


SPOIL = """
(fault) => {
  const looks = new CSSStyleSheet(), title = document.querySelector("h1");
  const main = document.querySelector("main");
  looks.replaceSync(`.faint { color: #999 !important; background: #888; } .wide-fault { inline-size: 2000px; }
    .tiny { inline-size: 12px; block-size: 12px; padding: 0; }`);
  document.adoptedStyleSheets = [looks];
  const add = (name, given) => main.append(Object.assign(document.createElement(name), given));
  ({
    "an inline script": () => add("script", {text: "1"}),
    "an inline style": () => title.setAttribute("style", "color: red"),
    "a script that fails": () => setTimeout(() => { throw new Error("broken"); }),
    "an error of the console": () => console.error("broken"),
    "a file that is not there": () => fetch("/no.png"),
    "a picture without words": () => add("img", {src: "/static/icon.svg"}),
    "too little contrast": () => title.classList.add("faint"),
    "something too wide": () => title.classList.add("wide-fault"),
    "a small button": () => add("button", {textContent: "x", className: "tiny"}),
  })[fault]();
}
"""
TOLD = {
    "an inline script": "script-src",
    "an inline style": "style-src",
    "a script that fails": "script: broken",
    "an error of the console": "broken",
    "a file that is not there": "404",
    "a picture without words": "image-alt",
    "too little contrast": "color-contrast",
    "something too wide": "scrolls sideways",
    "a small button": "smaller than 24 px",
}


@pytest.mark.parametrize("fault", TOLD)
def test_each_fault_is_found_where_it_is(visit: Visit, fault: str) -> None:
    """Controls: the checks that find nothing on this page otherwise turn red when it is spoiled."""
    page = visit("scientist")
    watch = Watch(page)
    page.goto("/")
    page.evaluate(SPOIL, fault)
    page.wait_for_load_state("networkidle")
    found = faults_of(page, watch)
    assert any(TOLD[fault] in each for each in found), found


def test_a_fault_of_color_is_found_wherever_it_stands(visit: Visit) -> None:
    """A control: pages that look like others are not asked again, unless one of them was at fault."""
    page = visit("scientist")
    watch = Watch(page)
    for path in ("/", "/settings/"):
        page.goto(path)
        assert faults_of(page, watch) == []
        page.evaluate(SPOIL, "too little contrast")
        assert sum("color-contrast" in each for each in faults_of(page, watch)) == len(LOOKS)

"""Whatever people type anywhere, every page shows it as text, and every form takes it or says why not."""

from __future__ import annotations

import dataclasses
import importlib
import re
import typing
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import product
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from apps.audit.command import COMMANDS
from apps.console.records import KINDS
from portal.embedded.postgres import Postgres
from tests.clones import name_in_use, point_django_at
from tests.conftest import Recorded
from tests.console.markup import inspected
from tests.console.pages import Scene
from tests.console.readers import ALSO, Look, Sessions, everybody, looks_at, rails_counted_once
from tests.console.sent_forms import Met, Sent, forms_in, forms_of
from tests.factories import hostile
from tests.factories.hostile import COMPUTED, GRAMMAR, LONGEST, PARTS_OF_THE_MACHINE

NOT_ESCAPED = ("<script>alert", "<img", "<svg onload", COMPUTED)
SENT_ON = 303
TOO_LONG = "What was sent is too long"
TYPED = {
    "text": " ".join(
        (
            hostile.SCRIPT,
            hostile.MARKUP,
            hostile.TEMPLATE,
            "=1+1@SUM(1)=cmd|' /C calc'!A0",
            f"{hostile.HEBREW} 123 {hostile.ARABIC}",
            "\u200b\u200d\u2060\ufeff",
            hostile.PILE,
            hostile.FAMILY,
        )
    ),
    "markup": hostile.MARKUP[:60],
    "endless": hostile.ENDLESS,
    "controls": "a\x01\x07\x1b[31m\x7f\x85\u2028b",
    "nothing": "a\0b",
    "surrogate": "a\ud800b",
    "blank": " \t\r\n ",
    "long": "W" * 10_000,
    "very long": "\u05e9" * 100_000,
}
"""By what it is. Only where the answer shows the form anew must it come back."""
NOT_KEPT = frozenset({"nothing", "surrogate", "blank", "controls"})
"""What no page can hold, or what a reader of HTML reads as something else."""


@pytest.fixture(scope="module")
def scene(
    recorded_in: Recorded[Scene], postgres: Postgres, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Scene]:
    name, made = recorded_in("hostile", lambda: hostile.hostile_scene(hostile.nasty))
    before = name_in_use()
    with django_db_blocker.unblock(), rails_counted_once():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture(scope="module")
def looks(scene: Scene, is_long: bool) -> list[Look]:
    """Each page once by each of its readers; with --long by everybody."""
    return list(looks_at(scene, everybody(scene) if is_long else ALSO))


def faults_in(page: str) -> list[str]:
    """What a browser would carry out, and what was taken for a template."""
    seen = inspected(page)
    twice = {each for each in seen.ids if seen.ids.count(each) > 1}
    return [*(text for text in NOT_ESCAPED if text in page), *seen.blocked, *sorted(twice)]


def test_what_people_typed_is_text_on_every_page(looks: list[Look]) -> None:
    assert [(each.name, each.who, fault) for each in looks for fault in faults_in(each.page)] == []
    assert {each.status for each in looks} <= {200, 403, 404}
    shown = [each for each in looks if "onerror=alert" in each.page]
    assert len(shown) >= 40, "A control: hostile text stands on these pages."


@pytest.fixture(scope="module")
def drafts(scene: Scene) -> list[Look]:
    """The empty form of every kind of record: the registry of pages shows some of them."""
    officer, found = Sessions(scene)["officer"], []
    for kind in KINDS:
        path = f"/records/{kind}/new/"
        answer = officer.get(path)
        found.append(Look(who="officer", name=kind, path=path, status=answer.status_code, page=answer.text))
    return found


@pytest.fixture(scope="module")
def forms(looks: list[Look], drafts: list[Look]) -> list[Met]:
    """Each form with text fields once, with the page, and the first player who is shown it there."""
    return [met for met in forms_of([*looks, *drafts]) if met.form.texts]


def send(client: Client, form: Sent, text: str) -> HttpResponse:
    """As bytes, so that what no encoder would write is sent as well."""
    told = {
        name: [text for _value in values] if name in form.texts else values
        for name, values in form.values.items()
    }
    body = [(name, value) for name, values in told.items() for value in values if name]
    return client.generic("POST", form.action, encoded(body), "application/x-www-form-urlencoded")


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    def quoted(text: str) -> str:
        return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs).encode()


def kept_in(page: str, path: str, form: Sent, text: str) -> list[str]:
    """Fields of the form that do not hold what was typed any more; as browsers tell line breaks."""
    shown = [each for each in forms_in(page, path) if set(form.texts) & set(each.texts)]
    again = [each for each in shown if each.action == form.action] or shown
    wanted = plain(text)
    if not again:
        return ["the form is not shown"]
    found = {name: values for each in again for name, values in each.values.items()}
    return [name for name in form.texts if wanted not in map(plain, found.get(name, []))]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


IN_CI = "markup"


def test_every_form_takes_it_or_says_why_not(scene: Scene, forms: list[Met], is_long: bool) -> None:
    """Every form with every button, all fields at once: one kind of text in CI, all with --long."""
    faults: list[Any] = []
    sessions = Sessions(scene)
    for kind, met in product(TYPED if is_long else [IN_CI], forms):
        client = sessions[met.who]
        with transaction.atomic():
            answer = send(client, met.form, TYPED[kind])
            found = faults_of(client, answer, met.path, met.form, kind)
            faults += [(kind, met.page, met.form.action, met.form.button, fault) for fault in found]
            transaction.set_rollback(True)
    assert faults == []
    drafted = {met.form.action for met in forms}
    assert drafted >= {f"/records/{kind}/new/" for kind in KINDS}, "A control: of every kind of record, too."


def faults_of(client: Client, answer: Any, path: str, form: Sent, kind: str) -> list[Any]:
    if answer.status_code in {302, SENT_ON}:
        shown = client.get(answer.url)
        return [*([shown.status_code] if shown.status_code != 200 else []), *faults_in(shown.text)]
    faults: list[Any] = faults_in(answer.text)
    if answer.status_code == 201:  # shown once, such as a token: the text was taken
        return faults
    if TOO_LONG in answer.text:
        return faults
    if form.looks_only:
        faults += [answer.status_code] if answer.status_code not in {200, 400, 422} else []
    elif not 400 <= answer.status_code < 500 or "There is a problem" not in answer.text:
        faults.append(f"answered {answer.status_code} without a problem")
    if kind not in NOT_KEPT:
        faults += [f"lost: {name}" for name in kept_in(answer.text, path, form, TYPED[kind])]
    return faults


def texts_of_commands() -> dict[str, set[str]]:
    """By command, the names of its arguments, and of fields of them, that are text."""
    for app in django_apps.get_app_configs():
        if app.name.startswith("apps.") and find_spec(f"{app.name}.commands"):
            importlib.import_module(f"{app.name}.commands")
    return {
        name: set(texts_in(typing.get_type_hints(function)))
        for name, function in COMMANDS.items()
        if not name.startswith(PARTS_OF_THE_MACHINE)
    }


def texts_in(hints: dict[str, Any]) -> Iterator[str]:
    for name, hint in hints.items():
        if name not in {"actor", "return"}:
            yield from texts_at(name, hint)


def texts_at(name: str, hint: Any) -> Iterator[str]:
    if hint is str:
        yield name
    elif dataclasses.is_dataclass(hint):
        yield from texts_in(typing.get_type_hints(hint))
    else:
        for argument in typing.get_args(hint):
            yield from texts_at(name, argument)


def test_every_text_that_a_command_takes_is_either_spoiled_or_has_a_grammar() -> None:
    """A control: a new argument is added to one of the two lists, so that no text is left out unseen."""
    known = set().union(*texts_of_commands().values())
    assert known - set(LONGEST) - GRAMMAR == set()
    assert set(LONGEST) - known == set()

"""Forms of pages, as a browser would send them: read from the page, with each of their buttons."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.console.pages import Scene
from tests.console.readers import Look, Sessions

LOOKING = frozenset({"find", "more", "check", "rows"})
"""Buttons that change nothing: they search, or add rows to the form."""
KEPT = frozenset({"hidden", "submit"})
"""Kinds of controls that nobody can empty."""
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Sent:
    """A form of a page, as a browser would send it with one of its buttons. `texts` are written in, `filled`
    is all that people fill in or choose."""

    action: str
    button: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def looks_only(self) -> bool:
        return self.button in LOOKING

    def each(self) -> list[Sent]:
        """The form once for each of its buttons."""
        return [
            dataclasses.replace(
                self, button=name, values={**self.values, **({name: [value]} if name else {})}
            )
            for name, value in self.buttons or [("", "")]
        ]

    def emptied(self) -> Sent:
        """With nothing written and nothing chosen."""
        texts = {name: [""] for name in self.texts}
        kept = {name: values for name, values in self.values.items() if name not in self.filled}
        return dataclasses.replace(self, values={**kept, **texts})

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class Forms(HTMLParser):
    """Forms that change something, with what stands in their controls."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Sent] = []
        self._open: Sent | None = None
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Sent(action=given.get("action") or self.path)
        if self._open is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag in {"input", "select", "textarea"} and kind not in KEPT:
            self._open.filled.add(name)
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self._open.values:
                self._open.values[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._area, self._text = name, []
        elif (
            tag == "button"
            and kind in {"text", "submit"}
            and (name, given.get("value", "")) not in self._open.buttons
        ):
            self._open.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            self._open.add(name, given.get("value", ""))
            if kind in {"text", "search"}:
                self._open.texts.append(name)

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        if tag == "textarea":
            # The first line break after the tag belongs to the markup.
            self._open.add(self._area, re.sub(r"\A\r?\n", "", "".join(self._text)))
            self._open.texts.append(self._area)
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self.found.append(self._open)
            self._open = None


def forms_in(page: str, path: str) -> list[Sent]:
    found = Forms(path)
    found.feed(page)
    return [each for form in found.found for each in form.each()]


@dataclass(frozen=True, kw_only=True)
class Met:
    """A form, with the page on which it stands and the first player who is shown it there."""

    who: str
    page: str
    path: str
    form: Sent

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for forms that differ only in what they are about."""
        form = self.form
        return (ID.sub("", form.action), form.button, *form.values.get(form.button, []))


def forms_of(looks: Iterable[Look]) -> list[Met]:
    """Each form that was seen once, whoever was shown it; signing out stands on every page."""
    found: dict[tuple[Any, ...], Met] = {}
    for look in looks:
        if look.status != 200:
            continue
        for form in forms_in(look.page, look.path):
            met = Met(who=look.who, page=look.name, path=look.path, form=form)
            if "/logout/" not in form.action:
                found.setdefault(met.key, met)
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class Answered:
    met: Met
    is_emptied: bool
    answer: HttpResponse

    @property
    def shown(self) -> str:
        """The page; a file that is to be saved shows nothing."""
        is_page = self.answer.headers.get("Content-Type", "").startswith("text/html")
        return self.answer.content.decode() if is_page else ""

    @property
    def place(self) -> str:
        """The form, whatever it is about."""
        return ID.sub("…", self.met.form.action)

    def __str__(self) -> str:
        how = "emptied" if self.is_emptied else "as it stands"
        return f"{self.met.page} {self.place} {self.met.form.button} {how}"


def answers_to(scene: Scene, forms: Iterable[Met]) -> Iterator[Answered]:
    """What every form is answered, sent as it stands and emptied. Nothing of it stays."""
    sessions = Sessions(scene)
    for met in forms:
        ways = (False,) if met.form.emptied().values == met.form.values else (False, True)
        for is_emptied in ways:
            client = sessions[met.who]
            with transaction.atomic():
                answer = post(client, met.form.emptied() if is_emptied else met.form)
                transaction.set_rollback(True)
            yield Answered(met=met, is_emptied=is_emptied, answer=answer)


def post(client: Client, form: Sent) -> Any:
    return client.post(form.action, {name: values for name, values in form.values.items() if name})

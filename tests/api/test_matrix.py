"""Every address has its rows, every row is true, and without a name nothing is answered."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.roles import Role
from tests.api import matrix
from tests.api.caller import Caller
from tests.api.matrix.row import Row
from tests.factories.accounts import World

BESIDES = {"schema", "docs", "nowhere"}
"""Addresses without roles: signed in is enough."""
OPEN = {"token-exchange"}
"""What is sent there is what says who sends it; its own tests say how."""
NOBODY = "00000000-0000-7000-8000-000000000000"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def all_rows() -> list[Row]:
    names = [module.name for module in pkgutil.iter_modules(matrix.__path__)]
    modules = [import_module(f"{matrix.__name__}.{name}") for name in names]
    return [row for module in modules for row in getattr(module, "ROWS", [])]


def patterns() -> Iterator[URLPattern]:
    for house in ("apps.api.urls", "apps.api.outside"):
        yield from below(get_resolver(house))


def below(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from below(entry)
        else:
            yield entry


def addresses() -> list[URLPattern]:
    return [pattern for pattern in patterns() if pattern.name not in BESIDES | OPEN]


def path_of(pattern: URLPattern) -> str:
    """Whatever it names that may be there; kinds of records are those that there are."""
    named = {name: "parties" if name == "kind" else NOBODY for name in pattern.pattern.converters}
    return address(pattern.name, named)


def address(name: str, path: dict[str, object]) -> str:
    """Of ours, or of those whose place another protocol fixes."""
    try:
        return reverse(f"api:{name}", kwargs=path)
    except NoReverseMatch:
        return reverse(f"outside:{name}", kwargs=path)


def test_every_address_and_method_has_a_row() -> None:
    there = {
        (pattern.name, method.upper())
        for pattern in addresses()
        for method in getattr(pattern.callback, "actions", {})
        if method != "head"
    }
    assert there == {(row.url, row.method) for row in all_rows()}


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: f"{row.method} {row.url} {row.make.__name__}")
def test_every_role_is_answered_as_the_matrix_says(row: Row, place: World) -> None:
    call = row.make(place)
    path = address(row.url, call.path)
    headers = {"If-Match": call.etag} if call.etag or row.method == "PATCH" else {}
    body = call.body if row.method in {"POST", "PATCH"} else None
    found = {}
    for role in Role:
        with transaction.atomic():
            caller = Caller(place[role].token)
            given = {"query": call.query, "headers": headers, "content_type": call.content_type}
            answer = caller.send(row.method, path, body, **given)
            found[role] = answer.status_code
            transaction.set_rollback(True)
    assert found == row.answers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pattern", [each for each in patterns() if each.name not in OPEN], ids=lambda pattern: pattern.name
)
def test_nothing_is_answered_to_nobody(pattern: URLPattern) -> None:
    path = "/api/v1/nowhere" if pattern.name == "nowhere" else path_of(pattern)
    for method in METHODS:
        answer = Client().generic(method, path)
        assert answer.status_code == 401, method
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_health_is_open() -> None:
    assert Client().get("/healthz").status_code == 200

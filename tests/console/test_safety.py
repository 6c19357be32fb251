"""Nothing typed becomes markup, the policy of the browser stays strict, and secrets stay out of caches."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.console.conftest import Browse
from tests.console.markup import NASTY, inspected
from tests.console.pages import scene
from tests.factories.access import AccessWorld


def test_markup_in_a_search_is_shown_as_text(browse: Browse) -> None:
    page = browse("scientist").get("/catalog/", {"q": NASTY, "domain": NASTY, "kind": NASTY, "after": NASTY})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("q", ["\0", "%", "a" * 10_000, "\u202e", "'; DROP TABLE x"])
def test_odd_searches_find_nothing_and_break_nothing(browse: Browse, q: str) -> None:
    assert browse("scientist").get("/catalog/", {"q": q}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/nothing/"])
def test_the_pages_before_the_door_are_strict_too(path: str) -> None:
    answer = Client().get(path)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert inspected(answer.text).blocked == []
    assert "Lakewarden" in answer.text


def test_what_is_longer_than_the_portal_takes_is_told_so(browse: Browse) -> None:
    answer = browse("scientist").post("/settings/", {"language": "x" * 6_000_000})
    assert answer.status_code == 400
    assert "What was sent is too long" in answer.text and "shorten the longest text" in answer.text


@pytest.mark.django_db
def test_a_failed_sign_in_says_so_and_keeps_the_name_but_not_the_password() -> None:
    page = Client().post("/accounts/login/", {"login": "nobody-here", "password": "not-the-password"}).text
    assert "There is a problem" in page
    assert 'value="nobody-here"' in page
    assert "not-the-password" not in page


def test_pages_of_people_are_kept_by_no_shared_cache(browse: Browse) -> None:
    for path in ("/", "/catalog/", "/my-access/"):
        assert "private" in browse("scientist").get(path).headers["Cache-Control"]


def test_times_name_their_zone(world: AccessWorld, browse: Browse) -> None:
    times = re.findall(
        r"<time datetime=\"[^\"]+\+00:00\">([^<]+)</time>",
        browse("scientist").get(f"/my-access/{scene(world).grant.uid}/").text,
    )
    assert times
    assert all(re.search(r" CES?T$", time) for time in times)


def test_pages_are_compressed_and_what_may_not_be_kept_is_not(world: AccessWorld, browse: Browse) -> None:
    client, accepts = browse("scientist"), {"HTTP_ACCEPT_ENCODING": "gzip"}
    assert client.get("/catalog/", **accepts).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/catalog/").headers
    refused = Client().post("/catalog/", **accepts)
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in refused.headers
    answer = client.get("/api/v1/assets", **accepts)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers

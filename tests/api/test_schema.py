"""The OpenAPI document is complete and true."""

from __future__ import annotations

import io
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse
from openapi_spec_validator import validate

from apps.accounts.roles import Role
from tests.api.conftest import As
from tests.api.test_matrix import addresses


@pytest.fixture(scope="module")
def document() -> Any:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return yaml.safe_load(out.getvalue())


def test_the_document_is_sound(document: Any) -> None:
    validate(document)


def test_every_address_is_described(document: Any) -> None:
    described = {
        (path.count("/"), method.upper()) for path, methods in document["paths"].items() for method in methods
    }
    assert len(document["paths"]) == len({pattern.name for pattern in addresses()})
    assert {method for _depth, method in described} <= {"GET", "POST", "PATCH"}


def test_every_operation_tells_of_problems_and_of_who_may_call(document: Any) -> None:
    ours, fixed = [{"bearer": []}, {"session": []}], [{"token": []}]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == (ours if path.startswith("/api/") else fixed)
            problems = {code for code in operation["responses"] if code >= "400"}
            assert problems >= {"400", "401", "403", "404", "503"}
            for code in problems:
                assert "application/problem+json" in operation["responses"][code]["content"]
            if method == "patch":
                assert problems >= {"409", "412", "428"}


def test_it_is_served_to_those_who_are_signed_in(as_: As) -> None:
    caller = as_(Role.SCIENTIST)
    assert caller.get(reverse("api:schema")).status_code == 200
    page = caller.get(reverse("api:docs"))
    assert page.status_code == 200
    assert b"http://" not in page.content and b"https://" not in page.content

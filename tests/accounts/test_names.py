"""Names may hold every script of the world, and nothing that misleads whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from apps.accounts.commands import create_team
from apps.accounts.commands.organizations import present
from apps.accounts.errors import EMPTY_NAME
from apps.audit.models import AuditEvent, Outcome
from apps.kernel.actor import SYSTEM
from apps.kernel.characters import CHARACTER_REFUSED, NAME_CHARACTER, check_texts
from apps.kernel.errors import InvalidInput
from tests.factories import accounts as people
from tests.factories.hostile import IN_NAMES, PILE


@pytest.mark.parametrize(
    "name",
    [*IN_NAMES, PILE, "می‌خواهم", "\u200eLTR\u200f", "\u2067a\u2066b\u2069c\u2069", "\u202ba\u202c", "É"],
)
def test_a_name_in_any_script_is_taken(name: str) -> None:
    assert present(f" {name} ") == name


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("a\nb", "U+000A"),
        ("a\tb", "U+0009"),
        ("a\x1b[31mb", "U+001B"),
        ("a\x85b", "U+0085"),
        ("a\u2028b", "U+2028"),
        ("invoice\u202efdp.exe", "U+202E"),
        ("\u202eab\u202c", "U+202E"),
        ("a\u2067b", "U+2067"),
        ("a\u202ab\u2069\u202c", "U+2069"),
        ("a\u2069\u2067b\u2069", "U+2069"),
        ("\u2067a\u202bb\u2069", "U+2069"),
    ],
)
def test_a_name_that_misleads_is_refused(name: str, character: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        present(name)
    assert refused.value.code == NAME_CHARACTER
    assert refused.value.reasons[0].facts == {"character": character}


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u200d \u2060", "\xa0"])
def test_a_name_in_which_nothing_is_seen_is_empty(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        present(name)
    assert refused.value.code == EMPTY_NAME


@dataclass(frozen=True)
class Inner:
    word: str


@dataclass(frozen=True)
class Outer:
    words: tuple[str, ...] = ()
    rows: tuple[Inner, ...] = ()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": "a\0"}, "name"),
        ({"draft": Outer(words=("a", "b\ud800"))}, "words.1"),
        ({"draft": Outer(rows=(Inner("a"), Inner("\0")))}, "rows.1.word"),
        ({"items": [Inner("\0")]}, "items.0.word"),
        ({"given": {"a": ["\udfff"]}}, "given.a.0"),
    ],
)
def test_what_cannot_be_stored_is_found_where_it_is(told: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_texts(told)
    assert (refused.value.code, refused.value.reasons[0].field) == (CHARACTER_REFUSED, field)


def test_what_can_be_stored_passes() -> None:
    check_texts({"name": "a\x01\u202e\U0001f40b", "secret": b"\0", "number": 0, "kind": Outer, "none": None})


@pytest.mark.django_db
def test_a_command_refuses_it_before_anything_else_and_the_trail_tells() -> None:
    place = people.organization()
    with pytest.raises(InvalidInput) as refused:
        create_team(actor=SYSTEM, organization_id=place.uid, name="a\0")
    assert refused.value.code == CHARACTER_REFUSED
    told = AuditEvent.objects.latest("pk")
    assert (told.outcome, told.name) == (Outcome.REFUSED, "accounts.create_team")

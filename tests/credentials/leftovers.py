"""What is left of a secret where it does not belong: pieces of it, and where they are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from django.db import connection

PIECE = 16
SHOWN = frozenset({"account_url", "host", "port", "dbname", "user", "sslmode", "endpoint", "region"})
"""Parts of a key that say where it is used; whoever may see the lake sees them."""


def plain_pieces(parts: Mapping[str, str]) -> set[str]:
    """Every part of a key, cut so small that no encoding of a whole hides one."""
    return cut(each for name, value in parts.items() if name not in SHOWN for each in _secrets(name, value))


def pieces(parts: Mapping[str, str]) -> set[str]:
    """Also as the database prints its bytes."""
    return as_kept(plain_pieces(parts))


def cut(values: Iterable[str]) -> set[str]:
    return {value[at : at + PIECE] for value in values for at in range(0, len(value) - PIECE + 1, PIECE)}


def as_kept(plain: set[str]) -> set[str]:
    return plain | {piece.encode().hex() for piece in plain}


def _secrets(name: str, value: str) -> Iterator[str]:
    """Of a signed address the signature, as it stands and as it was made: the rest says what it opens."""
    if not name.startswith("sas_token"):
        yield value
        return
    signed = value.partition("sig=")[2].partition("&")[0]
    yield from {signed, unquote(signed)}


def whole_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows: list[str] = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows)

"""JSON as RFC 8259 has it, and nothing beyond: bad input ends here, with a 400 that says why."""

from __future__ import annotations

import json
import math
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.api import errors
from apps.api.errors import refused
from apps.kernel.characters import CHARACTER_REFUSED, NOT_STORED, codepoint

DEEPEST = 20
LARGEST = 2**63 - 1


class StrictJSONParser(JSONParser):
    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        try:
            value = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_constant,
                parse_float=_float,
                parse_int=_int,
            )
        except UnicodeDecodeError as fault:
            raise ParseError("not UTF-8") from fault
        except json.JSONDecodeError as fault:
            raise ParseError(f"{fault.msg}, line {fault.lineno}, column {fault.colno}") from fault
        except RecursionError as fault:
            raise refused(400, errors.JSON_TOO_DEEP, limit=DEEPEST) from fault
        check(value)
        return value


def check(value: Any, path: tuple[str, ...] = ()) -> None:
    """Refuse depth, and characters that no text may contain."""
    if len(path) > DEEPEST:
        raise refused(400, errors.JSON_TOO_DEEP, limit=DEEPEST)
    match value:
        case str():
            check_text(value, ".".join(path))
        case list():
            for position, member in enumerate(value):
                check(member, (*path, str(position)))
        case dict():
            for key, member in value.items():
                check_text(key, "")
                check(member, (*path, key))


def check_text(text: str, field: str) -> None:
    """Refuse what PostgreSQL cannot store (NUL) and what is no character (a surrogate by itself)."""
    if found := NOT_STORED.search(text):
        raise refused(400, CHARACTER_REFUSED, field=field, character=codepoint(found[0]))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            check_text(key, "")
            raise refused(400, errors.JSON_KEY_TWICE, field=key, key=key)
        found[key] = value
    return found


def _constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is no JSON number")


def _int(digits: str) -> int:
    if len(digits) > len(str(LARGEST)) + 1 or abs(int(digits)) > LARGEST:
        raise refused(400, errors.NUMBER_TOO_LARGE)
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise refused(400, errors.NUMBER_TOO_LARGE)
    return number

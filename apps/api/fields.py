"""Strict fields: a JSON value of another type is refused, not converted; unknown names are refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

MOST_TOLD = 50
"""Whoever sends more faults than these at once mends these first."""


class Text(serializers.CharField):
    """A JSON string."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON number without a fraction; in a query, its digits."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        if isinstance(data, str) and not isinstance(self.root, Filters):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """A JSON boolean; in a query, `true` or `false`."""

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(self.root, Filters):
            data = {"true": True, "false": False}.get(data, data)
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Uid(serializers.UUIDField):
    """A UUID in its usual spelling."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or len(data) != len("00000000-0000-0000-0000-000000000000"):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A point in time with its offset (RFC 3339)."""

    default_error_messages = {"naive": "A point in time needs an offset, such as Z."}

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: Any) -> Any:
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)


class Day(serializers.DateField):
    """A date (RFC 3339, full-date)."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Word(serializers.ChoiceField):
    """One word of an enumeration; comes out as its member."""

    def __init__(self, words: type[Enum], **options: Any) -> None:
        self._words = {str(word.value): word for word in words}
        super().__init__(choices=list(self._words), **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self._words:
            self.fail("invalid_choice", input=data)
        return self._words[data]

    def to_representation(self, value: Any) -> str:
        return str(value.value if isinstance(value, Enum) else value)


class Several(serializers.ListField):
    """A JSON array. How long it is is looked at before any of its members is."""

    MOST = 10_000

    def run_child_validation(self, data: Any) -> Any:
        most = self.max_length or self.MOST
        if len(data) > most:
            raise serializers.ValidationError(
                self.error_messages["max_length"].format(max_length=most), code="max_length"
            )
        return super().run_child_validation(data)


class Uids(serializers.ListField):
    """The uids of related rows, of which the query has brought all."""

    child = serializers.UUIDField()

    def to_representation(self, rows: Any) -> list[str]:
        return [str(row.uid) for row in rows.all()]


class Codes(serializers.ListField):
    """The codes of related rows, of which the query has brought all."""

    child = serializers.CharField()

    def to_representation(self, rows: Any) -> list[str]:
        return sorted(str(row.code) for row in rows.all())


class Words(serializers.CharField):
    """Words of an enumeration in a query, separated by commas; comes out as their values, in that order."""

    def __init__(self, words: type[Enum], **options: Any) -> None:
        self._word = Word(words)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        words = [self._word.to_internal_value(word) for word in super().to_internal_value(data).split(",")]
        return [str(word.value) for word in dict.fromkeys(words)]


class SeenImpact(serializers.RegexField):
    """The digest of an impact. It stays optional here: the command knows when it is needed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "The digest of the impact that was looked at; 428 without it.")
        super().__init__(r"^[0-9a-f]{64}$", required=False, **options)


class Country(Text):
    """ISO 3166-1 alpha-2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=2, max_length=2, **options)


class Strict(serializers.Serializer[Any]):
    """Refuses names it does not know, each by name."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = [name for name in data if name not in self.fields] if isinstance(data, Mapping) else []
        if unknown:
            known = ", ".join(sorted(self.fields))
            named = unknown[:MOST_TOLD]
            raise serializers.ValidationError({name: [ErrorDetail(known, "unknown")] for name in named})
        return super().to_internal_value(data)


class Input(Strict):
    """The body of a request. What it yields are the arguments of a command."""


class Filters(Strict):
    """The query of a list: `source` names the lookup, so that no lookup ever comes from the caller."""


class Output(serializers.Serializer[Any]):
    """What is shown of a row: every field by name."""


class Shown(Output):
    """A row of the house: its id and the version that If-Match wants to hear of."""

    id = serializers.UUIDField(source="uid")
    row_version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


def many(of: type[Input], *, at_most: int) -> serializers.ListSerializer[Any]:
    """A list of objects, which may be left out."""
    return serializers.ListSerializer(child=of(), required=False, max_length=at_most)


class Nothing(Input):
    """A request without a body."""

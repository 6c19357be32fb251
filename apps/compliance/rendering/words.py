"""What a record says, field by field, as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.compliance.lifecycle.declaration import Shape, Spec, is_empty, specs_of
from apps.compliance.models import LegalRecord, LegalRecordVersion, RecordStep

Names = Mapping[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A record as a report tells it: `version` is the one told, `steps` its whole log with who took them."""

    record: LegalRecord
    version: LegalRecordVersion
    versions: tuple[LegalRecordVersion, ...]
    steps: tuple[RecordStep, ...]
    names: Names

    @property
    def content(self) -> Any:
        return self.version.said

    def field(self, name: str) -> str:
        return said(self.record.declared.specs[name], getattr(self.content, name), self.names)

    def pair(self, name: str) -> tuple[str, str]:
        """With its label and the article it rests on."""
        spec = self.record.declared.specs[name]
        return f"{spec.label}\n{spec.article}" if spec.article else str(spec.label), self.field(name)


def said(spec: Spec, value: Any, names: Names) -> str:
    """Empty where nothing was said."""
    if is_empty(value):
        return ""
    match spec.shape:
        case Shape.CHOICE:
            return str(getattr(value, "label", value))
        case Shape.MANY:
            return ", ".join(sorted(str(getattr(each, "label", each)) for each in value))
        case Shape.FLAG:
            return gettext("yes") if value else gettext("no")
        case Shape.ONE:
            return names.get(value, str(value))
        case Shape.SOME:
            return "\n".join(names.get(each, str(each)) for each in value)
        case Shape.DAY | Shape.MOMENT:
            return day_or_moment(value)
        case Shape.ROWS:
            return "\n".join(" · ".join(filter(None, cells(row, names))) for row in value)
    return str(value)


def cells(row: Any, names: Names, *, only: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Of a row of a table, one text for each field."""
    specs = specs_of(type(row))
    return tuple(said(specs[name], getattr(row, name), names) for name in only or specs)


def day_or_moment(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y H:i e")
    return date_format(value, "j M Y")

"""The register as a whole: taken out, restored, brought from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class RegisterExported(Event, name="compliance.register.exported", about="organization_id"):
    """The register of Art. 30 was given out, as it stood on a day; `sha256` is of the file."""

    organization_id: UUID
    articles: str
    format: str
    as_of: date
    records: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RegisterRestored(Event, name="compliance.register.restored", about="organization_id"):
    """A whole register was taken over with its signatures; `sha256` is of the document."""

    organization_id: UUID
    activities: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RegisterBrought(Event, name="compliance.import.brought", about="register_import_id"):
    """The file of a register was read; nothing became a record yet."""

    register_import_id: UUID
    lines: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ColumnsMapped(Event, name="compliance.import.mapped", about="register_import_id"):
    register_import_id: UUID
    kept_as: Personal


@dataclass(frozen=True, kw_only=True)
class RegisterImported(Event, name="compliance.import.done", about="register_import_id"):
    """Every row of the file became a draft."""

    register_import_id: UUID
    drafts: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded(Event, name="compliance.import.discarded", about="register_import_id"):
    register_import_id: UUID

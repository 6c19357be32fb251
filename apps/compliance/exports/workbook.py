"""The register as a workbook: what one cell of the register joins stands row by row on sheets of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from apps.compliance.exports import completeness
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.entry import Absent, Entry
from apps.compliance.exports.provenance import Order
from apps.compliance.exports.separated import head
from apps.compliance.exports.words import RECIPIENTS, article
from apps.kernel.separated import escaped

LONGEST = 32_767
CUT = " … (cut: a cell of a workbook holds no more; the whole text is in the CSV)"
NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _purposes(entry: Entry) -> Iterable[tuple[str, ...]]:
    for aim in entry.aims:
        yield (
            entry.ref,
            aim.ref,
            "" if aim.version is None else str(aim.version),
            aim.name,
            article(aim.basis) if aim.basis else "",
            ", ".join(map(article, aim.art9_conditions)),
            aim.art10_authority,
            aim.lia,
            aim.description,
            aim.iri,
        )


def _data(entry: Entry) -> Iterable[tuple[str, ...]]:
    for each in entry.categories:
        yield entry.ref, each.code, each.label, each.special, "yes" if each.is_criminal else "no", each.iri


def _recipients(entry: Entry) -> Iterable[tuple[str, ...]]:
    if isinstance(entry.recipients, Absent):
        yield entry.ref, entry.recipients.value, "", ""
        return
    for each in entry.recipients:
        yield entry.ref, RECIPIENTS[each.kind], each.party, each.country


def _transfers(entry: Entry) -> Iterable[tuple[str, ...]]:
    if isinstance(entry.transfers, Absent):
        yield entry.ref, entry.transfers.value, "", "", "", "", "", ""
        return
    for each in entry.transfers:
        until = each.tia_valid_to.isoformat() if each.tia_valid_to else ""
        mechanism = article(each.mechanism) if each.mechanism else ""
        named = (each.country, each.importer, each.role, mechanism)
        yield entry.ref, *named, each.instrument_ref, each.tia, until


def _retention(entry: Entry) -> Iterable[tuple[str, ...]]:
    for each in entry.retentions:
        period = (each.duration, each.trigger, each.criterion, each.at_most)
        yield entry.ref, each.ref, each.data, *period, each.action


SHEETS: dict[str, tuple[tuple[str, ...], Callable[[Entry], Iterable[tuple[str, ...]]]]] = {
    "purposes": (
        (
            *("record_ref", "purpose_ref", "version", "name", "lawful_basis", "art9_conditions"),
            *("art10_authority", "lia", "description", "iri"),
        ),
        _purposes,
    ),
    "data": (("record_ref", "code", "label", "special_kind", "is_criminal", "iri"), _data),
    "recipients": (("record_ref", "category", "party", "country"), _recipients),
    "transfers": (
        (
            *("record_ref", "country", "importer", "role", "mechanism", "instrument_ref"),
            *("assessment", "assessment_valid_to"),
        ),
        _transfers,
    ),
    "retention": (
        ("record_ref", "schedule", "data", "duration", "trigger", "criterion", "at_most", "action"),
        _retention,
    ),
}


class Sheets:
    """Sheets are written as entries come, to the disk; `close` puts them into one file."""

    def __init__(self, order: Order) -> None:
        self.articles: Articles = order.articles
        self.book = Workbook(write_only=True)
        made_at = order.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self.book.properties.created = self.book.properties.modified = made_at
        self.book.properties.creator = order.portal
        self.book.properties.title = f"Register of processing activities, {order.organization}"
        heads: dict[str, tuple[str, ...]] = {
            "register": head(order.articles),
            **{name: columns for name, (columns, _) in SHEETS.items()},
            "completeness": completeness.HEAD,
            "provenance": ("what", "value"),
        }
        self.sheets = {name: self.book.create_sheet(name) for name in heads}
        for name, columns in heads.items():
            self.sheets[name].freeze_panes = "A2"
            self._append(name, columns)

    def write(self, entry: Entry, made: Sequence[tuple[str, ...]]) -> None:
        for row in made:
            self._append("register", row)
        for name, (_, lines) in SHEETS.items():
            for line in lines(entry):
                self._append(name, line)
        for finding in completeness.findings(entry, self.articles, made):
            self._append("completeness", completeness.line(finding))

    def close(self, into: IO[bytes], told: Mapping[str, Any]) -> None:
        for name, value in told.items():
            self._append("provenance", (name, str(value)))
        self.book.save(into)

    def _append(self, name: str, row: Iterable[str]) -> None:
        sheet = self.sheets[name]
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: str) -> Any:
    """Always a text: neither a formula nor an error, whatever it begins with."""
    text = NOT_IN_XML.sub("\ufffd", escaped(value))
    text = text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
    if not text.startswith("#"):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell

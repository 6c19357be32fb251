"""Registers that somebody brings are read within limits, whatever they hold, word by word. No database."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook

from apps.compliance.exports.columns import CONTROLLER, Articles, rows
from apps.compliance.exports.separated import head
from apps.compliance.imports.cells import Known
from apps.compliance.imports.sheets import MOST_LINES, read_sheet
from apps.compliance.imports.targets import TARGETS, Field, content_of, unsaid, usual_columns
from apps.compliance.lifecycle.activity import ActivityContent, RecipientKind, SecurityMeasure
from apps.compliance.lifecycle.activity.particulars import Automation, DataSource
from apps.kernel.errors import RuleBroken
from apps.policy.law_words import TransferMechanism
from tests.compliance.test_register_rows import COMPLETE

PURPOSE, ASSET = uuid4(), uuid4()
KNOWN = Known(
    purposes={"pu-0001": PURPOSE, "answer inspectors": PURPOSE, "predict failures": uuid4()},
    assets={"pump readings": ASSET, "shift plans": uuid4()},
    categories={"health": "Health", "email address": "EmailAddress", "emailaddress": "EmailAddress"},
)


def book(*lines: list[Any]) -> bytes:
    made = Workbook()
    for line in lines:
        made.active.append(line)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return into.getvalue()


def bomb(megabytes: int) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for number in range(megabytes):
            new.writestr(f"xl/part{number}.xml", b"<a>" + b" " * 1_000_000 + b"</a>")
    return into.getvalue()


TWO = [["Name", "Purpose"], ["Payroll", "Pay"]]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "raw",
    [
        "Name;Zweck\r\nLöhne;Zahlen\r\n".encode("cp1252"),
        "Name,Zweck\nLöhne,Zahlen\n".encode(),
        b"\xef\xbb\xbf" + "Name\tZweck\nLöhne\tZahlen\n".encode(),
        "Name;Zweck\nLöhne;Zahlen\n".encode("utf-16"),
        book(["Name", "Zweck"], ["Löhne", "Zahlen"]),
        book([], ["Name", "Zweck", None], [None, ""], ["Löhne", "Zahlen"]),
    ],
    ids=["windows", "utf-8", "with its mark", "utf-16", "workbook", "workbook with blanks"],
)
def test_tables_are_read_in_whatever_form_offices_keep_them(raw: bytes) -> None:
    sheet = read_sheet(raw)
    assert sheet.head == ("Name", "Zweck")
    assert [line.cells for line in sheet.lines] == [("Löhne", "Zahlen")]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    sheet = read_sheet(b'Name;Text\n"A";"one\ntwo"\n\nB;\n')
    assert [(line.number, line.cells) for line in sheet.lines] == [(3, ("A", "one\ntwo")), (5, ("B", ""))]
    assert [line.number for line in read_sheet(book(["Name"], [""], ["A"])).lines] == [3]


def test_values_of_a_workbook_are_told_as_text_and_formulas_as_what_they_were() -> None:
    raw = book(["a", "b", "c", "d"], [3.0, date(2026, 3, 1), True, "=1+1"])
    assert read_sheet(raw).lines[0].cells == ("3", "2026-03-01", "yes", "")


HOSTILE = {
    "nothing": b"",
    "only a head": b"Name;Purpose\n",
    "two columns of one name": b"Name;Name\nA;B\n",
    "more cells than columns": b"Name\nA;B;C\n".replace(b"Name", b"Name;Other"),
    "bytes": bytes(range(256)) * 10,
    "an open quote": b'Name;Purpose\n"A;B\n',
    "a cell beyond what readers take": b"Name\n" + b"x" * 200_000 + b"\n",
    "a long cell": b"Name\n" + b"x" * 20_001 + b"\n",
    "many lines": b"Name\n" + b"A\n" * (MOST_LINES + 1),
    "many columns": b";".join(b"c%d" % number for number in range(201)) + b"\n" + b"A\n",
    "large": b"Name\n" + b"A" * (3 * 1024 * 1024),
    "a zip that is none": b"PK\x03\x04" + b"\0" * 100,
    "a zip of something else": bomb(1),
    "a bomb": bomb(70),
    "half a workbook": book(*TWO)[:-200],
    "a workbook without sheets": with_part(book(*TWO), "xl/workbook.xml", lambda raw: b"<workbook/>"),
    "entities": with_part(
        book(*TWO),
        SHEET,
        lambda raw: raw.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1),
    ),
    "entities behind a comment": with_part(
        book(*TWO), SHEET, lambda raw: b"<!--" + b"x" * 5000 + b"--><!DOCTYPE a>" + raw.partition(b"?>")[2]
    ),
    "entities in other letters": with_part(book(*TWO), SHEET, lambda raw: raw.decode().encode("utf-16")),
    "broken markup": with_part(book(*TWO), SHEET, lambda raw: raw[:-30]),
    "a row at the end of the world": with_part(
        book(*TWO), SHEET, lambda raw: raw.replace(b'<row r="2"', b'<row r="1048576"', 1)
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_cannot_be_read_is_refused_with_a_way_out_and_soon(name: str) -> None:
    began = time.process_time()
    with pytest.raises(RuleBroken) as refused:
        read_sheet(HOSTILE[name])
    assert time.process_time() - began < 5
    assert refused.value.reasons[0].code.startswith("IMPORT_")


def test_a_sheet_that_claims_to_be_endless_is_read_as_it_is() -> None:
    """The control: what a sheet says of its size is not believed."""
    claims = with_part(book(*TWO), SHEET, lambda raw: raw.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"', 1))
    assert len(read_sheet(claims).lines) == 1


def understood(field: Field, cell: str) -> tuple[ActivityContent, list[str]]:
    cells = {Field.NAME: ("Name", "Payroll"), field: ("Column", cell)}
    content, faults = content_of(cells, 7, KNOWN)
    return content, [reason.code for reason in faults]


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        (Field.PURPOSES, "Anything", "IMPORT_CODE_UNKNOWN"),
        (Field.SUBJECTS, "Employee; Martian", "IMPORT_CODE_UNKNOWN"),
        (Field.CATEGORIES, "Aura", "IMPORT_CODE_UNKNOWN"),
        (Field.MEASURES, "Prayer", "IMPORT_CODE_UNKNOWN"),
        (Field.RECIPIENTS, "Friend (Bob)", "IMPORT_CODE_UNKNOWN"),
        (Field.DATASETS, "Nowhere v1", "IMPORT_CODE_UNKNOWN"),
        (Field.AUTOMATION, "Sometimes", "IMPORT_CODE_UNKNOWN"),
        (Field.TRANSFERS, "America: Acme", "IMPORT_VALUE_MALFORMED"),
        (Field.SAFEGUARDS, "US: Acme: Art. 99", "IMPORT_VALUE_MALFORMED"),
        (Field.SOURCES, "Hearsay", "IMPORT_VALUE_MALFORMED"),
        (Field.RUNNING, "perhaps", "IMPORT_VALUE_MALFORMED"),
        (Field.BEGINS, "soon", "IMPORT_VALUE_MALFORMED"),
        (Field.NAME, "", "IMPORT_NAME_MISSING"),
        (Field.DPO, "x" * 301, "IMPORT_TEXT_TOO_LONG"),
    ],
)
def test_what_is_not_understood_is_a_fault_of_its_line(field: Field, cell: str, code: str) -> None:
    _content, faults = understood(field, cell)
    assert faults == [code]
    assert all(reason.facts["line"] == 7 for reason in content_of({field: ("C", cell)}, 7, KNOWN)[1])


def test_a_row_of_our_own_register_is_understood_as_it_stands() -> None:
    named = head(Articles.CONTROLLER)
    row = dict(zip(named, rows(COMPLETE, Articles.CONTROLLER)[0], strict=True))
    mapped = usual_columns(named)
    cells = {Field(target): (column, row[column]) for target, column in mapped.items()}
    content, faults = content_of(cells, 2, KNOWN)
    assert faults == ()
    assert content.name == "=Upkeep of pumps"
    assert PURPOSE in content.purpose_ids and ASSET in content.asset_ids
    assert {each.value for each in content.data_subject_categories} == {"Employee", "Visitor"}
    assert content.security_measures == {SecurityMeasure.ENCRYPTION, SecurityMeasure.REGULAR_TESTING}
    assert [(each.kind, each.party) for each in content.recipients] == [
        (RecipientKind.INTERNAL_TEAM, ""),
        (RecipientKind.PROCESSOR, "Cloud, Inc."),
    ]
    by_country = {each.country: each for each in content.transfers}
    assert by_country["CH"].mechanism is TransferMechanism.ADEQUACY
    assert by_country["US"].mechanism is TransferMechanism.STANDARD_CLAUSES
    assert (by_country["US"].importer, by_country["US"].instrument_ref) == ("Cloud, Inc.", "SCC-7")
    said = content.particulars
    assert said.automation is Automation.PROFILING
    assert said.sources == {DataSource.SUBJECT, DataSource.THIRD_PARTY}
    assert said.source_party == "Südwerk GmbH"
    assert said.dpo == "Dana Roth, dpo@example.org"
    assert content.is_running
    assert unsaid(content) == ()


def test_none_is_a_statement_and_missing_is_none() -> None:
    content, faults = understood(Field.RECIPIENTS, "None")
    assert (content.no_recipients_confirmed, faults) == (True, [])
    content, faults = understood(Field.RECIPIENTS, "MISSING")
    assert (content.no_recipients_confirmed, content.recipients, faults) == (False, (), [])
    content, _faults = understood(Field.DPO, "None")
    assert content.particulars.has_no_dpo is True
    assert Field.TRANSFERS in unsaid(content) and Field.DPO not in unsaid(content)


def test_every_target_has_a_label_and_finds_a_column_of_its_name() -> None:
    assert set(TARGETS) == set(Field)
    usual = {name for about in TARGETS.values() for name in about.usual}
    assert usual >= {"activity_name", "purposes(b)", "dpo(a)"}
    assert {column.name for column in CONTROLLER} & usual

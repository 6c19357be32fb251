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
from apps.compliance.imports.limits import key_of
from apps.compliance.imports.sheets import MOST_LINES, read_sheet
from apps.compliance.imports.targets import TARGETS, Field, Understood, unsaid, usual_columns
from apps.compliance.imports.targets import understood as read_row
from apps.compliance.lifecycle.activity import ActivityContent, RecipientKind, SecurityMeasure
from apps.compliance.lifecycle.activity.particulars import Automation, DataSource, SpecialCategory
from apps.compliance.lifecycle.retention import RetentionContent, Trigger
from apps.kernel.errors import RuleBroken
from apps.policy.law_words import TransferMechanism
from tests.compliance.test_register_rows import COMPLETE

PURPOSE, ASSET, SCHEDULE = uuid4(), uuid4(), uuid4()
KNOWN = Known(
    purposes={"pu-0001": PURPOSE, "answer inspectors": PURPOSE, "predict failures": uuid4()},
    assets={"pump readings": ASSET, "shift plans": uuid4()},
    categories={"health": "Health", "email address": "EmailAddress", "emailaddress": "EmailAddress"},
    special={"Health": "health"},
    schedules={"rs-0007": SCHEDULE, "letters": SCHEDULE},
    limits={key_of(RetentionContent(name="", data="Bids", duration="P90D")): SCHEDULE},
    grounds={PURPOSE: frozenset({"6(1)(c)", "9(2)(b)"})},
)


def line_of(**cells: str) -> Understood:
    """A row with these cells, by the names of their fields."""
    named = {Field(name): (name, cell) for name, cell in cells.items()}
    return read_row({Field.NAME: ("Name", "Payroll"), **named}, 3, KNOWN)


DATA = "Health; Email Address"


@pytest.mark.parametrize(
    ("cell", "duration", "trigger", "criterion", "cap"),
    [
        ("6 years after end of the contract", "P6Y", Trigger.CONTRACT_END, "", ""),
        ("1 year 6 months after the last activity", "P1Y6M", Trigger.LAST_ACTIVITY, "", ""),
        ("P90D after collection", "P90D", Trigger.COLLECTION, "", ""),
        ("10 years after 2027-03-31", "P10Y", Trigger.FIXED_DATE, "", ""),
        ("6 years after MISSING", "P6Y", None, "", ""),
        ("30 Days", "P30D", None, "", ""),
        ("until the tender ends, at most 1 year 1 month", "", None, "until the tender ends", "P1Y1M"),
        ("until the tender ends, at most MISSING", "", None, "until the tender ends", ""),
        ("as long as the law says", "", None, "as long as the law says", ""),
    ],
)
def test_a_time_limit_is_read_as_a_schedule_and_words_that_are_no_period_stay_words(
    cell: str, duration: str, trigger: Trigger | None, criterion: str, cap: str
) -> None:
    read = line_of(personal_data=DATA, time_limits=f"Health: {cell}")
    assert read.faults == ()
    [(place, schedule)] = read.schedules.items()
    assert schedule.data == "Health"
    assert (schedule.duration, schedule.trigger) == (duration, trigger)
    assert (schedule.criterion, schedule.max_cap) == (criterion, cap)
    kept = {row.category: row.retention for row in read.content.particulars.personal_data}
    assert kept == {"Health": place, "EmailAddress": None}
    assert Field.LIMITS in read.gaps, "of the other kind of data nobody says how long it is kept"


def test_time_limits_that_are_recorded_are_named_and_none_is_lost() -> None:
    def kept(cell: str) -> tuple[list[tuple[str, Any]], int]:
        read = line_of(personal_data=DATA, time_limits=cell)
        rows = [(row.category, row.retention) for row in read.content.particulars.personal_data]
        return rows, len(read.schedules)

    everything = [("Health", SCHEDULE), ("EmailAddress", SCHEDULE)]
    assert kept("RS-0007") == (everything, 0)
    assert kept("Health: Letters; Email Address: RS-0007") == (everything, 0)
    assert kept("Bids: 90 days") == (everything, 0)
    assert kept("Health: MISSING") == ([("Health", None), ("EmailAddress", None)], 0)
    rows, drafts = kept("Bids: 90 days; Badges: 5 years")
    assert (len(rows), rows[2], drafts) == (4, ("", SCHEDULE), 1)
    rows, drafts = kept("6 years; 7 years")
    assert [row for row, _ in rows] == ["Health", "EmailAddress", ""] and drafts == 2


def test_two_lines_that_say_the_same_share_a_schedule() -> None:
    one, same, other = (
        set(line_of(personal_data="Health", time_limits=f"Health: {each}").schedules)
        for each in ("P6Y", "6 years", "7 years")
    )
    assert one == same != other


def test_what_is_said_to_be_sensitive_stands_in_the_draft_and_no_contradiction_does() -> None:
    told = "Yes: Data concerning health (Art. 9(1)); Genetic data (Art. 9(1)); Convictions (Art. 10)"
    read = line_of(personal_data=DATA, special_kinds=told)
    assert [row.special_kind for row in read.content.particulars.personal_data] == [
        *(None, None),
        *(SpecialCategory.GENETIC, SpecialCategory.CRIMINAL),
    ]
    assert line_of(personal_data="Email Address", special_kinds="No").faults == ()
    [fault] = line_of(personal_data=DATA, special_kinds="No").faults
    assert (fault.code, fault.facts["line"], fault.facts["column"]) == (
        "IMPORT_VALUE_MALFORMED",
        3,
        "special_kinds",
    )


@pytest.mark.parametrize(
    ("cells", "gaps"),
    [
        ({"lawful_basis": "answer inspectors: Art. 6(1)(c)"}, set()),
        ({"lawful_basis": "6(1)(c)"}, set()),
        ({"lawful_basis": "answer inspectors: Art. 6(1)(f)"}, {Field.BASES}),
        ({"lawful_basis": "Predict failures: Art. 6(1)(f)"}, set()),
        ({"lawful_basis": "answer inspectors: MISSING"}, set()),
        ({"art9_condition": "answer inspectors: Art. 9(2)(b)"}, set()),
        ({"art9_condition": "answer inspectors: Art. 9(2)(b); Art. 9(2)(h)"}, {Field.CONDITIONS}),
        ({"art9_condition": "Not applicable"}, set()),
        ({"art10_authority": "answer inspectors: the law on doping"}, {Field.AUTHORITY}),
        ({"art10_authority": "Not applicable"}, set()),
    ],
)
def test_grounds_that_a_row_states_and_its_purposes_do_not_record_are_gaps(
    cells: dict[str, str], gaps: set[Field]
) -> None:
    read = line_of(purposes="answer inspectors", **cells)
    assert read.faults == ()
    assert set(read.unrecorded) == gaps


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
    read = read_row(cells, 7, KNOWN)
    return read.content, [reason.code for reason in read.faults]


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
        (Field.LIMITS, "Email Address: 6 years after doomsday", "IMPORT_CODE_UNKNOWN"),
        (Field.SENSITIVE, "Yes: Aura (Art. 9(1))", "IMPORT_CODE_UNKNOWN"),
        (Field.SENSITIVE, "yes", "IMPORT_VALUE_MALFORMED"),
        (Field.BASES, "Predict failures: Art. 6(1)(z)", "IMPORT_CODE_UNKNOWN"),
        (Field.CONDITIONS, "Nothing: Art. 9(2)(h)", "IMPORT_CODE_UNKNOWN"),
        (Field.CONDITIONS, "as the law says", "IMPORT_VALUE_MALFORMED"),
        (Field.DPO, "x" * 301, "IMPORT_TEXT_TOO_LONG"),
    ],
)
def test_what_is_not_understood_is_a_fault_of_its_line(field: Field, cell: str, code: str) -> None:
    _content, faults = understood(field, cell)
    assert faults == [code]
    assert all(reason.facts["line"] == 7 for reason in read_row({field: ("C", cell)}, 7, KNOWN).faults)


def test_a_row_of_our_own_register_is_understood_as_it_stands() -> None:
    named = head(Articles.CONTROLLER)
    row = dict(zip(named, rows(COMPLETE, Articles.CONTROLLER)[0], strict=True))
    mapped = usual_columns(named)
    cells = {Field(target): (column, row[column]) for target, column in mapped.items()}
    read = read_row(cells, 2, KNOWN)
    content = read.content
    assert read.faults == ()
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
    [(place, schedule)] = read.schedules.items()
    assert (schedule.data, schedule.duration, schedule.trigger) == ("Readings", "P6Y", Trigger.CONTRACT_END)
    assert {(row.category, row.retention) for row in said.personal_data} == {
        ("Health", place),
        ("EmailAddress", place),
    }
    assert read.gaps == (Field.BASES, Field.CONDITIONS), "its purposes do not record what the row says"


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

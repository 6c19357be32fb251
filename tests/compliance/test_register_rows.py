"""The register of Art. 30 to the letter: columns, cells, bytes. No database here."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.compliance.exports import cells, completeness
from apps.compliance.exports.columns import COLUMNS, Articles, concerns, rows
from apps.compliance.exports.entry import (
    Absent,
    Aim,
    Assessment,
    Category,
    Dataset,
    Entry,
    Party,
    Recipient,
    Retention,
    Served,
    Transfer,
)
from apps.compliance.exports.separated import head
from apps.compliance.lifecycle.activity import RecipientKind, Role, SecurityMeasure
from apps.kernel.separated import FORMULA, Lines, escaped

KEEPER = Party(
    name="Nordwerk AG", address="Hafenstraße 1\n20457 Hamburg", country="DE", contact="privacy@example.org"
)
COMPLETE = Entry(
    ref="PA-0001",
    version=3,
    status="approved",
    role=Role.JOINT_CONTROLLER,
    name="=Upkeep of pumps",
    keeper=KEEPER,
    controller=KEEPER,
    joint_controllers=(
        Party(name="Südwerk GmbH", address="Ring 2, 1010 Wien", country="AT", contact="x@example.org"),
    ),
    representative=Absent.NOT_APPLICABLE,
    dpo="Dana Roth, dpo@example.org",
    aims=(
        Aim(
            ref="PU-0002",
            version=1,
            name="Predict failures",
            basis="6(1)(f)",
            art9_conditions=("9(2)(j)", "9(2)(a)"),
            lia="LIA-0001 v2",
        ),
        Aim(
            ref="PU-0001", version=4, name="answer inspectors", basis="6(1)(c)", art9_conditions=("9(2)(b)",)
        ),
    ),
    subjects=("Visitor", "Employee"),
    categories=(
        Category(code="Health", label="Health", special="Data concerning health"),
        Category(code="EmailAddress", label="Email Address"),
    ),
    is_classified=True,
    recipients=(
        Recipient(kind=RecipientKind.PROCESSOR, party="Cloud, Inc.", country="US"),
        Recipient(kind=RecipientKind.INTERNAL_TEAM),
    ),
    transfers=(
        Transfer(
            country="US",
            importer="Cloud, Inc.",
            role="Processor",
            mechanism="46(2)(c)",
            instrument_ref="SCC-7",
            tia="TIA-3",
            tia_valid_to=date(2027, 6, 30),
        ),
        Transfer(country="CH", importer="Alp AG", role="Independent controller", mechanism="45(3)"),
    ),
    retentions=(Retention(ref="RS-0001", data="Readings", duration="P6Y", trigger="end of the contract"),),
    measures=(SecurityMeasure.REGULAR_TESTING, SecurityMeasure.ENCRYPTION),
    automated_decisions="Profiling, no solely automated decision",
    assessments=(
        Assessment(
            ref="DPIA-0001", version=2, is_required=True, state="approved", decided_on=date(2026, 2, 3)
        ),
    ),
    sources=("Südwerk GmbH (not obtained from the data subject)", "Data subject"),
    datasets=(Dataset(name="Shift plans", version=5), Dataset(name="Pump readings", version=12)),
    last_reviewed=date(2026, 3, 1),
    approved_by='Kim "K" Berg',
)
BARE = Entry(
    ref="PA-0002",
    version=1,
    status="approved",
    role=Role.CONTROLLER,
    name="Payroll",
    keeper=KEEPER,
    controller=KEEPER,
)
FILE = (
    "record_ref,record_version,record_status,controller(a),joint_controllers(a),representative(a),dpo(a),"
    "activity_name,purposes(b),data_subject_categories(c),personal_data_categories(c),"
    "special_category_or_criminal_data(c),recipient_categories(d),third_country_transfers(e),"
    "transfer_safeguards(e),erasure_time_limits(f),security_measures(g),lawful_basis,art9_condition,"
    "art10_authority,lia_ref,automated_decision_making,dpia,source_of_data,datasets,last_reviewed,approved_by\r\n"
    'PA-0001,3,approved,"Nordwerk AG, Hafenstraße 1, 20457 Hamburg, DE, privacy@example.org",'
    '"Südwerk GmbH, Ring 2, 1010 Wien, AT, x@example.org",Not applicable,"Dana Roth, dpo@example.org",'
    "'=Upkeep of pumps,answer inspectors; Predict failures,Employee; Visitor,Email Address; Health,"
    'Yes: Data concerning health (Art. 9(1)),"Internal team; Processor (Cloud, Inc.)",'
    '"CH: Alp AG (Independent controller); US: Cloud, Inc. (Processor)",'
    '"CH: Alp AG: Art. 45(3); US: Cloud, Inc.: Art. 46(2)(c), ref SCC-7, TIA-3 valid to 2027-06-30",'
    "Readings: 6 years after end of the contract,Encryption; Regular testing,"
    "answer inspectors: Art. 6(1)(c); Predict failures: Art. 6(1)(f),"
    "answer inspectors: Art. 9(2)(b); Predict failures: Art. 9(2)(a); Predict failures: Art. 9(2)(j),"
    'Not applicable,LIA-0001 v2,"Profiling, no solely automated decision",'
    "Required: approved 2026-02-03 (DPIA-0001 v2),"
    "Data subject; Südwerk GmbH (not obtained from the data subject),"
    'Pump readings v12; Shift plans v5,2026-03-01,"Kim ""K"" Berg"\r\n'
    'PA-0002,1,approved,"Nordwerk AG, Hafenstraße 1, 20457 Hamburg, DE, privacy@example.org",MISSING,MISSING,'
    "MISSING,Payroll,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,"
    "MISSING,MISSING,MISSING,MISSING,MISSING,MISSING,MISSING\r\n"
)
SERVING = replace(
    COMPLETE,
    ref="PA-0003",
    role=Role.PROCESSOR,
    recipients=(
        Recipient(kind=RecipientKind.SUB_PROCESSOR, party="Rack BV", country="NL"),
        Recipient(kind=RecipientKind.SUB_PROCESSOR, party="Disk"),
    ),
    transfers=Absent.NONE,
    served=(
        Served(
            party=Party(name="Südwerk GmbH", country="AT"),
            representative=Absent.NONE,
            processing=("Storage", "backup"),
            contract_ref="AV-12",
        ),
        Served(party=Party(name="alp AG", country="CH"), representative="Rep, Berlin"),
    ),
    locations=("NL", "DE"),
)
SERVING_FILE = (
    "record_ref,record_version,record_status,processor(a),processor_representative(a),dpo(a),"
    "on_behalf_of_controller(a),controller_representative(a),categories_of_processing(b),sub_processors,"
    "third_country_transfers(c),transfer_safeguards(c),security_measures(d),contract_ref,data_location,"
    "last_reviewed\r\n"
    'PA-0003,3,approved,"Nordwerk AG, Hafenstraße 1, 20457 Hamburg, DE, privacy@example.org",Not applicable,'
    '"Dana Roth, dpo@example.org","alp AG, CH","Rep, Berlin",MISSING,Disk (MISSING); Rack BV (NL),None,'
    "Not applicable,Encryption; Regular testing,MISSING,DE; NL,2026-03-01\r\n"
    'PA-0003,3,approved,"Nordwerk AG, Hafenstraße 1, 20457 Hamburg, DE, privacy@example.org",Not applicable,'
    '"Dana Roth, dpo@example.org","Südwerk GmbH, AT",None,backup; Storage,Disk (MISSING); Rack BV (NL),None,'
    "Not applicable,Encryption; Regular testing,AV-12 (Art. 28(3)),DE; NL,2026-03-01\r\n"
)


def written(articles: Articles, *entries: Entry) -> bytes:
    into = io.BytesIO()
    lines = Lines(into)
    lines.write([head(articles)])
    for entry in entries:
        lines.write(rows(entry, articles))
    return into.getvalue()


def cell(column: str, articles: Articles = Articles.CONTROLLER, **changed: Any) -> str:
    entry = replace(COMPLETE, **changed)
    return rows(entry, articles)[0][head(articles).index(column)]


def test_the_register_of_a_controller_is_this_file_byte_by_byte() -> None:
    assert written(Articles.CONTROLLER, COMPLETE, BARE) == FILE.encode()


def test_the_register_of_a_processor_has_a_row_for_each_controller() -> None:
    assert written(Articles.PROCESSOR, SERVING) == SERVING_FILE.encode()


def test_there_are_27_columns_and_16() -> None:
    assert {articles.value: len(columns) for articles, columns in COLUMNS.items()} == {
        "controller": 27,
        "processor": 16,
    }


def test_an_activity_stands_in_one_of_the_two_registers() -> None:
    for entry in (COMPLETE, BARE, SERVING):
        assert concerns(entry, Articles.CONTROLLER) is not concerns(entry, Articles.PROCESSOR)
    assert concerns(SERVING, Articles.PROCESSOR)


@pytest.mark.parametrize(
    ("column", "changed", "expected"),
    [
        ("recipient_categories(d)", {"recipients": Absent.NONE}, "None"),
        ("recipient_categories(d)", {"recipients": ()}, "MISSING"),
        ("third_country_transfers(e)", {"transfers": Absent.NONE}, "None"),
        ("transfer_safeguards(e)", {"transfers": Absent.NONE}, "Not applicable"),
        ("transfer_safeguards(e)", {"transfers": ()}, "MISSING"),
        (
            "transfer_safeguards(e)",
            {"transfers": (Transfer(country="BR", importer="Rio SA"),)},
            "BR: Rio SA: MISSING",
        ),
        (
            "transfer_safeguards(e)",
            {
                "transfers": (
                    Transfer(country="BR", importer="Rio SA", mechanism="49(1)-2", instrument_ref="N"),
                )
            },
            "BR: Rio SA: Art. 49(1) second subparagraph, ref N",
        ),
        (
            "transfer_safeguards(e)",
            {"transfers": (Transfer(country="BR", importer="Rio SA", mechanism="46(2)(b)"),)},
            "BR: Rio SA: Art. 46(2)(b), ref MISSING, TIA MISSING",
        ),
        ("special_category_or_criminal_data(c)", {"categories": ()}, "No"),
        ("special_category_or_criminal_data(c)", {"categories": (), "is_classified": False}, "MISSING"),
        (
            "special_category_or_criminal_data(c)",
            {"categories": (Category(code="Criminal", label="Criminal", is_criminal=True),)},
            "Yes: Criminal (Art. 10)",
        ),
        (
            "art10_authority",
            {"categories": (Category(code="Criminal", label="Criminal", is_criminal=True),)},
            "answer inspectors: MISSING; Predict failures: MISSING",
        ),
        (
            "art9_condition",
            {"aims": (Aim(ref="PU-1", version=1, name="Help"),)},
            "Help: MISSING",
        ),
        (
            "art9_condition",
            {"aims": (Aim(ref="PU-1", version=1, name="Help"),), "categories": ()},
            "Not applicable",
        ),
        ("lawful_basis", {"aims": (Aim(ref="PU-1", version=1, name="Help"),)}, "Help: MISSING"),
        ("lia_ref", {"aims": (Aim(ref="PU-1", version=1, name="Help", basis="6(1)(b)"),)}, "Not applicable"),
        ("lia_ref", {"aims": (Aim(ref="PU-1", version=1, name="Help", basis="6(1)(f)"),)}, "MISSING"),
        (
            "dpia",
            {
                "assessments": (
                    Assessment(ref="DPIA-0002", version=1, is_required=False, reason="One criterion"),
                )
            },
            "Not required: One criterion",
        ),
        (
            "erasure_time_limits(f)",
            {
                "retentions": (
                    Retention(ref="R", data="Bids", criterion="until the tender ends", at_most="P1Y1M"),
                )
            },
            "Bids: until the tender ends, at most 1 year 1 month",
        ),
        ("datasets", {"datasets": (Dataset(name="Plans", version=None),)}, "Plans vMISSING"),
        ("joint_controllers(a)", {"joint_controllers": Absent.NOT_APPLICABLE}, "Not applicable"),
        ("dpo(a)", {"dpo": Absent.NONE}, "None"),
    ],
)
def test_a_cell_says_what_is_there_what_is_not_and_what_is_unknown(
    column: str, changed: dict[str, Any], expected: str
) -> None:
    assert cell(column, **changed) == expected


def test_a_processor_without_a_controller_has_a_row_all_the_same() -> None:
    assert cell("on_behalf_of_controller(a)", Articles.PROCESSOR, served=()) == "MISSING"


def test_sorting_comes_before_escaping() -> None:
    """`-b` sorts behind `(a`, and would not if it were `'-b` already; the cell as a whole is escaped."""
    assert cells.many(["-b", "(a"]) == "(a; -b"
    assert escaped(cells.many(["-b", "c"])) == "'-b; c"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_what_begins_like_a_formula_is_text(first: str) -> None:
    assert escaped(f"{first}1+1") == f"'{first}1+1"
    assert escaped(f"1{first}1") == f"1{first}1"


@given(st.text(alphabet="=+-@\t\r\n\"',;aé", max_size=8))
def test_no_cell_of_any_text_is_a_formula_and_every_file_is_read_back(text: str) -> None:
    import csv

    raw = written(Articles.CONTROLLER, replace(BARE, name=text, approved_by=text)).decode()
    row = list(csv.reader(io.StringIO(raw, newline="")))[1]
    assert len(row) == len(COLUMNS[Articles.CONTROLLER])
    assert not any(found.startswith(FORMULA) for found in row)


def test_everything_that_is_missing_is_told_with_what_demands_it() -> None:
    assert list(completeness.findings(COMPLETE, Articles.CONTROLLER)) == []
    told = {each.column: each.article for each in completeness.findings(BARE, Articles.CONTROLLER)}
    assert told["dpo(a)"] == "Art. 30(1)(a)"
    assert set(told) == {
        name
        for name, found in zip(head(Articles.CONTROLLER), rows(BARE, Articles.CONTROLLER)[0], strict=True)
        if found == "MISSING"
    }


def test_a_name_that_looks_like_a_gap_is_none_and_a_block_is_told() -> None:
    named = replace(COMPLETE, name="MISSING persons", blocked_by=("The purpose PU-0001 is not approved.",))
    told = [(each.column, each.cell) for each in completeness.findings(named, Articles.CONTROLLER)]
    assert told == [("clearance", "The purpose PU-0001 is not approved.")]

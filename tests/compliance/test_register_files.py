"""The formats of the register: what stands in each, and that no text of a record becomes anything else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.compliance.exports import linked
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.entry import Entry, Transfer
from apps.compliance.exports.provenance import Order
from apps.compliance.exports.writing import MOST_ON_PAPER, Format, write
from apps.compliance.lifecycle.activity import DataSubjectCategory, RecipientKind
from apps.compliance.taxonomy import shipped_purposes, terms
from apps.kernel.errors import RuleBroken
from apps.policy.law_words import TransferMechanism
from apps.policy.vocabulary import Art9Condition, LawfulBasis
from tests.compliance.test_register_rows import BARE, COMPLETE, FILE
from tests.compliance.test_taxonomy import PUBLISHED

ORDER = Order(
    organization="Nordwerk AG",
    articles=Articles.CONTROLLER,
    as_of=date(2026, 3, 31),
    made_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
    made_by="Kim Berg",
    portal="Lakewarden",
)
HOSTILE = '#eval("1") $x$ @cite \\ <label> ]}} #read("/etc/passwd") =1+1 \x0b'
REGISTER = "urn:lakewarden:register:nw:controller"


def file_of(format: Format, *entries: Entry) -> bytes:
    into = io.BytesIO()
    write(ORDER, format, [list(entries)], into, register=REGISTER)
    return into.getvalue()


def test_the_hash_of_every_format_is_that_of_the_csv() -> None:
    import hashlib

    told = [
        write(ORDER, kind, [[COMPLETE], [BARE]], io.BytesIO(), register=REGISTER)
        for kind in Format
        if kind is not Format.JSON
    ]
    assert {each["rows_sha256"] for each in told} == {hashlib.sha256(FILE.encode()).hexdigest()}
    assert {each["records"] for each in told} == {2}


def test_a_workbook_has_the_register_and_what_its_cells_join() -> None:
    book = load_workbook(io.BytesIO(file_of(Format.XLSX, COMPLETE, BARE)), read_only=True)
    assert book.sheetnames == [
        *("register", "purposes", "data", "recipients", "transfers", "retention"),
        *("completeness", "provenance"),
    ]
    assert [list(row) for row in book["register"].values] == list(csv.reader(io.StringIO(FILE)))
    assert [row[3] for row in book["purposes"].values] == ["name", "Predict failures", "answer inspectors"]
    assert {row[0] for row in list(book["completeness"].values)[1:]} == {"PA-0002"}
    assert dict(list(book["provenance"].values)[1:])["records"] == "2"


def test_no_cell_of_a_workbook_is_a_formula_or_an_error() -> None:
    entry = replace(COMPLETE, name="=1+1", approved_by="#REF!", dpo="a\x0bb" + "x" * 40_000)
    book = load_workbook(io.BytesIO(file_of(Format.XLSX, entry)))
    cells = {cell.value: cell.data_type for row in book["register"].iter_rows() for cell in row}
    assert set(cells.values()) == {"s"}
    assert {"'=1+1", "#REF!"} <= set(cells)
    assert max(len(str(value)) for value in cells) == 32_767


def test_paper_is_tagged_and_says_what_records_say_and_never_does_it() -> None:
    raw = file_of(Format.PDF, replace(COMPLETE, name=HOSTILE, approved_by=HOSTILE), BARE)
    paper = PdfReader(io.BytesIO(raw))
    said = " ".join(page.extract_text() for page in paper.pages)
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    assert paper.trailer["/Root"]["/Lang"] == "en"
    assert b"pdfuaid" in raw
    for part in ('#eval("1")', '#read("/etc/passwd")', "$x$", "What the register does not say", "PA-0002"):
        assert part in said


def test_paper_that_would_be_too_long_is_refused_with_a_way_out() -> None:
    with pytest.raises(RuleBroken) as refused:
        write(ORDER, Format.PDF, [[BARE] * (MOST_ON_PAPER + 1)], io.BytesIO(), register=REGISTER)
    assert refused.value.reasons[0].code == "REGISTER_TOO_LONG_FOR_PAPER"


def iris_of(value: Any, prefixes: dict[str, str]) -> Iterator[str]:
    """Every term that a reader of JSON-LD would see: keys, types and references."""
    match value:
        case list():
            for member in value:
                yield from iris_of(member, prefixes)
        case dict():
            for name, member in value.items():
                if name in {"@id", "@type"}:
                    yield _whole(member, prefixes)
                    continue
                if not name.startswith("@"):
                    yield _whole(name, prefixes)
                yield from iris_of(member, prefixes)


def _whole(iri: str, prefixes: dict[str, str]) -> str:
    prefix, _, code = iri.partition(":")
    return f"{prefixes[prefix]}{code}" if prefix in prefixes else iri


def shipped() -> set[str]:
    return {*terms.shipped_iris(), *(each.iri for each in terms.statements())}


def full_entry() -> Entry:
    """Every word of the law and every kind of recipient at once."""
    shown = next(shipped_purposes())
    aims = [
        replace(COMPLETE.aims[0], basis=basis.value, iri=shown.iri, art9_conditions=tuple(Art9Condition))
        for basis in LawfulBasis
    ]
    return replace(
        COMPLETE,
        aims=tuple(aims),
        subject_codes=tuple(DataSubjectCategory),
        recipients=tuple(replace(COMPLETE.recipients[0], kind=kind) for kind in RecipientKind),
        transfers=tuple(
            Transfer(country="US", importer="X", mechanism=each.value) for each in TransferMechanism
        ),
        categories=tuple(
            replace(COMPLETE.categories[0], iri=entry.iri)
            for entry in terms.terms(terms.Facet.CATEGORIES).values()
            if entry.scheme != "local"
        ),
        locations=("DE", "US-CA", "XX"),
    )


def test_a_graph_holds_no_term_that_does_not_ship() -> None:
    graph = json.loads(file_of(Format.JSONLD, full_entry(), BARE))
    found = set(iris_of(graph["@graph"], graph["@context"]))
    own = {iri for iri in found if iri.startswith("urn:lakewarden:")}
    assert found - own - shipped() == set()
    assert own == {REGISTER, f"{REGISTER}:PA-0001", f"{REGISTER}:PA-0002"}
    assert "https://w3id.org/dpv/legal/eu/gdpr#A49-2" in found


def test_a_term_that_does_not_ship_is_refused_where_it_is_written() -> None:
    """The control: the check above would see it, and it cannot even be written."""
    with pytest.raises(LookupError):
        linked.term("hasEverything")


def test_every_record_of_a_graph_belongs_to_the_register() -> None:
    graph = json.loads(file_of(Format.JSONLD, COMPLETE, BARE))["@graph"]
    assert graph[0]["@type"] == "dpv:ROPA"
    assert [node["@reverse"] for node in graph[1:]] == [{"dpv:hasProcess": {"@id": REGISTER}}] * 2


def test_completeness_is_a_file_of_its_own() -> None:
    lines = list(csv.reader(io.StringIO(file_of(Format.COMPLETENESS, COMPLETE, BARE).decode())))
    assert lines[0] == ["record_ref", "record_version", "activity_name", "column", "article", "what"]
    assert {line[0] for line in lines[1:]} == {"PA-0002"}


def test_every_statement_is_made_in_words_of_the_vocabulary() -> None:
    stated = [each.iri for each in terms.statements()]
    assert len(set(stated)) == len(stated)
    assert set(stated) - PUBLISHED == set()

"""The formats of the register: what stands in each, and that no text of a record becomes anything else."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.compliance.exports import linked, printed
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.entry import Category, Entry, Transfer
from apps.compliance.exports.printed import RECORDS_OF_A_PART
from apps.compliance.exports.provenance import Order
from apps.compliance.exports.writing import Format, ending_of, media_type_of, write
from apps.compliance.lifecycle.activity import DataSubjectCategory, RecipientKind
from apps.compliance.taxonomy import shipped_purposes, terms
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


def test_a_workbook_gives_back_every_text_as_it_was() -> None:
    """Also marks of XML, spaces at the ends and lines, which XML ends in one way only."""
    told = "  <a> & \"b\" 'c' ]]>\r\nü\U0001f600 \t_x0041_ "
    raw = file_of(Format.XLSX, replace(COMPLETE, aims=(replace(COMPLETE.aims[0], description=told),)))
    book = load_workbook(io.BytesIO(raw))
    assert book["purposes"]["I2"].value == told.replace("\r\n", "\n")
    assert (book.properties.creator, book["register"].freeze_panes) == ("Lakewarden", "A2")


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


def test_a_long_register_is_several_papers_that_hold_every_record_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printed, "RECORDS_OF_A_PART", 2)
    entries = [replace(BARE, ref=f"PA-{number:04}") for number in range(1, 6)]
    with zipfile.ZipFile(io.BytesIO(file_of(Format.PDF, *entries))) as parts:
        papers = [PdfReader(io.BytesIO(parts.read(name))) for name in sorted(parts.namelist())]
    said = [" ".join(page.extract_text() for page in paper.pages) for paper in papers]
    assert [re.findall(r"(PA-\d{4}), version", text) for text in said] == [
        ["PA-0001", "PA-0002"],
        ["PA-0003", "PA-0004"],
        ["PA-0005"],
    ]
    assert "2 of 3: PA-0003 to PA-0004" in said[1]
    assert all("What the register does not say" in text for text in said)
    assert all("/StructTreeRoot" in paper.trailer["/Root"] for paper in papers)


def test_what_a_file_is_called_follows_from_how_long_the_register_is() -> None:
    short, long = RECORDS_OF_A_PART, RECORDS_OF_A_PART + 1
    assert (ending_of(Format.PDF, short), media_type_of(Format.PDF, short)) == ("pdf", "application/pdf")
    assert (ending_of(Format.PDF, long), media_type_of(Format.PDF, long)) == ("zip", "application/zip")
    assert (
        ending_of(Format.XLSX, long) == "xlsx" and ending_of(Format.COMPLETENESS, long) == "completeness.csv"
    )


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


def test_a_term_that_is_on_no_list_would_be_seen() -> None:
    """The control: the same look at a graph into which one was put."""
    graph = json.loads(file_of(Format.JSONLD, COMPLETE))
    graph["@graph"][1]["dpv:hasEverything"] = {"@id": "eu-gdpr:A99", "@type": "dpv:Process"}
    found = set(iris_of(graph["@graph"], graph["@context"]))
    unknown = {iri for iri in found - shipped() if not iri.startswith("urn:lakewarden:")}
    assert unknown == {"https://w3id.org/dpv#hasEverything", "https://w3id.org/dpv/legal/eu/gdpr#A99"}


def test_terms_of_ones_own_are_told_by_their_name_below_a_term_of_the_vocabulary() -> None:
    own = replace(COMPLETE.aims[0], iri="urn:lakewarden:purpose:PumpCare", name="Care for pumps")
    kind = Category(code="BadgeNumber", label="Badge number")
    node = json.loads(file_of(Format.JSONLD, replace(COMPLETE, aims=(own,), categories=(kind,))))["@graph"][1]
    assert node["dpv:hasPurpose"] == [{"@type": "dpv:Purpose", "dpv:hasName": "Care for pumps"}]
    assert node["dpv:hasPersonalData"] == [{"@type": "dpv:PersonalData", "dpv:hasName": "Badge number"}]


def test_a_term_that_does_not_ship_is_refused_where_it_is_written() -> None:
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

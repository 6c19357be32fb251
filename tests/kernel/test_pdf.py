"""What is printed is what was written, for everybody, and nothing written is carried out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from apps.kernel import pdf
from apps.kernel.pdf import (
    Block,
    Document,
    Heading,
    Items,
    Picture,
    Statements,
    Text,
    pdf_of,
    printed_apart,
    table,
    terms,
)

AT = datetime(2026, 11, 26, 12, 0, 0, 17, tzinfo=UTC)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
CODE = [
    "#panic(1)",
    '#read("/etc/hostname")',
    '#import "@preview/cetz:0.3.1"',
    "#set page(width: 1pt)",
    "$x^2$ *b* _i_ `raw` = h",
    "@ref <label> // /* */ \\ ]",
    "[ ) # ]",
    '"} { \\u{41} #sys.inputs',
]


def printed(*blocks: Block, **more: Any) -> PdfReader:
    document = Document(title="A title", blocks=blocks, **more)
    return PdfReader(io.BytesIO(pdf_of(document, at=AT)))


def text_of(reader: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_block_says_what_it_was_given() -> None:
    reader = printed(
        Heading(text="A section"),
        Heading(text="Below it", level=2),
        Text(text="One paragraph.\n\nAnother,\nin two lines."),
        Text(text="Verbatim.", is_quoted=True),
        Text(text="By the way.", is_faint=True),
        terms(("Name", "Meaning"), ("Empty", "")),
        table(["One", "Two"], [["a", "b"], ["c", ""]], widths=(1, 3), caption="Of letters"),
        Statements(rows=(("Basis", "Art. 6(1)", "consent"), ("Silence", "Art. 7", ""))),
        Items(items=("first", "second")),
        Picture(svg=SQUARE, told="A square"),
        subtitle="Below the title",
        footer="REF-1 v2",
    )
    told = text_of(reader)
    words = [
        "A title",
        "A section",
        "Below it",
        "in two lines.",
        "Verbatim.",
        "By the way.",
        "Meaning",
        "Of letters",
        "Basis Art. 6(1): consent",
        "Silence Art. 7: –",
    ]
    assert [
        each for each in [*words, "first", "Below the title", "REF-1 v2"] if squeezed(each) not in told
    ] == []


def test_it_is_tagged_and_names_its_title_and_language_for_those_who_hear_it() -> None:
    reader = printed(Heading(text="S"), Text(text="t"), language="de-DE")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else False
    assert reader.metadata is not None
    assert reader.metadata.title == "A title"


@pytest.mark.parametrize("text", CODE)
def test_no_text_is_carried_out(text: str) -> None:
    """In every place where words of a record can stand."""
    reader = printed(
        Heading(text=text),
        Text(text=text),
        Text(text=text, is_quoted=True),
        terms((text, text)),
        table([text], [[text]], caption=text),
        Statements(rows=((text, text, text),)),
        Items(items=(text,)),
        Picture(svg=SQUARE, told=text),
        subtitle=text,
        footer=text,
    )
    assert text_of(reader).count(squeezed(text)) == 14


def test_a_text_as_code_would_have_been_carried_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The control: a look that reads its words as code is caught by the same texts."""
    careless = tmp_path / "house.typ"
    careless.write_text(pdf.HOUSE.read_text() + '\n#eval(told.blocks.at(0).text, mode: "markup")')
    monkeypatch.setattr(pdf, "HOUSE", careless)
    with pytest.raises(Exception, match="panic"):
        printed(Heading(text=CODE[0]))


def test_what_no_font_holds_is_spelled_out() -> None:
    told = text_of(printed(Text(text="Ж 日本 \U0001f600 \U000f0000 \u202eabc\x07")))
    assert "[U+F0000]" in told
    assert "[U+202E]abc[U+0007]" in told
    assert "Ж" in told


def test_a_process_of_its_own_sets_the_same_document() -> None:
    document = Document(title="A title", blocks=[Text(text=CODE[0]), Text(text="ü Ж \U000f0000 \u202e")])
    assert printed_apart(document, at=AT) == pdf_of(document, at=AT)


def test_a_row_without_all_its_cells_is_no_row() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        printed(table(["a", "b"], [["only one"]]))

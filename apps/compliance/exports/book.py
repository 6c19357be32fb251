"""A workbook of nothing but text, written row by row to the disk (ECMA-376).

Each cell holds a string of its own: none is a formula, a number or an error, whatever it begins with. That
takes a tenth of what a library takes that knows everything a cell could be.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO
from xml.sax.saxutils import escape

LONGEST = 32_767
CUT = " … (cut: a cell of a workbook holds no more; the whole text is in the CSV)"
NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
KEPT_IN_MEMORY = 1 << 20
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
BEGINS = (
    f'{DECLARED}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
    'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
).encode()
ENDS = b"</sheetData></worksheet>"


class Book:
    """`heads` by the name of the sheet, in their order: the first line of each, which stays in sight."""

    def __init__(
        self, heads: Mapping[str, Sequence[str]], *, title: str, creator: str, made_at: datetime
    ) -> None:
        self.title, self.creator = title, creator
        self.made_at = made_at.astimezone(UTC)
        self.sheets = {name: _Sheet(len(head)) for name, head in heads.items()}
        for name, head in heads.items():
            self.append(name, head)

    def append(self, name: str, row: Iterable[str]) -> None:
        """Raises: KeyError where there is no such sheet, IndexError for more cells than it has columns."""
        self.sheets[name].append(row)

    def close(self, into: IO[bytes]) -> None:
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self._parts().items():
                archive.writestr(self._entry(name), DECLARED + text)
            for number, sheet in enumerate(self.sheets.values(), start=1):
                with archive.open(self._entry(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                    sheet.close(part)

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, date_time=self.made_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry

    def _parts(self) -> dict[str, str]:
        """What says that the sheets are a workbook."""
        numbered = list(enumerate(self.sheets, start=1))
        made = f"{self.made_at:%Y-%m-%dT%H:%M:%SZ}"
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SHEET}.worksheet+xml"/>'
            for number, _ in numbered
        )
        return {
            "[Content_Types].xml": (
                f'<Types xmlns="{PACKAGE}/content-types">'
                '<Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>{types}'
                '<Override PartName="/docProps/core.xml" '
                'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
            ),
            "_rels/.rels": _relations(
                (f"{OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
                (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ),
            "docProps/core.xml": (
                f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
                'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
                'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
                f"<dc:title>{_text(self.title)}</dc:title><dc:creator>{_text(self.creator)}</dc:creator>"
                f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
                f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified></cp:coreProperties>'
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><bookViews><workbookView/>'
                "</bookViews><sheets>"
                + "".join(
                    f'<sheet name="{_text(name)}" sheetId="{number}" r:id="rId{number}"/>'
                    for number, name in numbered
                )
                + "</sheets></workbook>"
            ),
            "xl/_rels/workbook.xml.rels": _relations(
                *(
                    (f"{OFFICE}/relationships/worksheet", f"worksheets/sheet{number}.xml")
                    for number, _ in numbered
                )
            ),
        }


class _Sheet:
    def __init__(self, width: int) -> None:
        self.letters = [_letters(number) for number in range(1, width + 1)]
        self.count = 0
        self.file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self.file.write(BEGINS)

    def append(self, row: Iterable[str]) -> None:
        self.count += 1
        cells = "".join(
            f'<c r="{self.letters[place]}{self.count}" t="inlineStr"><is><t xml:space="preserve">'
            f"{_text(value)}</t></is></c>"
            for place, value in enumerate(row)
            if value
        )
        self.file.write(f'<row r="{self.count}">{cells}</row>'.encode())

    def close(self, into: IO[bytes]) -> None:
        self.file.write(ENDS)
        self.file.seek(0)
        shutil.copyfileobj(self.file, into)
        self.file.close()


def _relations(*pairs: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _letters(number: int) -> str:
    """1 is A, 27 is AA."""
    told = ""
    while number:
        number, rest = divmod(number - 1, 26)
        told = chr(ord("A") + rest) + told
    return told


def _text(value: str) -> str:
    """As XML holds it; what a workbook cannot hold is replaced, or cut and said to be."""
    text = NOT_IN_XML.sub("\ufffd", value)
    text = text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
    return escape(text, {"\r": "&#13;", '"': "&quot;"})

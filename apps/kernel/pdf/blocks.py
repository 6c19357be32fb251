"""What a printed document is made of: words and figures, no typography."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`level` 1 is a section of the document; a level is never skipped."""

    text: str
    level: int = 1

    def as_json(self) -> Plain:
        return {"kind": "heading", "text": self.text, "level": self.level + 1}


@dataclass(frozen=True, kw_only=True)
class Text:
    """Paragraphs, as they were typed: an empty line divides two, a single break is kept."""

    text: str
    is_quoted: bool = False
    is_faint: bool = False

    def as_json(self) -> Plain:
        told = self.text.replace("\r\n", "\n").strip().split("\n\n")
        paragraphs = [each.strip("\n").split("\n") for each in told]
        return {
            "kind": "text",
            "paragraphs": paragraphs,
            "is_quoted": self.is_quoted,
            "is_faint": self.is_faint,
        }


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Names with what they stand for, below each other."""

    pairs: tuple[tuple[str, str], ...]

    def as_json(self) -> Plain:
        return {"kind": "terms", "pairs": [[str(name), str(said) or "–"] for name, said in self.pairs]}


@dataclass(frozen=True, kw_only=True)
class Table:
    """`widths` are shares of the line, one for each column. The head stands on every page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    caption: str = ""

    def as_json(self) -> Plain:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("A row has not as many cells as the table has columns.")
        return {
            "kind": "table",
            "columns": [str(each) for each in self.columns],
            "cells": [str(cell) or "–" for row in self.rows for cell in row],
            "widths": list(self.widths or (1,) * len(self.columns)),
            "caption": self.caption,
        }


@dataclass(frozen=True, kw_only=True)
class Statements:
    """What is said of one thing, a paragraph each: its name, where that comes from, the words. Many of them
    are set in a third of the time that a table takes."""

    rows: tuple[tuple[str, str, str], ...]

    def as_json(self) -> Plain:
        return {
            "kind": "statements",
            "rows": [[name, source, said or "–"] for name, source, said in self.rows],
        }


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list of short things."""

    items: tuple[str, ...]

    def as_json(self) -> Plain:
        return {"kind": "items", "items": [str(each) for each in self.items]}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An SVG of our own making; `told` says in words what it shows. `width` is a share of the line."""

    svg: str
    told: str
    width: float = 0.6

    def as_json(self) -> Plain:
        return {"kind": "picture", "svg": self.svg, "told": self.told, "width": self.width * 100}


Block = Heading | Text | Terms | Table | Statements | Items | Picture


@dataclass(frozen=True, kw_only=True)
class Document:
    """`language` as in BCP 47; `footer` stands on every page, such as a reference with its version."""

    title: str
    blocks: Sequence[Block]
    language: str = "en"
    subtitle: str = ""
    footer: str = ""
    is_landscape: bool = False

    def as_json(self) -> Plain:
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "language": self.language.partition("-")[0],
            "footer": self.footer,
            "is_landscape": self.is_landscape,
            "blocks": [block.as_json() for block in self.blocks],
        }


def terms(*pairs: tuple[Any, Any]) -> Terms:
    return Terms(pairs=tuple((str(name), str(said)) for name, said in pairs))


def table(columns: Iterable[Any], rows: Iterable[Iterable[Any]], **more: Any) -> Table:
    """From anything that has a text."""
    return Table(
        columns=tuple(str(each) for each in columns),
        rows=tuple(tuple(str(cell) for cell in row) for row in rows),
        **more,
    )

"""CVAT XML 1.1, of pictures and of videos: read piece by piece; nothing it declares is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from apps.kernel.characters import NOT_STORED
from apps.kernel.errors import rule_broken
from apps.labeling.imports.addresses import addresses_in
from apps.labeling.imports.annotation import (
    AREA_MALFORMED,
    ID_TWICE,
    INSIDE_REFUSED,
    LABEL_EMPTY,
    LABEL_UNKNOWN,
    NOT_READ,
    PART_MALFORMED,
    TOO_LARGE,
    UNNAMED,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
    fault,
    unreadable,
)
from apps.labeling.imports.cvat_shapes import placed
from apps.labeling.imports.drawn import Misplaced, Undrawable
from apps.labeling.imports.elements import LARGEST_ELEMENT
from apps.labeling.imports.pieces import (
    LONGEST_ITEM,
    LONGEST_LABEL,
    outside,
    positive,
    too_long,
    word,
)
from apps.labeling.imports.source import Source
from apps.labeling.imports.worked import day_of

TAG = "tag"
"""A label of the whole item."""
SHAPES = {TAG, "box", "polygon", "polyline", "points", "cuboid", "ellipse", "mask", "skeleton"}
HOLDERS = {"image", "track"}
LONGEST_NAME = 80
DEEPEST = 32
AUTOMATIC = "auto"
ASSIGNEE = ["annotations", "meta", "job", "assignee"]
"""Whoever has the job. Who has the task, or owns it, need not have labeled it."""
META = ["annotations", "meta"]
CREATED = "created"
"""When the tool was given the items of a task or job; when each was labeled it does not say."""


def read_cvat(source: Source, tally: Tally) -> Read:
    """Raises: RuleBroken where it is no XML, declares entities or a type, or goes too deep."""
    reader = make_parser()
    reader.forbid_dtd = True
    handler = _Handler(tally, reader.getLineNumber)
    reader.setContentHandler(handler)
    try:
        held, met = 0, 0
        for piece in source.pieces():
            reader.feed(piece)
            held, met = (0 if handler.met > met else held + len(piece)), handler.met
            if held > LARGEST_ELEMENT:
                what = f"a part of line {handler.line} has more than {LARGEST_ELEMENT} characters"
                raise rule_broken(TOO_LARGE, field="content", what=what)
            yield from handler.take()
        reader.close()
    except SAXParseException as wrong:
        raise _unreadable(f"line {wrong.getLineNumber()}: {wrong.getMessage()}") from wrong
    except DefusedXmlException as wrong:
        raise _unreadable("it declares a document type or entities") from wrong
    yield from handler.take()


def _unreadable(why: str) -> Exception:
    return unreadable(Format.CVAT.value, why)


@dataclass(kw_only=True)
class _Item:
    name: str
    width: float | None
    height: float | None


class _Handler(ContentHandler):
    """Keeps the way from the root to where the reader is, and what it found since it was last asked. `met`:
    how many elements began or ended."""

    def __init__(self, tally: Tally, line: Callable[[], int]) -> None:
        super().__init__()
        self._tally = tally
        self._found: list[Annotation | Fault] = []
        self._way: list[str] = []
        self._text: list[str] = []
        self._labels: set[str] = set()
        self._seen: dict[str, int] = {}
        self._refused = 0
        self._size: dict[str, float | None] = {}
        self._source = ""
        self._item: _Item | None = None
        self._track: str | None = None
        self._source_of_track: str | None = None
        self._where = line
        self.met = 0

    def take(self) -> Iterator[Annotation | Fault]:
        found, self._found = self._found, []
        return iter(found)

    @property
    def line(self) -> int:
        return self._where()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name the reader calls
        if not self._way and name != "annotations":
            raise _unreadable(f"it begins with «{name[:50]}» in place of «annotations»")
        if len(self._way) == DEEPEST:
            raise _unreadable(f"line {self.line}: it is nested too deeply")
        self.met += 1
        self._tally.one_more()
        self._tally.emails += sum(addresses_in(value) for value in attrs.values())
        self._way.append(name)
        self._text = []
        given = dict(attrs.items())
        if name == "image" and len(self._way) == 2:
            self._begin_image(given)
        elif name == "track" and len(self._way) == 2:
            self._begin_track(given)
        elif name in SHAPES and len(self._way) == 3 and self._way[1] in HOLDERS:
            self._shape(name, given)
        elif self._is_lost(name, given):
            shape, inside = (each[:LONGEST_NAME] for each in (name, self._way[-2]))
            self._found.append(fault(NOT_READ, self.line, shape, shape=shape, inside=inside))

    def _is_lost(self, name: str, given: dict[str, str]) -> bool:
        """It shows something, and stands where nothing is read: in a skeleton, in a track of a track."""
        is_shape = name in SHAPES or name == "image" or "label" in given or "frame" in given
        is_about_the_file = len(self._way) < 2 or self._way[1] == "meta"
        is_hidden = name == "track" or given.get("outside") == "1"
        return is_shape and not is_about_the_file and not is_hidden

    def characters(self, content: str) -> None:
        self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name the reader calls
        self.met += 1
        said = "".join(self._text).strip()
        self._text = []
        self._tally.emails += addresses_in(said)
        way = self._way
        if way[-4:] == ["task", "labels", "label", "name"] or way[-4:] == ["job", "labels", "label", "name"]:
            self._labels.add(word(said, self._tally.named))
        elif way[-2:] == ["original_size", name]:
            self._size[name] = positive(said)
        elif way[:-1] == ASSIGNEE and name in {"username", "email"}:
            self._tally.assigned.append(NOT_STORED.sub("", said)[:LONGEST_LABEL])
        elif name == CREATED and way[:2] == META and (day := day_of(said)):
            self._tally.begun = min(day, self._tally.begun or day)
        elif way == ["annotations", "meta", "source"]:
            self._source = word(said, self._tally.named)
        if len(way) == 2:
            self._item = self._track = self._source_of_track = None
        way.pop()

    def _begin_image(self, given: dict[str, str]) -> None:
        name, line = word(given.get("name"), self._tally.named), self.line
        self._refused = line
        if not name:
            self._found.append(fault(PART_MALFORMED, line, "image", what="The name of an item"))
        elif long := too_long("The name of an item", name, LONGEST_ITEM, line, "image"):
            self._found.append(long)
        elif name in self._seen:
            self._found.append(fault(ID_TWICE, line, "image", id=name, first=self._seen[name]))
        else:
            self._seen[name] = line
            self._tally.items.add(name)
            self._item = _Item(
                name=name, width=positive(given.get("width")), height=positive(given.get("height"))
            )

    def _begin_track(self, given: dict[str, str]) -> None:
        self._track = word(given.get("label"), self._tally.named)
        self._source_of_track = given.get("source")

    def _shape(self, kind: str, given: dict[str, str]) -> None:
        if self._way[1] == "track":
            if given.get("outside") == "1":
                return
            frame = word(given.get("frame"), self._tally.named)
            if not frame:
                self._found.append(fault(PART_MALFORMED, self.line, kind, what="The frame"))
                return
            item = _Item(
                name=f"{self._source}#{frame}",
                width=self._size.get("width"),
                height=self._size.get("height"),
            )
            self._tally.items.add(item.name)
            label = self._track or ""
        elif self._item is not None:
            item, label = self._item, word(given.get("label"), self._tally.named)
        else:
            self._found.append(fault(INSIDE_REFUSED, self.line, kind, before=self._refused))
            return
        self._found.append(self._made(kind, given, item, label))

    def _made(self, kind: str, given: dict[str, str], item: _Item, label: str) -> Annotation | Fault:
        line = self.line
        if not label:
            return fault(LABEL_EMPTY, line, kind)
        if long := too_long("A label", label, LONGEST_LABEL, line, kind):
            return long
        if self._labels and label not in self._labels:
            return fault(LABEL_UNKNOWN, line, kind, label=label)
        try:
            found = placed(kind, given)
        except Misplaced as wrong:
            return fault(PART_MALFORMED, line, f"{kind}.{wrong}", what="A place")
        except Undrawable as wrong:
            return fault(AREA_MALFORMED, line, kind, why=str(wrong))
        around, size = found.around, (item.width, item.height)
        if around is not None and (beyond := outside(around, *size, line, kind)):
            return beyond
        self._tally.drawn(found.shape)
        self._tally.unsized += around is not None and None in size
        return Annotation(
            line=line,
            item=item.name,
            annotator=UNNAMED,
            label=label,
            shape=found.shape,
            is_region=kind != TAG,
            is_machine=AUTOMATIC in (given.get("source"), self._source_of_track),
        )

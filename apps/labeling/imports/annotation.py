"""What an export of a labeling tool comes down to: who gave which label to which item, and what was wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from apps.kernel.characters import NOT_STORED
from apps.kernel.errors import RuleBroken, rule_broken
from apps.labeling.imports.addresses import Pseudonyms, without_addresses
from apps.labeling.imports.worked import Worked
from apps.labeling.measures.scanning import rows_met
from apps.labeling.measures.shapes import Area, Shape
from apps.policy.reason import Reason, Value, declare

UNNAMED = ""
"""Where an export does not say who annotated."""
MOST_ELEMENTS = 5_000_000
"""Of a file: lines, tasks, or members of its lists. Each takes room, however small it is."""
MOST_ROWS = 100_000_000
"""That all areas of a file meet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """One label. `annotator` is a number or a name of the tool and never an address; `shape` is what it was
    put on, where it is not the whole item and can be held against another; `seconds` is how long the
    annotator had the item. `was_cancelled`: it is told and does not count. `is_gold`: the truth against which
    others are held. `is_settled`: somebody who saw what others said decided so, which counts as a label and
    not as an answer of its own."""

    line: int
    item: str
    annotator: str
    label: str
    shape: Shape | None = None
    is_region: bool = False
    is_gold: bool = False
    was_cancelled: bool = False
    is_machine: bool = False
    is_settled: bool = False
    seconds: float | None = None

    @property
    def is_answer(self) -> bool:
        """Of a person, given without seeing what others said or what is true."""
        return not (self.was_cancelled or self.is_gold or self.is_machine or self.is_settled)

    @property
    def is_empty(self) -> bool:
        """Whoever had the item put nothing on it, and handed it in: an answer, too."""
        return not self.label and not self.was_cancelled


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What was not taken, and why: `place` leads to it inside the line's element."""

    line: int
    place: str
    reason: Reason


@dataclass(kw_only=True)
class Tally:
    """What is counted while a file is read; `named` knows its addresses and people until its end. `settled`:
    who looked after what others said, by item. `assigned`: what whoever the tool gave it to is called;
    `begun`: no label is older than that day, on which the tool was given the items; `unsized`: regions of
    items of which nobody says how large they are."""

    emails: int = 0
    elements: int = 0
    rows: int = 0
    unsized: int = 0
    work: dict[str, Worked] = field(default_factory=lambda: defaultdict(Worked))
    settled: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    items: set[str] = field(default_factory=set)
    assigned: list[str] = field(default_factory=list)
    begun: date | None = None
    named: Pseudonyms = field(default_factory=Pseudonyms)
    question: str | None = None

    def other_question(self, name: str) -> dict[str, str]:
        """Whole items are asked one question: where this is another than the first, both."""
        if self.question is None:
            self.question = name
        return {} if name == self.question else {"question": name, "first": self.question}

    def one_more(self) -> None:
        """Raises: RuleBroken where there are too many elements."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            what = f"it has more than {MOST_ELEMENTS} elements"
            raise rule_broken(TOO_LARGE, field="content", what=what)

    def drawn(self, shape: Shape | None) -> None:
        """Raises: RuleBroken where measuring what was drawn would take too long."""
        if isinstance(shape, Area):
            self.rows += rows_met(shape)
            if self.rows > MOST_ROWS:
                what = f"its areas meet more than {MOST_ROWS} rows of points"
                raise rule_broken(TOO_LARGE, field="content", what=what)


Read = Iterator[Annotation | Fault]


class Format(StrEnum):
    LABEL_STUDIO = "label_studio"
    COCO = "coco"
    CVAT = "cvat"
    CSV = "csv"


UNREADABLE = declare(
    "LABELS_UNREADABLE",
    "The file cannot be read as %(format)s: %(why)s.",
    "Export it anew from the labeling tool: Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV.",
)
TOO_LARGE = declare(
    "LABELS_TOO_LARGE",
    "The file is too large: %(what)s.",
    "Export fewer items at a time, without the data of the items in it.",
)
UNKNOWN_FORMAT = declare(
    "LABELS_OF_UNKNOWN_FORMAT",
    "The file is no export that is known here.",
    "Bring Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV whose first line names item,"
    " annotator and label.",
)
PART_MALFORMED = declare(
    "LABELS_PART_MALFORMED",
    "%(what)s is missing or not of the right kind.",
    "Mend it in the labeling tool and export it anew.",
)
NOT_READ = declare(
    "LABELS_SHAPE_NOT_READ",
    "«%(shape)s» inside «%(inside)s» is not read: points of skeletons are not, nor what is nested in another"
    " shape or track, nor shapes of a kind that is not known here.",
    "Export it as a shape of its own, or leave it out knowingly.",
)
SEVERAL_QUESTIONS = declare(
    "LABELS_SEVERAL_QUESTIONS",
    "«%(question)s» asks something else than «%(first)s»; what is said of a whole item answers one question.",
    "Bring each question as a file of its own, under a labeling policy of its own, or leave the answers to"
    " the other one out knowingly.",
)
LABEL_UNKNOWN = declare(
    "LABELS_LABEL_UNKNOWN",
    "The label «%(label)s» is not among those that the file declares.",
    "Add it to the schema of labels, or correct the annotation.",
)
LABEL_EMPTY = declare(
    "LABELS_LABEL_EMPTY",
    "An annotation has no label.",
    "Give it one in the labeling tool, or take the annotation out. Where an item takes any number of labels,"
    " a table says with 0 under «cancelled» that none applies.",
)
ITEM_UNKNOWN = declare(
    "LABELS_ITEM_UNKNOWN",
    "The annotation is on «%(item)s», which the file does not have.",
    "Export the items together with their annotations.",
)
INSIDE_REFUSED = declare(
    "LABELS_INSIDE_REFUSED",
    "It stands inside what was not taken, in line %(before)s.",
    "Mend that, or leave both out knowingly.",
)
ID_TWICE = declare(
    "LABELS_ID_TWICE",
    "The id «%(id)s» was there before, in line %(first)s.",
    "Export the set once, or take one of the two out.",
)
OUTSIDE = declare(
    "LABELS_OUTSIDE_ITEM",
    "The annotation reaches outside its item: %(where)s.",
    "Move it inside, or see whether the item was exchanged for another of another size.",
)
AREA_MALFORMED = declare(
    "LABELS_AREA_MALFORMED",
    "What was drawn is no area: %(why)s.",
    "Draw it anew in the labeling tool, or leave it out knowingly.",
)
PART_EMPTY = declare(
    "LABELS_PART_EMPTY",
    "The marked part ends at %(end)s and begins at %(start)s, so there is nothing in it.",
    "Mark it anew in the labeling tool, or take it out.",
)
TOO_LONG = declare(
    "LABELS_TEXT_TOO_LONG",
    "%(what)s has %(length)s characters; at most %(longest)s are taken.",
    "Name items and labels by short ids.",
)


def fault(code: str, line: int, place: str, **facts: Value) -> Fault:
    told = {name: shown(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    place = shown(place)
    return Fault(line=line, place=place, reason=Reason(code=code, field=place, facts=told))


def unreadable(format: str, why: str) -> RuleBroken:
    return rule_broken(UNREADABLE, field="content", format=format, why=shown(why))


def shown(said: str) -> str:
    """What a file says, as it may be told and kept: without addresses, and what is no character is seen."""
    return without_addresses(NOT_STORED.sub("\ufffd", said))

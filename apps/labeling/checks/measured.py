"""What a set of labels measures: its parts, and by annotator."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from apps.labeling.checks.coefficients import Agreement
from apps.labeling.checks.compared import NOT_COMPARED, Compared, compared_by
from apps.labeling.checks.drift import Runs, worst_runs
from apps.labeling.checks.golden import NOTHING, Answers, authors_of
from apps.labeling.checks.machine import MachineRight, machine_right
from apps.labeling.checks.parts import Part, WithOthers, answers_of, parts_of
from apps.labeling.checks.people import Numbers, as_people, numbers_of
from apps.labeling.checks.sameness import shares_of_others
from apps.labeling.checks.subgroups import Subgroup
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.agreement import ClassAgreement
from apps.labeling.measures.differences import Rate
from apps.labeling.measures.proportions import ItemShare, Share, fast_beside, wilson

NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class GoldBy:
    """On how many items somebody said what is true; `own`: how many of these they answered themselves."""

    items: int
    own: int


NO_MACHINE = MachineRight(by_item={}, on_gold={})


@dataclass(frozen=True, kw_only=True)
class AnnotatorRow:
    """`commonest`: the share of the label that they gave most, and `same_by_others`, where they gave no
    other, how often the others did; `seconds`: that all answers took, but for the items that `untimed`
    counts; `worst`: the run of answers to gold that is the least likely of somebody steady; `fast_seconds`:
    nineteen of twenty answers of the others took longer. `with_others`: how far they agree with each other
    who answered the same items: the worse of what was said and drawn."""

    annotator: str
    answers: int
    commonest: float
    gold: ItemShare
    median_seconds: float | None
    seconds: float | None = None
    untimed: int = 0
    worst: Share | None = None
    same_by_others: float | None = None
    compared: Compared = NOT_COMPARED
    fast_seconds: float | None = None
    with_others: Rate | None = None

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Of the agreement with the others, by E. B. Wilson: each item counts once."""
        rate = self.with_others
        return wilson(rate.value, rate.items) if rate else (None, None)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`items` counts all, `labeled` those with an answer of a person or a machine, `verified` those of the
    machine that a person answered as well. `unsure` of what was `asked` leaves it open: an answer to a whole
    item counts once, however many labels it has, and so does each region. `left_out` are answers that were
    faulty: they leave it open, too. `gold_runs`: so many runs of answers to gold were looked at."""

    items: int
    labeled: int
    answers: int
    unsure: int
    cancelled: int
    machine_items: int
    verified: int
    asked: int
    has_annotators: bool
    parts: tuple[Part, ...]
    annotators: tuple[AnnotatorRow, ...]
    subgroups: tuple[Subgroup, ...] = ()
    unnamed: int = 0
    left_out: int = 0
    gold_runs: int = 0
    machine_right: MachineRight = NO_MACHINE
    gold_by: Mapping[str, GoldBy] = field(default_factory=dict)

    @property
    def overlapping(self) -> int:
        return sum(part.overlapping for part in self.parts)

    @property
    def agreement(self) -> Agreement:
        """The worse, where there are two; what is undefined is the worst."""
        return min((part.agreement for part in self.parts), key=_rank)

    @property
    def gold(self) -> ItemShare:
        return min((part.gold for part in self.parts), key=lambda share: share.lower or 0.0)

    @property
    def by_answers(self) -> tuple[AnnotatorRow, ...]:
        """Who answered most stands first. Their places are their numbers where they may not be named."""
        return tuple(sorted(self.annotators, key=lambda row: (-row.answers, row.annotator)))

    @property
    def classes(self) -> tuple[ClassAgreement, ...]:
        return tuple(each for part in self.parts for each in part.classes)


def _rank(agreement: Agreement) -> float:
    lower = agreement.interval.lower
    return -math.inf if agreement.value is None or lower is None else lower


def measure(
    annotations: Sequence[Annotation],
    items: Iterable[str],
    terms: Terms,
    people_behind: Mapping[str, str] = NOBODY,
) -> Measured:
    """`people_behind` numbers: one person is one rater, and stands in the rows under each number.

    Raises: ValueError where the scale of the terms needs numbers and labels are words."""
    numbers = numbers_of(annotations, people_behind)
    worked = _who_worked(each for each in annotations if not each.was_cancelled)
    counted = [each for each in as_people(annotations, numbers) if not each.was_cancelled]
    people = [each for each in counted if each.is_answer]
    every_item = {*items, *(each.item for each in counted)}
    parts = parts_of(counted, every_item, terms)
    is_drawn_alone = all(part.is_of_regions for part in parts)
    takes_none = is_drawn_alone or (terms.is_by_label and not any(part.is_of_regions for part in parts))
    answers = answers_of(people)
    machine = {each.item for each in counted if each.is_machine}
    right = _right(parts)
    unsure, asked = _left_open(people, terms)
    gold = (each for each in counted if each.is_gold)
    runs = worst_runs(people, gold, terms.gold_accuracy, terms.gold_tolerance)
    return Measured(
        items=len(every_item),
        labeled=len(
            {each.item for each in counted if not each.is_gold and (takes_none or not each.is_empty)}
        ),
        answers=sum(len(given) for given in answers.values()),
        unsure=unsure,
        asked=asked,
        cancelled=len(annotations) - len(counted),
        machine_items=len(machine),
        verified=len(machine & set(answers)),
        has_annotators=any(each.annotator != UNNAMED for each in people),
        parts=parts,
        annotators=_annotators(
            worked,
            right,
            runs,
            _with_others(part.with_others for part in parts),
            compared_by(answers, authors_of(each for each in counted if each.is_gold)),
            numbers,
        ),
        machine_right=machine_right(counted, terms),
        gold_runs=runs.looked_at,
        gold_by=_gold_by((each for each in annotations if not each.was_cancelled), answers, numbers),
        unnamed=sum(each.annotator == UNNAMED for each in people),
    )


def _gold_by(given: Iterable[Annotation], answers: Answers, numbers: Numbers) -> Mapping[str, GoldBy]:
    items: dict[str, set[str]] = defaultdict(set)
    for each in given:
        if each.is_gold:
            items[each.annotator].add(each.item)
    return {
        author: GoldBy(
            items=len(said),
            own=sum(
                author != UNNAMED and numbers.get(author, author) in answers.get(item, ()) for item in said
            ),
        )
        for author, said in sorted(items.items())
    }


def _right(parts: Iterable[Part]) -> Mapping[str, ItemShare]:
    """How often each annotator is right on gold: the worse, where somebody both said and drew."""
    found: dict[str, ItemShare] = {}
    for part in parts:
        for who, share in part.on_gold.by_annotator.items():
            found[who] = min(share, found.get(who, share), key=lambda each: each.lower or 0.0)
    return found


def _left_open(people: Sequence[Annotation], terms: Terms) -> tuple[int, int]:
    """How many answers leave it open, and of how many: "unsure" beside another label does, too."""
    regions = [each for each in people if each.is_region]
    told = {(each.item, each.annotator) for each in people if not each.is_region}
    unsure = {
        (each.item, each.annotator) for each in people if not each.is_region and each.label in terms.unsure
    }
    return len(unsure) + sum(each.label in terms.unsure for each in regions), len(told) + len(regions)


def _with_others(parts: Iterable[WithOthers]) -> WithOthers:
    """The worse, where somebody both said and drew."""
    found: dict[str, Rate] = {}
    for part in parts:
        for who, rate in part.items():
            found[who] = min(rate, found.get(who, rate), key=lambda each: wilson(each.value, each.items))
    return found


def _who_worked(counted: Iterable[Annotation]) -> list[Annotation]:
    """Also those who settled what others said."""
    return [each for each in counted if not each.is_gold and not each.is_machine]


def _untimed(people: Sequence[Annotation]) -> Counter[str]:
    """Of how many items nobody knows how long it took, by annotator."""
    unknown = {(each.annotator, each.item) for each in people if each.seconds is None}
    if unknown:
        unknown -= {(each.annotator, each.item) for each in people if each.seconds is not None}
    return Counter(annotator for annotator, _item in unknown)


def _annotators(
    people: Sequence[Annotation],
    right: Mapping[str, ItemShare],
    runs: Runs,
    with_others: WithOthers,
    compared: Mapping[str, Compared],
    numbers: Numbers,
) -> tuple[AnnotatorRow, ...]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, list[float]] = defaultdict(list)
    for (annotator, label), count in Counter((each.annotator, each.label) for each in people).items():
        labels[annotator][label] = count
    for each in people:
        if each.seconds is not None:
            seconds[each.annotator].append(each.seconds)
    untimed = _untimed(people)
    fast, same = fast_beside(seconds), shares_of_others(people, labels, numbers)

    def first_of(annotator: str) -> str:
        return numbers.get(annotator, annotator)

    return tuple(
        AnnotatorRow(
            annotator=annotator,
            answers=given.total(),
            commonest=max(given.values()) / given.total(),
            gold=right.get(first_of(annotator), NOTHING),
            median_seconds=median(seconds[annotator]) if seconds[annotator] else None,
            seconds=math.fsum(seconds[annotator]) if seconds[annotator] else None,
            untimed=untimed[annotator],
            worst=runs.worst.get(first_of(annotator)),
            same_by_others=same.get(annotator),
            compared=compared.get(first_of(annotator), NOT_COMPARED),
            fast_seconds=fast.get(annotator),
            with_others=with_others.get(first_of(annotator)),
        )
        for annotator, given in sorted(labels.items())
        if annotator != UNNAMED
    )

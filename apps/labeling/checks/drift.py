"""L10: what drifts. An annotator within a set, answer by answer; and a set against the one before it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.labeling.checks.around import BeforeFacts, Bounds, Shares
from apps.labeling.checks.findings import finding, said
from apps.labeling.checks.golden import is_right
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.proportions import Share
from apps.policy.reason import Value, declare

WINDOW = 20
"""Answers to gold that are looked at together. Fifteen right ones of them are too few for 0.90."""

L10_DRIFTED = declare(
    "LABELS_ANNOTATOR_DRIFTED",
    "Annotator «%(annotator)s» had %(hits)s of %(total)s gold answers in a row right: no more than %(upper)s,"
    " where %(needed)s is asked.",
    "Pause the annotator and look at a sample of the answers.",
)
L10_OTHER = declare(
    "LABELS_OTHER_THAN_BEFORE",
    "Since label set %(number)s the %(what)s went from %(before)s to %(now)s, and the bounds do not meet.",
    "See whether the items, the guideline or those who label became others.",
)


@dataclass(frozen=True, kw_only=True)
class Now:
    """What is set against the set before."""

    agreement: Bounds
    gold: Bounds
    classes: tuple[Shares, ...]
    coefficient: str = ""


def worst_windows(
    people: Iterable[Annotation], gold: Iterable[Annotation], by: Decimal | None = None
) -> Mapping[str, Share]:
    """By annotator, of all runs of so many answers to gold the one with the fewest right, in the order of the
    file. Several labels on an item are one answer. Whoever answered less has none, and nobody is held against
    what they said themselves."""
    truth: dict[str, set[str]] = defaultdict(set)
    authors: dict[str, set[str]] = defaultdict(set)
    for each in gold:
        if not each.is_region:
            truth[each.item].add(each.label)
            authors[each.item].add(each.annotator)
    runs: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=WINDOW))
    hits: dict[str, int] = defaultdict(int)
    worst: dict[str, int] = {}
    for (item, who), labels in _whole_answers(people, authors).items():
        run = runs[who]
        hits[who] -= run[0] if len(run) == WINDOW else 0
        is_so = _are_right(labels, truth[item], by)
        run.append(is_so)
        hits[who] += is_so
        if len(run) == WINDOW:
            worst[who] = min(worst.get(who, WINDOW), hits[who])
    return {who: Share(hits=fewest, total=WINDOW) for who, fewest in worst.items()}


def _are_right(labels: set[str], true: set[str], by: Decimal | None) -> bool:
    """Numbers are so one by one."""
    if labels == true or len(labels) != 1 or len(true) != 1:
        return labels == true
    (one,), (other,) = labels, true
    return is_right(one, other, by)


def _whole_answers(
    people: Iterable[Annotation], authors: Mapping[str, set[str]]
) -> Mapping[tuple[str, str], set[str]]:
    """To gold, by item and annotator, in the order in which they begin."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in people:
        if each.is_region or each.annotator == UNNAMED or each.item not in authors:
            continue
        if each.annotator not in authors[each.item]:
            found[each.item, each.annotator].add(each.label)
    return found


def of_annotator(annotator: str, worst: Share | None, needed: float) -> Iterator[Finding]:
    upper = worst.upper if worst else None
    if worst is None or upper is None or upper >= needed:
        return
    told: dict[str, Value] = {
        "hits": worst.hits,
        "total": worst.total,
        "upper": said(upper),
        "needed": said(needed),
    }
    yield finding("L10", Outcome.NOTED, L10_DRIFTED, annotator=annotator, **told)


def of_sets(now: Now, before: BeforeFacts) -> Iterator[Finding]:
    """Where the bounds of the two do not meet, it is no chance."""
    pairs = {
        "agreement": (before.agreement if _is_of_the_same(now, before) else (None, None), now.agreement),
        "share of gold that is right": (before.gold, now.gold),
        **_of_classes(now.classes, before.classes),
    }
    for what, (then_bounds, now_bounds) in pairs.items():
        if _are_apart(then_bounds, now_bounds):
            told = {"before": _told(then_bounds), "now": _told(now_bounds)}
            yield finding("L10", Outcome.NOTED, L10_OTHER, number=before.number, what=what, **told)


def _of_classes(now: Iterable[Shares], before: Iterable[Shares]) -> Mapping[str, tuple[Bounds, Bounds]]:
    then = {shares.is_of_regions: shares for shares in before}
    found = {}
    for shares in now:
        other = then.get(shares.is_of_regions)
        where = " in regions" if shares.is_of_regions else ""
        if other is None:
            continue
        for label in sorted({*shares.by_label, *other.by_label}):
            found[f"share of «{label}»{where}"] = (other.bounds(label), shares.bounds(label))
    return found


def _is_of_the_same(now: Now, before: BeforeFacts) -> bool:
    """What is not told was measured alike."""
    return "" in (now.coefficient, before.coefficient) or now.coefficient == before.coefficient


def _told(bounds: Bounds) -> str:
    return f"[{said(bounds[0])}, {said(bounds[1])}]"


def _are_apart(one: Bounds, other: Bounds) -> bool:
    (low, high), (low_too, high_too) = one, other
    if low is None or high is None or low_too is None or high_too is None:
        return False
    return high < low_too or high_too < low

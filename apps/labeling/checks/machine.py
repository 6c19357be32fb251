"""L14: people verified what a machine labeled, and it is right. AI Act Art. 10(3)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apps.labeling.checks.findings import at_least, at_most, finding, percent, said
from apps.labeling.checks.golden import OnGold, gold_of_answers, right_by_item
from apps.labeling.checks.labelwise import (
    Held,
    OnGoldByLabel,
    held_by_label,
    labels_of,
    truth_by_label,
)
from apps.labeling.checks.parts import answers_of, gold_of_regions, truth_of
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.proportions import CHANCE, ItemShare, upper_of_items, wilson
from apps.policy.reason import Value, declare

MET = declare(
    "LABELS_MACHINE_VERIFIED",
    "%(items)s items were labeled by a machine, and people answered %(verified)s of them.",
    "Nothing is to be done.",
)
MISSED = declare(
    "LABELS_MACHINE_UNVERIFIED",
    "%(items)s items were labeled by a machine, and people answered %(verified)s of them; %(needed)s are"
    " needed.",
    "Have people label a sample of them without seeing what the machine said.",
)
TOO_MANY = declare(
    "LABELS_TOO_MANY_BY_MACHINE",
    "A machine labeled %(items)s of %(all)s items; %(needed)s may be its.",
    "Have people label more of them from the beginning, or have a policy approved that allows for more.",
)
RIGHT = declare(
    "LABELS_MACHINE_RIGHT",
    "Held against gold and people on %(items)s items, %(share)s of what the machine said is right: with 95"
    " percent at least %(lower)s, where %(needed)s was needed.",
    "Nothing is to be done.",
)
WRONG = declare(
    "LABELS_MACHINE_WRONG",
    "Held against gold and people on %(items)s items, %(share)s of what the machine said is right: with 95"
    " percent at least %(lower)s, where %(needed)s is needed.",
    "Have its items labeled by people, or by a better machine. More verified items narrow the bounds.",
)
AGAINST_GOLD = declare(
    "LABELS_MACHINE_AGAINST_GOLD",
    "On %(items)s gold items %(share)s of what the machine said is right: with 95 percent at most %(upper)s,"
    " where %(needed)s is needed, whatever people said elsewhere.",
    "See whether people took over what the machine said, and have its items labeled without it.",
)
UNTOLD = declare(
    "LABELS_MACHINE_UNTOLD",
    "Whether the machine is right was not measured: neither gold nor an answer of a person can be held"
    " against what it said.",
    "Have people label a sample of its items, and say more than that they are unsure.",
)
WORDS = declare(
    "LABELS_MACHINE_OF_WORDS",
    "What the machine said are words of one's own: whether they are right, their letters do not tell.",
    "Have people judge its texts under a policy of its own, and bring what they say as labels.",
)
LABEL_RIGHT = declare(
    "LABELS_MACHINE_LABEL_RIGHT",
    "Label by label the machine was held against gold and people. The worst is «%(label)s», right on"
    " %(share)s of %(items)s items: with 95 percent at least %(lower)s, where %(needed)s was needed.",
    "Nothing is to be done.",
)
LABEL_WRONG = declare(
    "LABELS_MACHINE_LABEL_WRONG",
    "Label by label the machine was held against gold and people. The worst is «%(label)s», right on"
    " %(share)s of %(items)s items: with 95 percent at least %(lower)s, where %(needed)s is needed.",
    "Have that label given by people, or by a better machine. More verified items narrow the bounds.",
)
LABEL_OVERLOOKED = declare(
    "LABELS_MACHINE_LABEL_OVERLOOKED",
    "Where gold or people give «%(label)s», on %(items)s items, the machine gave it on %(share)s: with 95"
    " percent for all %(labels)s labels at most %(upper)s, where %(needed)s is needed.",
    "Have that label given by people, or by a better machine.",
)
LABEL_OVERDONE = declare(
    "LABELS_MACHINE_LABEL_OVERDONE",
    "Where gold or people leave «%(label)s» out, on %(items)s items, so did the machine on %(share)s: with 95"
    " percent for all %(labels)s labels at most %(upper)s, where %(needed)s is needed.",
    "Have that label given by people, or by a better machine.",
)
LABEL_AGAINST_GOLD = declare(
    "LABELS_MACHINE_LABEL_AGAINST_GOLD",
    "On %(items)s gold items the machine is right about «%(label)s» on %(share)s: with 95 percent at most"
    " %(upper)s, where %(needed)s is needed, whatever people said elsewhere.",
    "See whether people took over what the machine said, and have its items labeled without it.",
)
UNDISCLOSED = declare(
    "LABELS_MACHINE_UNDISCLOSED",
    "A machine labels first under this policy, and no label of the file is said to come from one: what it"
    " labeled cannot be told from what people did.",
    "Export which labels a machine gave, as Label Studio and CVAT do or a CSV by its column «machine», or"
    " have a policy approved under which none labels.",
)
NONE = declare("LABELS_NO_MACHINE", "No label is said to come from a machine.", "Nothing is to be done.")


@dataclass(frozen=True, kw_only=True)
class MachineRight:
    """How much of what it said is right, by item: by gold where that speaks of the item, and by the answers
    of people elsewhere. `on_gold` are the gold items alone. Where an item takes any number of labels, what
    was said of whole items stands label by label; `is_free`: these are words of one's own, and not held
    against anything."""

    by_item: Mapping[str, float]
    on_gold: Mapping[str, float]
    by_label: OnGoldByLabel = field(default_factory=dict)
    gold_by_label: OnGoldByLabel = field(default_factory=dict)
    is_free: bool = False

    @property
    def share(self) -> float:
        return math.fsum(self.by_item.values()) / len(self.by_item)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return _bounds(self.by_item)

    @property
    def gold_bounds(self) -> tuple[float | None, float | None]:
        return _bounds(self.on_gold)


def _bounds(shares: Mapping[str, float]) -> tuple[float | None, float | None]:
    """Each item counts once, however many answered it."""
    return wilson(math.fsum(shares.values()) / len(shares), len(shares)) if shares else (None, None)


def machine_right(counted: Sequence[Annotation], terms: Terms) -> MachineRight:
    """Who is unsure says nothing of the machine."""
    machine = [
        replace(each, annotator=f"\0{each.annotator}", is_machine=False)
        for each in counted
        if each.is_machine
    ]
    if not machine:
        return MachineRight(by_item={}, on_gold={})
    items = {each.item for each in machine}
    gold = [each for each in counted if each.is_gold and each.item in items]
    people = [each for each in counted if each.is_answer and each.item in items]
    if terms.is_by_label or terms.is_free:
        drawn = {each.item for each in (*machine, *gold, *people) if each.is_region}
        whole = [each for each in machine if each.item not in drawn]
        machine = [each for each in machine if each.item in drawn]
    by = terms.gold_tolerance
    on_gold = right_by_item(_held(machine, gold, by))
    unsure = {(each.item, each.annotator) for each in people if each.label in terms.unsure}
    by_person: dict[str, list[Annotation]] = defaultdict(list)
    for each in people:
        if (each.item, each.annotator) not in unsure and each.item not in on_gold:
            by_person[each.annotator].append(each)
    by_people = right_by_item(held for said in by_person.values() for held in _held(machine, said, by))
    by_item = {**by_people, **on_gold}
    if terms.is_free:
        return MachineRight(by_item=by_item, on_gold=on_gold, is_free=bool(whole))
    if not terms.is_by_label:
        return MachineRight(by_item=by_item, on_gold=on_gold)
    held = list(_label_by_label(whole, [each for each in gold if each.item not in drawn]))
    told = {item for item, _true, _said in held}
    sure = [
        each
        for each in people
        if each.item not in told and each.item not in drawn and (each.item, each.annotator) not in unsure
    ]
    return MachineRight(
        by_item=by_item,
        on_gold=on_gold,
        by_label=held_by_label([*held, *_by_person(whole, sure)]),
        gold_by_label=held_by_label(held),
    )


def _label_by_label(machine: Sequence[Annotation], gold: Sequence[Annotation]) -> Held:
    truth = truth_by_label(gold)
    for item, by_machine in labels_of(machine).items():
        if item in truth:
            yield from ((item, truth[item], said) for said in by_machine.values())


def _by_person(machine: Sequence[Annotation], people: Sequence[Annotation]) -> Held:
    given = labels_of(people)
    for item, by_machine in labels_of(machine).items():
        for true in given.get(item, {}).values():
            yield from ((item, true, said) for said in by_machine.values())


def _held(machine: Sequence[Annotation], said: Sequence[Annotation], by: Decimal | None) -> Iterator[OnGold]:
    """What was drawn against what was drawn, and the rest against the rest."""
    items = {each.item for each in said}
    of_items = [each for each in machine if each.item in items]
    drawn = {each.item for each in (*of_items, *said) if each.is_region}
    whole = [each for each in said if each.item not in drawn]
    told = answers_of(each for each in of_items if each.item not in drawn)
    yield from gold_of_answers(told, truth_of(whole), {each.item: () for each in whole}, by)
    if drawn:
        yield from gold_of_regions(
            [each for each in of_items if each.item in drawn], [each for each in said if each.item in drawn]
        )


def by_machine(items: int, verified: int, of: int, right: MachineRight, terms: Terms) -> Iterator[Finding]:
    """So many items are a machine's, of so many in all."""
    if not items:
        is_hidden = terms.is_preceded
        yield finding("L14", *((Outcome.UNMEASURED, UNDISCLOSED) if is_hidden else (Outcome.PASSED, NONE)))
        return
    needed = max(1, round(terms.verified_share * items))
    facts: dict[str, Value] = {"items": items, "verified": verified}
    if verified >= needed:
        yield finding("L14", Outcome.PASSED, MET, **facts)
    else:
        yield finding("L14", Outcome.FAILED, MISSED, needed=needed, **facts)
    yield from _right(right, terms)
    if items > terms.machine_share * of:
        share = percent(terms.machine_share)
        yield finding("L14", Outcome.FAILED, TOO_MANY, needed=share, items=items, all=of)


def _right(found: MachineRight, terms: Terms) -> Iterator[Finding]:
    lower, _upper = found.bounds
    if found.is_free:
        yield finding("L14", Outcome.UNMEASURED, WORDS)
    of_labels = list(_of_labels(found, terms))
    yield from of_labels
    if lower is None and (found.is_free or of_labels):
        return
    if lower is None:
        yield finding("L14", Outcome.UNMEASURED, UNTOLD)
        return
    is_met = lower >= terms.gold_accuracy
    facts: dict[str, Value] = {"items": len(found.by_item), "share": percent(found.share)}
    bound: dict[str, Value] = {"lower": at_least(lower), "needed": said(terms.gold_accuracy)}
    outcome, code = (Outcome.PASSED, RIGHT) if is_met else (Outcome.FAILED, WRONG)
    yield finding("L14", outcome, code, **facts, **bound)
    _lower, upper = found.gold_bounds
    if is_met and upper is not None and upper < terms.gold_accuracy:
        share = math.fsum(found.on_gold.values()) / len(found.on_gold)
        of_gold: dict[str, Value] = {"items": len(found.on_gold), "share": percent(share)}
        limits: dict[str, Value] = {"upper": at_most(upper), "needed": said(terms.gold_accuracy)}
        yield finding("L14", Outcome.FAILED, AGAINST_GOLD, **of_gold, **limits)


def _of_labels(found: MachineRight, terms: Terms) -> Iterator[Finding]:
    """The worst label decides, as among people (L07); and no label hides behind the items without it."""
    rows = {label: told for label, told in found.by_label.items() if label not in terms.unsure}
    if not rows:
        return
    worst, (right, _found, _left_out) = min(rows.items(), key=lambda row: row[1][0].lower or 0.0)
    is_met = (right.lower or 0.0) >= terms.gold_accuracy
    outcome, code = (Outcome.PASSED, LABEL_RIGHT) if is_met else (Outcome.FAILED, LABEL_WRONG)
    facts = _share_of(right, terms)
    yield finding("L14", outcome, code, label=worst, lower=said(right.lower), **facts)
    for label, (_right_there, given, left_out) in rows.items():
        for code, told in ((LABEL_OVERLOOKED, given), (LABEL_OVERDONE, left_out)):
            upper = upper_of_items(told, CHANCE / len(rows)) if told.items else 1.0
            if upper < terms.gold_accuracy:
                more: dict[str, Value] = {"upper": said(upper), "labels": len(rows)}
                yield finding("L14", Outcome.FAILED, code, label=label, **_share_of(told, terms), **more)
    on_gold = {label: told[0] for label, told in found.gold_by_label.items() if label in rows}
    for label, told in on_gold.items() if is_met else ():
        if told.upper is not None and told.upper < terms.gold_accuracy:
            against = {"label": label, "upper": said(told.upper), **_share_of(told, terms)}
            yield finding("L14", Outcome.FAILED, LABEL_AGAINST_GOLD, **against)


def _share_of(told: ItemShare, terms: Terms) -> dict[str, Value]:
    return {"items": told.items, "share": percent(told.mean), "needed": said(terms.gold_accuracy)}

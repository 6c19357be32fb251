"""Label Studio JSON: a list of tasks, each with its annotations; who made one may be a number, an object that
holds an address, or absent. Places are percentages of the item."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any, NamedTuple

from apps.labeling.imports.addresses import Pseudonyms, addresses_in_json
from apps.labeling.imports.annotation import (
    AREA_MALFORMED,
    ID_TWICE,
    INSIDE_REFUSED,
    LABEL_EMPTY,
    OUTSIDE,
    PART_EMPTY,
    PART_MALFORMED,
    SEVERAL_QUESTIONS,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
    fault,
)
from apps.labeling.imports.drawn import Misplaced, Undrawable
from apps.labeling.imports.elements import Element, Elements
from apps.labeling.imports.label_studio_shapes import WHOLE, length_of_text, placed, span_of
from apps.labeling.imports.label_studio_work import (
    authors_of,
    is_copied,
    malformed_time,
    note_settled,
    note_work,
    who,
)
from apps.labeling.imports.pieces import (
    LONGEST_ITEM,
    LONGEST_LABEL,
    digits,
    number,
    outside,
    too_long,
    word,
)
from apps.labeling.imports.source import Source
from apps.labeling.measures.shapes import Shape

FILES = ("image", "video", "audio", "pdf")
"""Keys of the data of a task under which the address of a file stands."""
VALUES = ("choices", "taxonomy", "rating", "number", "text", "selected")
TRUTHS = ("was_cancelled", "ground_truth")
STEP = " / "
"""Between the parts of a path through a taxonomy."""
MACHINE = "prediction"
"""The origin of a region that a model proposed and nobody changed."""


def read_label_studio(source: Source, tally: Tally) -> Read:
    """Raises: RuleBroken where it is no JSON."""
    tasks: dict[str, int] = {}
    annotations: dict[str, int] = {}
    people = tally.named
    for element in Elements(source, Format.LABEL_STUDIO):
        tally.one_more()
        tally.emails += addresses_in_json(element.text)
        task, line = element.value, element.line
        number_of_task = word(task.get("id"), people) if isinstance(task, dict) else ""
        if not number_of_task or not isinstance(task.get("annotations"), list):
            yield fault(PART_MALFORMED, line, "", what="The id or the list of annotations of a task")
            yield from _inside_task(task, line)
            continue
        if number_of_task in tasks:
            yield fault(ID_TWICE, line, "id", id=number_of_task, first=tasks[number_of_task])
            yield from _inside_task(task, line)
            continue
        tasks[number_of_task] = line
        item = _item(task, number_of_task, people)
        if long := too_long("The name of an item", item, LONGEST_ITEM, line, "data"):
            yield long
            yield from _inside_task(task, line)
            continue
        tally.items.add(item)
        yield from _task(element, item, annotations, tally)


def _inside_task(task: Any, line: int) -> Read:
    """What is said inside of a task that is not taken is not taken either, and counts."""
    given = task.get("annotations") if isinstance(task, dict) else None
    for place, annotation in enumerate(given if isinstance(given, list) else ()):
        yield fault(INSIDE_REFUSED, line, f"annotations.{place}", before=line)
        yield from _inside_annotation(annotation, line, f"annotations.{place}")


def _inside_annotation(annotation: Any, line: int, where: str) -> Read:
    """The first of its results counts with the annotation."""
    results = annotation.get("result") if isinstance(annotation, dict) else None
    for place in range(1, len(results) if isinstance(results, list) else 0):
        yield fault(INSIDE_REFUSED, line, f"{where}.result.{place}", before=line)


def _item(task: Mapping[str, Any], otherwise: str, people: Pseudonyms) -> str:
    data = task.get("data")
    if isinstance(data, dict):
        for key in FILES:
            if name := word(data.get(key), people):
                return name
    return otherwise


def _task(element: Element, item: str, seen: dict[str, int], tally: Tally) -> Read:
    people = tally.named
    characters = length_of_text(element.value.get("data"))
    authors = authors_of(element.value["annotations"], people)
    for place, given in enumerate(element.value["annotations"]):
        where = f"annotations.{place}"
        if not isinstance(given, dict) or not isinstance(given.get("result"), list):
            yield fault(PART_MALFORMED, element.line, where, what="The result of an annotation")
            continue
        if number_of_it := word(given.get("id"), people):
            if number_of_it in seen:
                yield fault(ID_TWICE, element.line, f"{where}.id", id=number_of_it, first=seen[number_of_it])
                yield from _inside_annotation(given, element.line, where)
                continue
            seen[number_of_it] = element.line
        if wrong := _not_a_truth_value(given):
            yield fault(PART_MALFORMED, element.line, f"{where}.{wrong}", what="A truth value")
            yield from _inside_annotation(given, element.line, where)
            continue
        if wrong := malformed_time(given):
            yield fault(PART_MALFORMED, element.line, f"{where}.{wrong}", what="A time")
            continue
        author = who(given.get("completed_by"), people)
        made = Annotation(
            line=element.line,
            item=item,
            annotator=author,
            label="",
            is_gold=given.get("ground_truth") is True,
            was_cancelled=given.get("was_cancelled") is True,
            is_settled=is_copied(given, author, authors, people),
            seconds=number(given.get("lead_time")),
        )
        note_work(given, made, tally)
        note_settled(given, made, tally)
        yield from _results(given["result"], made, where, tally, characters)


def _not_a_truth_value(given: Mapping[str, Any]) -> str | None:
    """`"true"` or `1` would count as no."""
    return next((key for key in TRUTHS if not isinstance(given.get(key), bool | None)), None)


class _Region(NamedTuple):
    """A part of a result that says something: its labels, and where."""

    labels: tuple[str, ...]
    shape: Shape | None
    is_region: bool


def _results(results: list[Any], made: Annotation, where: str, tally: Tally, characters: int | None) -> Read:
    """The time that all of it took is told with the first."""
    if not results:
        yield made
    seconds = made.seconds
    for place, result in enumerate(results):
        at = f"{where}.result.{place}"
        if not isinstance(result, dict) or not isinstance(result.get("type"), str):
            yield fault(PART_MALFORMED, made.line, at, what="The type of a result")
            continue
        if result["type"] == "relation":
            continue
        if not isinstance(result.get("value"), dict):
            yield fault(PART_MALFORMED, made.line, at, what="The value of a result")
            continue
        is_machine = result.get("origin") == MACHINE
        found = _region(result, made.line, f"{at}.value", tally.named, characters)
        if isinstance(found, Fault):
            yield found
            continue
        question = word(result.get("from_name"), tally.named)
        if not found.is_region and (other := tally.other_question(question)):
            yield fault(SEVERAL_QUESTIONS, made.line, at, **other)
            continue
        tally.drawn(found.shape)
        for label in found.labels:
            if long := too_long("A label", label, LONGEST_LABEL, made.line, at):
                yield long
            else:
                yield Annotation(
                    line=made.line,
                    item=made.item,
                    annotator=made.annotator,
                    label=intern(label),
                    shape=found.shape,
                    is_region=found.is_region,
                    is_gold=made.is_gold,
                    was_cancelled=made.was_cancelled,
                    is_machine=is_machine,
                    is_settled=made.is_settled,
                    seconds=seconds,
                )
                seconds = None


def _region(
    result: Mapping[str, Any], line: int, at: str, people: Pseudonyms, characters: int | None
) -> _Region | Fault:
    type_, value = result["type"], result["value"]
    labels = _labels(value.get(type_ if type_.endswith("labels") else _value_key(value)), people)
    if not labels:
        return fault(LABEL_EMPTY, line, at)
    try:
        found = placed(result)
    except Misplaced as wrong:
        return fault(PART_MALFORMED, line, f"{at}.{wrong}", what="A place")
    except Undrawable as wrong:
        return fault(AREA_MALFORMED, line, at, why=str(wrong))
    if found.around is not None and (beyond := outside(found.around, WHOLE, WHOLE, line, at)):
        return beyond
    span = None if found.shape or found.around else span_of(value)
    if span is not None and span.end <= span.start:
        return fault(PART_EMPTY, line, at, start=f"{span.start:g}", end=f"{span.end:g}")
    if span is not None:
        end = characters if characters is not None and isinstance(value.get("text"), str) else span.end
        if span.start < 0 or span.end > end:
            return fault(OUTSIDE, line, at, where=f"{span.start:g} to {span.end:g} of {end:g}")
    is_region = found.around is not None or "start" in value or type_.endswith("labels")
    return _Region(labels=labels, shape=found.shape or span, is_region=is_region)


def _value_key(value: Mapping[str, Any]) -> str:
    return next((key for key in VALUES if key in value), "")


def _labels(given: Any, people: Pseudonyms) -> tuple[str, ...]:
    """Of a list, of one value, or the paths of a taxonomy: a leaf alone may stand under several branches."""
    if not isinstance(given, list):
        found = number(given) if isinstance(given, float) else None
        text = digits(found) if found is not None else word(given, people)
        return (text,) if text else ()
    named = tuple(_path(each, people) for each in given)
    return named if all(named) else ()


def _path(given: Any, people: Pseudonyms) -> str:
    """Empty where a part of it says nothing."""
    if not isinstance(given, list):
        return word(given, people)
    parts = [word(part, people) for part in given]
    return STEP.join(parts) if all(parts) else ""

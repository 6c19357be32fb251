"""COCO JSON: items, classes and annotations in three lists that name each other by id. Nobody is named
but by the `annotator` that Label Studio writes where it is told to, and no day but by `at` beside it."""

from __future__ import annotations

from typing import Any

from apps.labeling.imports.addresses import Pseudonyms, addresses_in_json
from apps.labeling.imports.annotation import (
    AREA_MALFORMED,
    ID_TWICE,
    ITEM_UNKNOWN,
    LABEL_EMPTY,
    LABEL_UNKNOWN,
    PART_MALFORMED,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
    fault,
    unreadable,
)
from apps.labeling.imports.drawn import Point, Undrawable, outline
from apps.labeling.imports.elements import Element, Elements
from apps.labeling.imports.label_studio_work import who
from apps.labeling.imports.masks import of_columns
from apps.labeling.imports.pieces import (
    LONGEST_ITEM,
    LONGEST_LABEL,
    around,
    number,
    outside,
    positive,
    too_long,
    word,
)
from apps.labeling.imports.source import Source
from apps.labeling.imports.worked import Worked, day_of
from apps.labeling.measures.shapes import Box, Shape

Size = tuple[str, float | None, float | None]


def read_coco(source: Source, tally: Tally) -> Read:
    """The lists may stand in any order, so the annotations are gone through once the others are known.

    Raises: RuleBroken where it is no JSON, or has no items or no list of annotations.
    """
    classes: dict[str, str] = {}
    items: dict[str, Size] = {}
    lines: dict[tuple[str, str], int] = {}
    document = Elements(source, Format.COCO)
    for element in document:
        tally.one_more()
        tally.emails += addresses_in_json(element.text)
        if element.key in {"categories", "images"}:
            found = _declared(element, tally.named, lines, classes, items)
            if found is not None:
                yield found
    if not items:
        why = "it has no list of images"
        raise unreadable(Format.COCO.value, why)
    if "annotations" not in document.keys:
        why = "it has no list of annotations"
        raise unreadable(Format.COCO.value, why)
    tally.items.update(name for name, _width, _height in items.values())
    unsized = {name for name, width, height in items.values() if not width or not height}
    for element in Elements(source, Format.COCO):
        if element.key == "annotations":
            made = _annotation(element, tally.named, lines, classes, items, tally.work)
            if isinstance(made, Annotation):
                tally.drawn(made.shape)
                tally.unsized += made.is_region and made.item in unsized
            yield made


def _declared(
    element: Element,
    people: Pseudonyms,
    lines: dict[tuple[str, str], int],
    classes: dict[str, str],
    items: dict[str, Size],
) -> Fault | None:
    given, line = element.value, element.line
    name_key = "name" if element.key == "categories" else "file_name"
    said = given if isinstance(given, dict) else {}
    id_, name = word(said.get("id"), people), word(said.get(name_key), people)
    if not id_ or not name:
        return fault(PART_MALFORMED, line, element.key, what=f"The id or the name in «{element.key}»")
    if first := lines.get((element.key, id_)):
        return fault(ID_TWICE, line, f"{element.key}.id", id=id_, first=first)
    if first := lines.get((name_key, name)):
        return fault(ID_TWICE, line, f"{element.key}.{name_key}", id=name[:200], first=first)
    lines[element.key, id_] = lines[name_key, name] = line
    if element.key == "categories":
        if long := too_long("A label", name, LONGEST_LABEL, line, "categories.name"):
            return long
        classes[id_] = name
        return None
    if long := too_long("The name of an item", name, LONGEST_ITEM, line, "images.file_name"):
        return long
    items[id_] = name, positive(said.get("width")), positive(said.get("height"))
    return None


def _annotation(
    element: Element,
    people: Pseudonyms,
    lines: dict[tuple[str, str], int],
    classes: dict[str, str],
    items: dict[str, Size],
    work: dict[str, Worked],
) -> Annotation | Fault:
    given, line = element.value, element.line
    if not isinstance(given, dict) or not (id_ := word(given.get("id"), people)):
        return fault(PART_MALFORMED, line, "annotations", what="The id of an annotation")
    if first := lines.get(("annotations", id_)):
        return fault(ID_TWICE, line, "annotations.id", id=id_, first=first)
    lines["annotations", id_] = line
    item, named = word(given.get("image_id"), people), word(given.get("category_id"), people)
    if not named:
        return fault(LABEL_EMPTY, line, "category_id")
    if item not in items:
        return fault(ITEM_UNKNOWN, line, "image_id", item=item[:100])
    if named not in classes:
        return fault(LABEL_UNKNOWN, line, "category_id", label=named[:100])
    name, width, height = items[item]
    box = _box(given.get("bbox")) if "bbox" in given else None
    if isinstance(box, str):
        return fault(PART_MALFORMED, line, "bbox", what="The box")
    if box is not None and (beyond := outside(box, width, height, line, "bbox")):
        return beyond
    area = _area(given.get("segmentation"), (width, height), line)
    if isinstance(area, Fault):
        return area
    day = day_of(at) if isinstance(at := given.get("at", ""), str) else None
    if at and day is None:
        return fault(PART_MALFORMED, line, "at", what="The day «at»")
    annotator = who(given.get("annotator"), people)
    work[annotator].add(None, day)
    return Annotation(
        line=line,
        item=name,
        annotator=annotator,
        label=classes[named],
        shape=area or box,
        is_region=box is not None or "segmentation" in given,
    )


def _box(given: Any) -> Box | str | None:
    if given == []:
        return None
    parts = [number(each) for each in given] if isinstance(given, list) else []
    if len(parts) != 4:
        return "bbox"
    left, top, width, height = parts
    if left is None or top is None or width is None or height is None:
        return "bbox"
    return Box(left=left, top=top, width=width, height=height)


def _area(given: Any, size: tuple[float | None, float | None], line: int) -> Shape | Fault | None:
    """Polygons, or a mask; nothing, where the box is all there is."""
    if not given:
        return None
    width, height = size
    try:
        if isinstance(given, dict):
            if width and height and given.get("size") != [height, width]:
                raise Undrawable("it is of another size than the picture")
            return of_columns(given.get("counts"), given.get("size"))
        rings = [_ring(each) for each in given] if isinstance(given, list) else []
        for ring in rings:
            if beyond := outside(around(ring), width, height, line, "segmentation"):
                return beyond
        if not rings:
            raise Undrawable("it is neither a list of polygons nor a mask")
        return outline(rings)
    except Undrawable as wrong:
        return fault(AREA_MALFORMED, line, "segmentation", why=str(wrong))


def _ring(given: Any) -> list[Point]:
    """Raises: Undrawable."""
    places = [number(each) for each in given] if isinstance(given, list) else []
    across = [each for each in places[::2] if each is not None]
    down = [each for each in places[1::2] if each is not None]
    if not places or len(across) + len(down) != len(places) or len(across) != len(down):
        raise Undrawable("a polygon needs numbers in pairs")
    return list(zip(across, down, strict=True))

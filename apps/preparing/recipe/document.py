"""A recipe as a document, checked when it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from apps.kernel.errors import InvalidInput
from apps.policy.reason import Reason, Value
from apps.preparing import errors
from apps.preparing.recipe.filtering import Rows, as_text, columns_compared, parsed_rows
from apps.preparing.recipe.steps import (
    FEW,
    LONGEST,
    MANY,
    SHORTEST,
    Beginning,
    Bins,
    Drop,
    Keep,
    Mask,
    Most,
    Period,
    Span,
    Step,
    StepKind,
)

MOST_COLUMNS = 1000


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """What somebody says of a column, with what the step needs besides."""

    column: str
    step: StepKind
    width: str = ""
    span: Span | None = None
    letters: int | None = None
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A step for every column of the version, in its order, and which rows remain."""

    steps: Mapping[str, Step]
    rows: Rows | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", MappingProxyType(dict(self.steps)))

    @property
    def left(self) -> tuple[str, ...]:
        """The columns of the view."""
        return tuple(name for name, step in self.steps.items() if not isinstance(step, Drop))

    @property
    def masks(self) -> bool:
        return any(isinstance(step, Mask) for step in self.steps.values())

    @property
    def needed(self) -> tuple[str, ...]:
        """What has to be read: what remains, and what the rows are chosen by."""
        compared = columns_compared(self.rows)
        return tuple(name for name in self.steps if name in compared or name in self.left)

    @property
    def carried(self) -> dict[str, list[str]]:
        """By column of the view those of the version that it tells something about."""
        compared = columns_compared(self.rows)
        return {name: sorted({name} | compared) for name in self.left}

    @property
    def document(self) -> dict[str, Any]:
        columns = [{"column": name, **_written(step)} for name, step in self.steps.items()]
        return {"columns": columns, "rows": as_text(self.rows)}

    @property
    def sha256(self) -> str:
        compact = json.dumps(self.document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(compact.encode()).hexdigest()


def recipe_of(document: Mapping[str, Any]) -> Recipe:
    """What was stored, as it was checked."""
    steps = {each["column"]: _step(_read(each)) for each in document["columns"]}
    return Recipe(steps=steps, rows=parsed_rows(document["rows"]))


def recipe_from(columns: Iterable[StepDraft], rows: str, known: Iterable[str]) -> Recipe:
    """What was asked for, for a version with these columns. Columns of which nothing is said are dropped.

    Raises: InvalidInput, with everything that is wrong.
    """
    names = tuple(known)
    reasons: list[Reason] = []
    asked: dict[str, Step] = {}
    for place, each in enumerate(columns):
        name = each.column
        if name not in names:
            reasons.append(_fault(place, "column", errors.STEP_COLUMN_UNKNOWN, column=name))
        elif name in asked:
            reasons.append(_fault(place, "column", errors.STEP_COLUMN_TWICE, column=name))
        else:
            faults = tuple(_faults(place, each))
            reasons += faults
            asked[name] = Keep() if faults else _step(each)
    chosen: Rows | None = None
    try:
        chosen = parsed_rows(rows)
    except InvalidInput as refusal:
        reasons += refusal.reasons
    reasons += [
        Reason(code=errors.ROWS_COLUMN_UNKNOWN, field="rows", facts={"column": name})
        for name in sorted(columns_compared(chosen) - set(names))
    ]
    recipe = Recipe(steps={name: asked.get(name, Drop()) for name in names}, rows=chosen)
    if not reasons and not recipe.left:
        reasons.append(Reason(code=errors.NOTHING_LEFT, field="columns"))
    if not reasons and chosen is None and all(isinstance(step, Keep) for step in recipe.steps.values()):
        reasons.append(Reason(code=errors.NOTHING_CHANGED, field="columns"))
    if reasons:
        raise InvalidInput(*reasons)
    return recipe


def _written(step: Step) -> dict[str, Any]:
    match step:
        case Bins():
            return {"step": step.kind.value, "width": f"{step.width:f}"}
        case Period():
            return {"step": step.kind.value, "span": step.span.value}
        case Beginning():
            return {"step": step.kind.value, "letters": step.letters}
        case Most():
            return {"step": step.kind.value, "count": step.count}
        case _:
            return {"step": step.kind.value}


def _read(stored: Mapping[str, Any]) -> StepDraft:
    span = stored.get("span")
    return StepDraft(
        **{**stored, "step": StepKind(stored["step"]), "span": None if span is None else Span(span)}
    )


def _step(draft: StepDraft) -> Step:
    """Of a draft without a fault."""
    match draft.step:
        case StepKind.KEEP:
            return Keep()
        case StepKind.DROP:
            return Drop()
        case StepKind.MASK:
            return Mask()
        case StepKind.BINS:
            return Bins(width=Decimal(draft.width))
        case StepKind.PERIOD:
            return Period(span=draft.span or Span.MONTH)
        case StepKind.BEGINNING:
            return Beginning(letters=draft.letters or SHORTEST)
        case StepKind.MOST:
            return Most(count=draft.count or FEW)


def _faults(place: int, draft: StepDraft) -> Iterator[Reason]:
    column = draft.column
    match draft.step:
        case StepKind.BINS if not _is_width(draft.width):
            yield _fault(place, "width", errors.STEP_WIDTH, column=column)
        case StepKind.PERIOD if draft.span is None:
            yield _fault(place, "span", errors.STEP_SPAN, column=column)
        case StepKind.BEGINNING if not _is_within(draft.letters, SHORTEST, LONGEST):
            facts = {"least": SHORTEST, "most": LONGEST}
            yield _fault(place, "letters", errors.STEP_LETTERS, column=column, **facts)
        case StepKind.MOST if not _is_within(draft.count, FEW, MANY):
            yield _fault(place, "count", errors.STEP_COUNT, column=column, least=FEW, most=MANY)
        case _:
            return


def _is_width(given: str) -> bool:
    try:
        width = Decimal(given)
    except InvalidOperation:
        return False
    return width.is_finite() and Decimal("0.000001") <= width <= Decimal(10) ** 12


def _is_within(given: int | None, least: int, most: int) -> bool:
    return given is not None and least <= given <= most


def _fault(place: int, part: str, code: str, **facts: Value) -> Reason:
    return Reason(code=code, field=f"columns.{place}.{part}", facts=facts)

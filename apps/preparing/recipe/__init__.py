"""What is done to each column and which rows remain, as data. Pure: no lake, no database."""

from apps.preparing.recipe.document import MOST_COLUMNS, Recipe, StepDraft, recipe_from, recipe_of
from apps.preparing.recipe.filtering import MOST_LETTERS, Rows, parsed_rows
from apps.preparing.recipe.steps import (
    FEW,
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

__all__ = [
    "FEW",
    "MOST_COLUMNS",
    "MOST_LETTERS",
    "SHORTEST",
    "Beginning",
    "Bins",
    "Drop",
    "Keep",
    "Mask",
    "Most",
    "Period",
    "Recipe",
    "Rows",
    "Span",
    "Step",
    "StepDraft",
    "StepKind",
    "parsed_rows",
    "recipe_from",
    "recipe_of",
]

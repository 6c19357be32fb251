"""Where things stand in pictures that templates draw."""

from __future__ import annotations

from django import template

register = template.Library()
CELL = 60


@register.filter
def matrix_at(place: int, beyond: int) -> int:
    """Where the cell of that number begins in a picture of cells, so many pixels on."""
    return place * CELL + beyond

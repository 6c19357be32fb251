"""Long lists, a page at a time, by the key of the last row shown: no page is counted or skipped over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery
from django.http import HttpRequest

PAGE = 20
AFTER = "after"


@dataclass(frozen=True, kw_only=True)
class Page:
    """`first` and `next` are query strings, empty where there is nothing to go to."""

    rows: list[Any]
    first: str
    next: str


def page_of(request: HttpRequest, rows: QuerySet[Any], *order: str, size: int = PAGE) -> Page:
    """`order` names columns, perhaps with a minus, that are never null; equals stand by their key.

    Without an order, what is newest stands first.
    """
    after = _uid(request.GET.get(AFTER, ""))
    columns = [*order, "pk"] if order else ["-pk"]
    beyond = _beyond(rows, after, columns) if after else Q()
    found = list(rows.filter(beyond).order_by(*columns)[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    return Page(
        rows=found,
        first=_query(request, None) or "page=first" if after else "",
        next=_query(request, found[-1].uid) if has_more else "",
    )


def _beyond(rows: QuerySet[Any], after: UUID, columns: list[str]) -> Q:
    beyond, equal = Q(), Q()
    last = rows.model._base_manager.filter(uid=after)
    for column in columns:
        name = column.lstrip("-")
        value = Subquery(last.values(name)[:1])
        beyond |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond


def _query(request: HttpRequest, after: UUID | None) -> str:
    query = request.GET.copy()
    query.pop(AFTER, None)
    if after:
        query[AFTER] = str(after)
    return query.urlencode()


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

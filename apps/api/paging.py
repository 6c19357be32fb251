"""Lists by keyset: no counts, no offsets. A cursor is signed, and holds for one list with its filters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Subquery
from rest_framework.request import Request

from apps.api import errors
from apps.api.errors import refused

SALT = "apps.api.paging"
DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: list[Any]
    next: str | None
    previous: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row that a page begins after, or ends before. Its bigint key is looked up by `uid`, never told."""

    uid: UUID | None
    values: tuple[Any, ...]
    is_backward: bool


@dataclass(frozen=True, kw_only=True)
class Pager:
    """`order` names columns without nulls, each perhaps with a minus; the last one, or `pk`, is unique."""

    request: Request
    order: tuple[str, ...]
    limit: int
    cursor: str | None

    @property
    def _ends_with_key(self) -> bool:
        return self.order[-1].lstrip("-") == "pk"

    def page(self, rows: QuerySet[Any] | Sequence[Any]) -> Page:
        place = self._place()
        is_backward = place is not None and place.is_backward
        found = self._fetch(rows, place, is_backward)
        has_more = len(found) > self.limit
        found = found[: self.limit]
        if is_backward:
            found.reverse()
        has_next = bool(found) if is_backward else has_more
        has_previous = has_more if is_backward else bool(found) and place is not None
        return Page(
            rows=found,
            next=self._link(found[-1], is_backward=False) if has_next else None,
            previous=self._link(found[0], is_backward=True) if has_previous else None,
        )

    def _fetch(
        self, rows: QuerySet[Any] | Sequence[Any], place: Place | None, is_backward: bool
    ) -> list[Any]:
        if isinstance(rows, QuerySet):
            columns = [_turned(column) for column in self.order] if is_backward else list(self.order)
            beyond = self._beyond(rows, place, columns) if place else Q()
            return list(rows.filter(beyond).order_by(*columns)[: self.limit + 1])
        ordered = sorted(rows, key=lambda row: row.uid, reverse=is_backward)
        if place and place.uid:
            at = place.uid
            ordered = [row for row in ordered if (row.uid < at if is_backward else row.uid > at)]
        return ordered[: self.limit + 1]

    def _beyond(self, rows: QuerySet[Any], place: Place, columns: list[str]) -> Q:
        """Rows that come after the place: (a, b, pk) > (…), column by column for mixed directions."""
        values = list(place.values)
        if self._ends_with_key:
            values.append(Subquery(rows.model._base_manager.filter(uid=place.uid).values("pk")))
        beyond, equal = Q(), Q()
        for column, value in zip(columns, values, strict=True):
            name = column.lstrip("-")
            beyond |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
            equal &= Q(**{name: value})
        return beyond

    def _link(self, row: Any, *, is_backward: bool) -> str:
        named = self.order[:-1] if self._ends_with_key else self.order
        values = [str(getattr(row, column.lstrip("-"))) for column in named]
        uid = str(row.uid) if self._ends_with_key else ""
        told = {"u": uid, "v": values, "b": is_backward, "q": self._query_digest()}
        query = self.request.query_params.copy()
        query["cursor"] = signing.dumps(told, salt=SALT, compress=True)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def _place(self) -> Place | None:
        if self.cursor is None:
            return None
        try:
            told = signing.loads(self.cursor, salt=SALT)
            if told["q"] == self._query_digest():
                uid = UUID(told["u"]) if self._ends_with_key else None
                return Place(uid=uid, values=tuple(told["v"]), is_backward=told["b"])
        except (signing.BadSignature, ValueError, KeyError, TypeError, ValidationError):
            pass
        raise refused(400, errors.CURSOR_INVALID, field="cursor")

    def _query_digest(self) -> str:
        """What the cursor is bound to: the list, the caller, the filters and the order."""
        query = sorted((k, v) for k, v in self.request.query_params.items() if k not in {"cursor", "limit"})
        said = repr((self.request.path, self.request.user.pk, query, self.order))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"

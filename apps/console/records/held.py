"""Grants and keys, where a record names them: by person and asset, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from apps.access.queries import grants_visible_to
from apps.console.forms.record import Line
from apps.console.legal import Term
from apps.credentials.queries import leases_visible_to
from apps.kernel.actor import Actor

Lines = Iterable[tuple[UUID | str, Line]]


def grants_to_choose(actor: Actor) -> Any:
    return _named(grants_visible_to(actor), "asset__name").order_by("-pk")


def leases_to_choose(actor: Actor) -> Any:
    """Of keys that were issued; an intent opened nothing."""
    given = leases_visible_to(actor).filter(issued_at__isnull=False)
    return _named(given, "grant__asset__name").order_by("-pk")


def grant_term(row: Any) -> Term:
    return Term(name=row.name, article=_since(row.not_before))


def lease_term(row: Any) -> Term:
    return Term(name=row.name, article=_since(row.issued_at))


def grant_lines(actor: Actor, uids: set[Any]) -> Lines:
    return [(row.uid, _line(row, row.uid, row.not_before)) for row in _of(grants_to_choose(actor), uids)]


def lease_lines(actor: Actor, uids: set[Any]) -> Lines:
    return [(row.uid, _line(row, row.grant.uid, row.issued_at)) for row in _of(leases_to_choose(actor), uids)]


def _named(rows: Any, asset: str) -> Any:
    return rows.annotate(name=Concat("person__name", Value(", "), asset, output_field=TextField()))


def _of(rows: Any, uids: set[Any]) -> Any:
    return rows.filter(uid__in=uids)


def _line(row: Any, grant: UUID, since: datetime) -> Line:
    return Line(text=row.name, note=_since(since), url=reverse("console:grant", args=[grant]))


def _since(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i T")

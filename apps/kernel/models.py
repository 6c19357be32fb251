"""The base of every row that has a life of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models

from apps.kernel.errors import StaleVersion, not_found
from apps.kernel.ids import new_uid
from apps.kernel.questions import Given, Question
from apps.policy.reason import Reason, Value, declare

M = TypeVar("M", bound=models.Model)

STALE = declare(
    "STALE_VERSION",
    "This %(kind)s was changed while you read it, by somebody else or in another window.",
    "Load it anew, look at what changed, and repeat what you meant to do.",
)


class HouseQuerySet(models.QuerySet[M]):
    """Reads by uid, refusing in one way."""

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)

    def one(self, uid: UUID) -> M:
        """Raises: NotFound, the same for absent and hidden."""
        found = self.filter(uid=uid).first()
        if found is None:
            raise not_found(self.kind)
        return found

    def for_update(self, uid: UUID, *read_with_it: str) -> M:
        """`one`, locked until the transaction ends; `read_with_it` names what it refers to and will be asked.

        The row is found by its key alone, so that a concurrent change cannot hide it from the wait. Keys
        never change, so the lock lets rows be written that refer to this one (FOR NO KEY UPDATE): a second
        change of a row in one transaction checks its references again, and whoever holds what it refers to
        may be waiting for that change.
        """
        about: dict[str, Any] = {"uid": uid}
        if self.query.where:
            about = {"pk": self.filter(uid=uid).values_list("pk", flat=True).first()}
        found: M | None = _LOCKED.first(self.model, *about, read_with_it, **about)
        if found is None:
            raise not_found(self.kind)
        return found


def _locked(model: type[models.Model], key: str, read_with_it: tuple[str, ...]) -> models.QuerySet[Any]:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True).filter(**{key: Given(key)})
    return rows.select_related(*read_with_it) if read_with_it else rows


_LOCKED: Question[Any] = Question(_locked)


class BaseModel(models.Model):
    """bigint inside, UUIDv7 outside; `row_version` counts the edits, for ETag and If-Match."""

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True

    def expect_version(self, seen: int | None) -> None:
        """Raises: StaleVersion where the actor had seen another version; None means they named none."""
        if seen is not None and seen != self.row_version:
            kind = str(self._meta.verbose_name)
            facts: dict[str, Value] = {"kind": kind, "seen": seen, "current": self.row_version}
            raise StaleVersion(Reason(code=STALE, facts=facts))

    def write(self, *names: str) -> Self:
        """Save the named fields and count the edit."""
        self.row_version += 1
        self.save(update_fields=[*names, "row_version"])
        return self


def uids(rows: Iterable[BaseModel]) -> tuple[UUID, ...]:
    return tuple(row.uid for row in rows)

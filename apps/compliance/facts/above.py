"""What records name that floors above keep: grants, and keys. They say themselves how it is found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Above:
    """`table` has `visible_to`; `organization` is the path to whose it is, and `name` an expression that says
    in a line what it is."""

    table: Any
    organization: str
    name: Any

    def seen_by(self, actor: Actor, uids: Collection[UUID]) -> Any:
        return self.table.objects.visible_to(actor).filter(uid__in=uids)


ABOVE: dict[str, Above] = {}


def let_records_name(of: str, above: Above) -> None:
    """Have records name these things, under that word."""
    ABOVE[of] = above

"""What became another from one revision of a request to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.access.models import Request, Revision


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """`field` is named as in a draft; the values are as people read them, in no language of their own."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def revision_read(request: Request, sha256: str) -> Revision | None:
    """The revision of the request that bears this hash."""
    return request.revisions.filter(sha256=sha256).first() if sha256 else None


def changes_between(before: Revision, after: Revision) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of a draft."""
    old, new = _content(before), _content(after)
    return tuple(
        FieldChange(field=name, before=old[name], after=new[name]) for name in old if old[name] != new[name]
    )


def _content(revision: Revision) -> dict[str, tuple[str, ...]]:
    items = revision.items.select_related("asset", "version").order_by("asset__name", "pk")
    return {
        "items": tuple(_item(item) for item in items),
        "purpose": (str(revision.purpose.uid),),
        "subject": (_subject(revision),),
        "actions": tuple(sorted(revision.actions)),
        "starts_at": (revision.starts_at.isoformat(),),
        "ends_at": (revision.ends_at.isoformat(),),
        "place_of_processing": (revision.place_of_processing,),
        "justification": (revision.justification,),
        "mode": (revision.mode,),
        "attachments": tuple(revision.attachments.order_by("name", "pk").values_list("name", flat=True)),
    }


def _subject(revision: Revision) -> str:
    if revision.project is not None:
        return revision.project.name
    service = revision.service_account
    return service.username if service else revision.person.name


def _item(item: Any) -> str:
    columns = f": {', '.join(item.columns)}" if item.columns else ""
    return f"{item.asset.name} {item.version.number}{columns}"

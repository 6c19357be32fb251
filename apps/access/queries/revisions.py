"""What became another from one revision of a request to the next, and from one evaluation to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.access.models import Request, Revision
from apps.access.queries.details import RequestDetail, reasons_in
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """`field` is named as in a draft; the values are as people read them, in no language of their own."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluationChange:
    """Between the evaluation that was read and the one that holds."""

    before: str
    after: str
    gone: tuple[Reason, ...]
    new: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Since somebody read a request: what was amended, or how it is evaluated now."""

    revision_sha256: str
    decision_id: UUID | None
    amended: tuple[FieldChange, ...]
    evaluation: EvaluationChange | None


def changes_since(detail: RequestDetail, *, revision_sha256: str, decision_id: UUID) -> Changes:
    """Since a reading that names the revision by its hash and the evaluation by its id."""
    read = revision_read(detail.request, revision_sha256)
    return Changes(
        revision_sha256=detail.revision.sha256,
        decision_id=detail.decision.id if detail.decision else None,
        amended=changes_between(read, detail.revision) if read else (),
        evaluation=change_between(detail, decision_id),
    )


def change_between(detail: RequestDetail, read_id: UUID) -> EvaluationChange | None:
    """One query. None where what was read is not an evaluation of this revision."""
    read = detail.revision.decisions.filter(uid=read_id).first()
    if read is None or detail.decision is None or read.uid == detail.decision.id:
        return None
    before, after = reasons_in(read.trace), detail.decision.reasons
    return EvaluationChange(
        before=read.effect,
        after=detail.decision.effect,
        gone=_only(before, after),
        new=_only(after, before),
    )


def _only(these: Iterable[Reason], those: Iterable[Reason]) -> tuple[Reason, ...]:
    known = [reason.as_json() for reason in those]
    return tuple(reason for reason in these if reason.as_json() not in known)


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
        "labeling_part": (revision.labeling_part,),
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

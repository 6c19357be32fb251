"""Records that name an asset, of every kind that does: one sub-select, however many kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models import Value as Literal
from django.db.models.functions import Cast, JSONObject

from apps.compliance.lifecycle.breach import BREACHES
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.judging import is_overdue, review_due_on
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.reading import read_kept
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.models import LegalRecordVersion, RecordStep

ABOUT_ASSETS = (BREACHES, CONSENTS, DATA_SHEETS, RETENTIONS, RIGHTS)
TELLING_STEPS = ("read-withdrawals", "decide")
"""Of a basis of consent, and of a request of a data subject: what the last of them said counts."""


def names(field: str, uid: str) -> Func:
    """The content of a record whose list `field` names the thing with that uid, of the outer row."""
    return Func(
        Literal(field),
        Func(Cast(OuterRef(uid), TextField()), function="jsonb_build_array"),
        function="jsonb_build_object",
        output_field=JSONField(),
    )


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A signed version of a record; `last` is what its last telling step said, `last_at` when. `lost_in` are
    countries in which what it rests on has lost its validity, as is stated of the record itself or of all."""

    kind: Kind
    ref: str
    number: int
    uid: str
    status: str
    stage: str
    stated: Mapping[str, Any]
    approved_on: date
    effective_from: date
    effective_to: date | None
    lost_in: tuple[str, ...] = ()
    last: Mapping[str, Any] | None = None
    last_at: datetime | None = None

    @cached_property
    def content(self) -> Any:
        return read_kept(self.kind.content, self.stated)

    @property
    def version(self) -> str:
        return str(self.number)

    def concerns(self, version: UUID) -> bool:
        """A record that names versions is about these alone; one that names none, about all of its assets."""
        named = self.stated.get("versions") or [str(version)]
        return str(version) in named

    def is_in_force(self, on: date) -> bool:
        """Approved, begun and not ended on that day."""
        is_begun = self.effective_from <= on and (self.effective_to is None or self.effective_to > on)
        return self.status == "approved" and is_begun

    def holds(self, on: date) -> bool:
        """Past its review and grace a record carries nothing any more (V-29); what it forbids goes on."""
        return self.is_in_force(on) and not self.is_late(on)

    def is_late(self, on: date) -> bool:
        return is_overdue(self.review_due_on, on)

    @property
    def review_due_on(self) -> date:
        return review_due_on(self.kind, self.content, self.approved_on)


OF_A_VERSION: Mapping[str, Any] = {
    "kind": F("legal_record__kind"),
    "ref": F("legal_record__ref"),
    "number": F("number"),
    "uid": F("legal_record__uid"),
    "status": F("record_status"),
    "stage": F("legal_record__stage"),
    "content": F("content"),
    "approved_at": F("approved_at"),
    "effective_from": F("effective_from"),
    "effective_to": F("effective_to"),
}


def records_naming(asset_uid: str) -> QuerySet[Any]:
    """Signed versions about the asset, each as one object; of agreements also those that were retired."""
    step = RecordStep.objects.filter(legal_record=OuterRef("legal_record"), step__in=TELLING_STEPS)
    told = Subquery(step.order_by("-number").values_list(JSONObject(said=F("said"), at=F("created_at")))[:1])
    about = Q(legal_record__kind__in=[kind.slug for kind in ABOUT_ASSETS], record_status="approved")
    agreed = Q(legal_record__kind=USE_AGREEMENTS.slug, record_status__in=["approved", "retired"])
    found = LegalRecordVersion.objects.filter(about | agreed, content__contains=names("assets", asset_uid))
    stated = JSONObject(**OF_A_VERSION, told=told)
    return found.order_by("legal_record__ref", "number").values_list(stated)


def kept(stated: Mapping[str, Any]) -> Kept:
    """A record, from the one object of it that a query read."""
    told = stated.get("told") or {}
    return Kept(
        kind=KINDS[stated["kind"]],
        ref=stated["ref"],
        number=stated["number"],
        uid=str(stated["uid"]),
        status=stated["status"],
        stage=stated["stage"],
        stated=stated["content"],
        approved_on=_day(stated["approved_at"]),
        effective_from=_day(stated["effective_from"]),
        effective_to=_day(stated["effective_to"]) if stated["effective_to"] else None,
        lost_in=tuple(stated.get("lost_in", ())),
        last=told.get("said"),
        last_at=datetime.fromisoformat(told["at"]) if told else None,
    )


def _day(stated: Any) -> date:
    return datetime.fromisoformat(stated).date() if isinstance(stated, str) else _plain_day(stated)


def _plain_day(stated: date) -> date:
    return stated.date() if isinstance(stated, datetime) else stated


def of_kind(records: Iterable[Kept], kind: Kind) -> Iterator[Kept]:
    return (each for each in records if each.kind is kind)

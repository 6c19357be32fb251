"""Exports of the register: read as of one moment, written to disk, hashed, recorded, and only then given."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.db import connection, transaction

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization, Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.document import close_document, write_document
from apps.compliance.exports.provenance import Hashed, Order
from apps.compliance.exports.writing import Format, ending_of, media_type_of, write
from apps.compliance.facts.art30 import register_entries, register_sections
from apps.kernel.actor import Actor

PORTAL = "Lakewarden"
KEPT_IN_MEMORY = 1 << 20
STEP = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Exported:
    """`file` is at its beginning, and is gone once it is closed."""

    file: IO[bytes]
    name: str
    media_type: str
    size: int
    sha256: str
    records: int
    as_of: date


def export_register(
    *,
    actor: Actor,
    organization_id: UUID,
    articles: Articles,
    format: Format,
    as_of: date | None = None,
    at: datetime | None = None,
) -> Exported:
    """The register of Art. 30(1) or 30(2) as of a day, today where none is named; blocked processing as well.

    Nobody gets a byte before the trail holds who took what.  Raises: NotFound, NotPermitted.
    """
    order = order_export(actor=actor, organization_id=organization_id, articles=articles, as_of=as_of, at=at)
    organization = Organization.objects.get(uid=organization_id)
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed with the answer
    with _one_moment():
        records = _written(order, organization, format, file)
    size, sha256 = _hash_of(file)
    record_export(
        actor=actor,
        organization_id=organization_id,
        articles=articles,
        format=format,
        as_of=order.as_of,
        records=records,
        sha256=sha256,
        at=at,
    )
    ending = ending_of(format, records)
    return Exported(
        file=file,
        name=f"register-{organization.code.lower()}-{articles.value}-{order.as_of.isoformat()}.{ending}",
        media_type=media_type_of(format, records),
        size=size,
        sha256=sha256,
        records=records,
        as_of=order.as_of,
    )


@command
def order_export(
    *, actor: Actor, organization_id: UUID, articles: Articles, as_of: date | None, at: datetime
) -> Order:
    """What is to be exported, for whom, and when.  Raises: NotFound, NotPermitted."""
    organization = _permitted(actor, organization_id)
    person = Person.objects.filter(pk=actor.person_key).first()
    return Order(
        organization=organization.name,
        articles=articles,
        as_of=as_of or at.date(),
        made_at=at,
        made_by=person.name if person else PORTAL,
        portal=PORTAL,
    )


@command
def record_export(
    *,
    actor: Actor,
    organization_id: UUID,
    articles: Articles,
    format: Format,
    as_of: date,
    records: int,
    sha256: str,
    at: datetime,
) -> None:
    """Keep in the trail that the register is given out.  Raises: NotFound, NotPermitted."""
    organization = _permitted(actor, organization_id)
    event = events.RegisterExported(
        organization_id=organization.uid,
        articles=articles.value,
        format=format.value,
        as_of=as_of,
        records=records,
        sha256=sha256,
    )
    record(event, actor=actor, at=at)


def _permitted(actor: Actor, organization_id: UUID) -> Organization:
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.EXPORT_REGISTER, resource=resource)
    return organization


@contextmanager
def _one_moment() -> Iterator[None]:
    """All queries see the same state, however long they take; inside another transaction that is its own."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _written(order: Order, organization: Organization, format: Format, file: IO[bytes]) -> int:
    """How many records the file holds."""
    if format is Format.JSON:
        keeper = {
            "name": organization.name,
            "address": organization.address,
            "country": organization.country,
            "contact": organization.contact,
        }
        sections = register_sections(organization, order.as_of)
        count, sha256 = write_document(keeper, order.as_of.isoformat(), sections, file)
        told = order.told(count=count, rows_sha256=sha256)
        told |= {"register": "GDPR Art. 30", "content_sha256": told.pop("rows_sha256")}
        close_document(file, told)
        return count
    chunks = register_entries(organization, order.as_of)
    register = f"urn:lakewarden:register:{organization.code.lower()}:{order.articles.value}"
    told = write(order, format, chunks, file, register=register)
    return int(str(told["records"]))


def _hash_of(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    hashed = Hashed()
    while part := file.read(STEP):
        hashed.write(part)
    file.seek(0)
    return hashed.size, hashed.sha256

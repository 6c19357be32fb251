"""Which registers there are, and whose."""

from __future__ import annotations

from uuid import UUID

from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.compliance.exports.columns import Articles
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found


def articles_named(word: str) -> Articles:
    """Raises: NotFound."""
    if word not in {each.value for each in Articles}:
        raise not_found("register")
    return Articles(word)


def own_organization(actor: Actor) -> UUID:
    """Raises: NotFound, for who belongs to none."""
    uid = Organization.objects.filter(pk=actor.organization_id or 0).values_list("uid", flat=True).first()
    if uid is None:
        raise not_found("organization")
    return uid


def may_export(actor: Actor) -> bool:
    """The register of the actor's own organization."""
    if actor.organization_id is None:
        return False
    resource = Resource(kind="organization", organization_id=actor.organization_id)
    return may(actor=actor, operation=Operation.EXPORT_REGISTER, resource=resource)


def demand_exporter(actor: Actor) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.EXPORT_REGISTER, resource=_register_of(actor))


def demand_writer(actor: Actor) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=_register_of(actor))


def may_write_register(actor: Actor) -> bool:
    return may(actor=actor, operation=Operation.EDIT_RECORD, resource=_register_of(actor))


def _register_of(actor: Actor) -> Resource:
    return Resource(kind="organization", organization_id=actor.organization_id or 0)

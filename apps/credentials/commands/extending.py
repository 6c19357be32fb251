"""Carrying a grant on as far as it was used."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from apps.access.commands import extend_grant
from apps.access.models import Grant, Request
from apps.credentials.queries import fit_of
from apps.kernel.actor import Actor


def extend_as_used(
    *,
    actor: Actor,
    grant_id: UUID,
    by_use: bool = True,
    ends_on: date | None = None,
    justification: str = "",
    at: datetime | None = None,
) -> Request:
    """Draft a request that would carry the grant on, without the actions that no key was taken for. Where no
    key was taken at all everything stays: the draft says so, and that the grant may be given back.

    Raises: as `extend_grant`.
    """
    grant = Grant.objects.visible_to(actor).one(grant_id)
    kept = fit_of(grant).kept if by_use else tuple(grant.actions)
    drafted: Request = extend_grant(
        actor=actor, grant_id=grant_id, actions=kept, ends_on=ends_on, justification=justification, at=at
    )
    return drafted

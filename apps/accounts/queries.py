"""Reads: who is behind an account or a token."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from apps.accounts.models import Account, AccountKind, ApiToken, PersonStatus, RoleAssignment
from apps.accounts.roles import Role, gives, role_gives
from apps.kernel.actor import Actor, ActorKind


def actor_of(account: Account, *, request_id: str = "", scopes: frozenset[str] | None = None) -> Actor:
    """The actor behind a signed-in account, or behind a token with its scopes."""
    kind = ActorKind.SERVICE if account.kind == AccountKind.SERVICE else ActorKind.PERSON
    return Actor(
        kind=kind,
        account_id=account.pk,
        person_id=account.person_id,
        organization_id=account.organization_id,
        scopes=scopes,
        request_id=request_id,
    )


def live_token(digest: str, *, at: datetime) -> ApiToken | None:
    """The token with this digest, if neither it nor its account nor the person behind it has ended."""
    return (
        ApiToken.objects.select_related("account")
        .filter(
            digest=digest,
            expires_at__gt=at,
            revoked_at__isnull=True,
            account__is_active=True,
            account__person__status=PersonStatus.ACTIVE,
        )
        .first()
    )


def people_with_role(
    role: Role, *, organization_id: int, domain_id: int | None, at: datetime
) -> QuerySet[RoleAssignment]:
    """Assignments of the role that cover the place now, of active people."""
    return RoleAssignment.objects.held_at(at).filter(
        Q(domain__isnull=True) | Q(domain=domain_id),
        role=role,
        organization=organization_id,
        person__status=PersonStatus.ACTIVE,
    )


__all__ = ["actor_of", "gives", "live_token", "people_with_role", "role_gives"]

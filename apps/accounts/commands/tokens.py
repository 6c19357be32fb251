"""API tokens: shown once, stored as a hash, never living long."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.errors import (
    ENDS_BEFORE_START,
    TOKEN_ENDED,
    TOKEN_LIFETIME,
    TOKEN_MINTS_TOKEN,
    TOKEN_SCOPE_UNKNOWN,
)
from apps.accounts.events import TokenCreated, TokenRevoked
from apps.accounts.freshness import require_fresh
from apps.accounts.models import Account, AccountKind, ApiToken
from apps.accounts.operations import Operation
from apps.accounts.roles import TokenScope
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, invalid_state, rule_broken

MARK = "lkw_"
SHOWN_CHARACTERS = 10
LONGEST_TOKEN_NAME = 120
LONGEST_LIFE = timedelta(days=365)
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token at the one moment it is known."""

    token: ApiToken
    secret: str = field(repr=False)


@command(lock=Account)
def create_token(
    *,
    actor: Actor,
    account_id: UUID,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime,
    at: datetime,
) -> NewToken:
    """Make a token for one's own account, or a service account one answers for.

    It outlives the session, so whoever makes one has just proved who they are.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (a token makes no token).
    """
    account = Account.objects.visible_to(actor).for_update(account_id)
    authorize(actor=actor, operation=Operation.CREATE_TOKEN, resource=_of(account))
    if actor.scopes is not None:
        raise rule_broken(TOKEN_MINTS_TOKEN)
    require_fresh(actor, at=at)
    _check_lifetime(expires_at, at)
    known = {scope.value for scope in TokenScope}
    for scope in scopes:
        if scope not in known:
            raise invalid("scopes", TOKEN_SCOPE_UNKNOWN, scope=scope, known=", ".join(sorted(known)))
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account,
        name=present(name, longest=LONGEST_TOKEN_NAME),
        prefix=secret[:SHOWN_CHARACTERS],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_at=at,
    )
    event = TokenCreated(
        token_id=token.uid, account_id=account.uid, scopes=tuple(token.scopes), expires_at=expires_at
    )
    record(event, actor=actor, at=at)
    return NewToken(token=token, secret=secret)


@command(lock=ApiToken)
def revoke_token(*, actor: Actor, api_token_id: UUID, at: datetime) -> ApiToken:
    """End a token now.  Raises: NotFound, NotPermitted, InvalidState."""
    token = ApiToken.objects.visible_to(actor).for_update(api_token_id)
    authorize(actor=actor, operation=Operation.REVOKE_TOKEN, resource=_of(token.account))
    if token.revoked_at is not None:
        raise invalid_state(TOKEN_ENDED)
    token.revoked_at = at
    token.write("revoked_at")
    record(TokenRevoked(token_id=token.uid, account_id=token.account.uid), actor=actor, at=at)
    return token


def digest_of(secret: str) -> str:
    """SHA-256, hexadecimal; 256 random bits need neither salt nor stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_lifetime(expires_at: datetime, at: datetime) -> None:
    if expires_at <= at:
        raise invalid(
            "expires_at", ENDS_BEFORE_START, starts_at=at.isoformat(), ends_at=expires_at.isoformat()
        )
    if expires_at > at + LONGEST_LIFE:
        raise invalid("expires_at", TOKEN_LIFETIME, days=LONGEST_LIFE.days)


def _of(account: Account) -> Resource:
    """One's own account, and the service accounts one answers for; an administrator may end any."""
    own = frozenset({account.person_id})
    kind = "service account" if account.kind == AccountKind.SERVICE else "account"
    return Resource(kind=kind, uid=account.uid, organization_id=account.organization_id, persons=own)


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Remember that the token was used, at most once a minute. No command: nothing changes but the note."""
    if token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)

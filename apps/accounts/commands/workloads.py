"""Workload identities: registered by who answers for the program, and what a sign-in by one gives."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.commands.tokens import MARK, SHOWN_CHARACTERS, NewToken, digest_of
from apps.accounts.errors import TOKEN_MINTS_TOKEN
from apps.accounts.events import WorkloadRegistered, WorkloadRemoved, WorkloadSignedIn
from apps.accounts.freshness import require_fresh
from apps.accounts.models import (
    Account,
    AccountKind,
    ApiToken,
    WorkloadIdentity,
    WorkloadTokenUse,
)
from apps.accounts.models.workload import LONGEST_AUDIENCE, LONGEST_ISSUER, LONGEST_SUBJECT
from apps.accounts.operations import Operation
from apps.accounts.roles import SCOPES_OF_WORKLOADS
from apps.accounts.workloads.errors import (
    EXCHANGE_TOO_OFTEN,
    TOKEN_USED,
    WORKLOAD_AUDIENCE_OF_ANOTHER,
    WORKLOAD_CLAIM,
    WORKLOAD_CLAIMS_MANY,
    WORKLOAD_FIELD_EMPTY,
    WORKLOAD_ISSUER,
    WORKLOAD_MANY,
    WORKLOAD_OF_A_PERSON,
    WORKLOAD_REMOVED,
    WORKLOAD_SCOPE,
    WORKLOAD_TAKEN,
)
from apps.accounts.workloads.keysets import read_keys
from apps.accounts.workloads.tokens import CHECKED_ANYWAY, CLOCKS_DIFFER, shown
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken
from apps.kernel.models import uids
from apps.kernel.outbound import Origin, outbound

ACCESS_LIVES = timedelta(minutes=15)
MOST_A_MINUTE = 60
"""Sign-ins by one workload identity."""
MOST_IDENTITIES = 20
MOST_CLAIMS = 10
LONGEST_CLAIM = 300
LONGEST_NAME = 120


def audience_of(account: Account) -> str:
    """What a platform is told whom its token is for: this account of this portal, and nobody else."""
    return f"{settings.PUBLIC_URL}/service-accounts/{account.uid}"


@command(lock=Account)
def register_workload(
    *,
    actor: Actor,
    account_id: UUID,
    name: str,
    issuer: str,
    subject: str,
    audience: str = "",
    claims: Mapping[str, str] | None = None,
    scopes: Sequence[str],
    is_single_use: bool = True,
    keys: str = "",
    at: datetime,
) -> WorkloadIdentity:
    """Let a program sign in as a service account by what its platform says of it.

    As with a token: by the person who answers for the account, who has just proved who they are. Without
    `keys` those of the issuer are fetched from where it publishes them.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, Conflict.
    """
    account = Account.objects.visible_to(actor).for_update(account_id)
    authorize(actor=actor, operation=Operation.REGISTER_WORKLOAD, resource=_of(account))
    if actor.scopes is not None:
        raise rule_broken(TOKEN_MINTS_TOKEN)
    require_fresh(actor, at=at)
    if account.kind != AccountKind.SERVICE:
        raise rule_broken(WORKLOAD_OF_A_PERSON, field="account_id")
    trusted = WorkloadIdentity.objects.trusted()
    if trusted.filter(account=account).count() >= MOST_IDENTITIES:
        raise rule_broken(WORKLOAD_MANY, most=MOST_IDENTITIES)
    meant = WorkloadIdentity(
        account=account,
        name=present(name, longest=LONGEST_NAME),
        issuer=_issuer(issuer, is_asked=not keys),
        audience=_audience(audience, account),
        subject=_plain(subject, LONGEST_SUBJECT, field="subject"),
        claims=_claims(claims or {}),
        scopes=_scopes(scopes),
        is_single_use=is_single_use,
        keys_pasted=read_keys(keys) if keys else None,
        created_at=at,
    )
    if trusted.filter(issuer=meant.issuer, subject=meant.subject, audience=meant.audience).exists():
        raise conflict(WORKLOAD_TAKEN)
    meant.save()
    event = WorkloadRegistered(
        identity_id=meant.uid,
        account_id=account.uid,
        issuer=meant.issuer,
        workload_subject=meant.subject,
        scopes=tuple(meant.scopes),
        keys_are_pasted=meant.keys_pasted is not None,
    )
    record(event, actor=actor, at=at)
    return meant


@command(lock=WorkloadIdentity)
def remove_workload(*, actor: Actor, workload_identity_id: UUID, at: datetime) -> WorkloadIdentity:
    """Its tokens sign nobody in any more, and what it was given ends.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    identity = WorkloadIdentity.objects.visible_to(actor).for_update(workload_identity_id)
    authorize(actor=actor, operation=Operation.REMOVE_WORKLOAD, resource=_of(identity.account))
    if identity.removed_at is not None:
        raise invalid_state(WORKLOAD_REMOVED)
    tokens = _ended([identity], at=at)
    event = WorkloadRemoved(identity_id=identity.uid, account_id=identity.account.uid, token_ids=tokens)
    record(event, actor=actor, at=at)
    identity.refresh_from_db()
    return identity


@command(lock=WorkloadIdentity)
def sign_in_workload(
    *,
    actor: Actor,
    workload_identity_id: UUID,
    mark: str,
    mark_ends_at: datetime,
    scopes: Sequence[str],
    at: datetime,
) -> NewToken:
    """Give the service account an access token for a token of its platform that was checked.

    `mark` tells the platform's token from others, until `mark_ends_at`.
    Raises: NotFound, NotPermitted (the account or who answers for it is not active), InvalidState (taken).
    """
    identity = WorkloadIdentity.objects.trusted().for_update(workload_identity_id)
    account = identity.account
    own = Resource(
        kind="service account",
        uid=account.uid,
        organization_id=account.organization_id,
        accounts=frozenset({account.pk}),
    )
    authorize(actor=actor, operation=Operation.SIGN_IN_WORKLOAD, resource=own)
    lately = ApiToken.objects.filter(identity=identity, created_at__gt=at - timedelta(minutes=1))
    if lately.count() >= MOST_A_MINUTE:
        raise invalid_state(EXCHANGE_TOO_OFTEN)
    if identity.is_single_use:
        _take_once(identity, mark, ends_at=mark_ends_at)
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account,
        identity=identity,
        name=identity.name,
        prefix=secret[:SHOWN_CHARACTERS],
        digest=digest_of(secret),
        scopes=sorted(set(scopes) & set(identity.scopes)),
        expires_at=at + ACCESS_LIVES,
        created_at=at,
    )
    identity.last_used_at = at
    identity.save(update_fields=["last_used_at"])
    event = WorkloadSignedIn(
        identity_id=identity.uid,
        account_id=account.uid,
        token_id=token.uid,
        scopes=tuple(token.scopes),
        expires_at=token.expires_at,
    )
    record(event, actor=actor, at=at)
    return NewToken(token=token, secret=secret)


def workloads_ended(accounts: Collection[Account], *, at: datetime) -> tuple[UUID, ...]:
    """The workload identities of the accounts end with what was given for them; answers with those."""
    trusted = WorkloadIdentity.objects.trusted().filter(account__in=accounts)
    identities = list(trusted.select_for_update(no_key=True).order_by("pk"))
    _ended(identities, at=at)
    return uids(identities)


def _ended(identities: Collection[WorkloadIdentity], *, at: datetime) -> tuple[UUID, ...]:
    for identity in identities:
        identity.removed_at = at
        identity.write("removed_at")
    live = ApiToken.objects.filter(identity__in=identities, revoked_at__isnull=True, expires_at__gt=at)
    tokens = list(live.order_by("pk"))
    ApiToken.objects.filter(pk__in=[token.pk for token in tokens]).update(revoked_at=at)
    return uids(tokens)


def _take_once(identity: WorkloadIdentity, mark: str, *, ends_at: datetime) -> None:
    """Raises: InvalidState. The row of the identity is locked, so that no two take it at once."""
    if WorkloadTokenUse.objects.filter(identity=identity, digest=mark).exists():
        raise invalid_state(TOKEN_USED)
    # Kept for as long as clocks may differ besides: until then the token itself would still be taken.
    WorkloadTokenUse.objects.create(identity=identity, digest=mark, ends_at=ends_at + CLOCKS_DIFFER)


def _issuer(issuer: str, *, is_asked: bool) -> str:
    """Raises: InvalidInput. What nobody asks needs no address that can be reached."""
    if is_asked:
        outbound().destination(issuer, field="issuer")
    is_other = not is_asked and Origin.read(issuer, field="issuer").scheme != "https"
    if is_other or "?" in issuer or "#" in issuer or len(issuer) > LONGEST_ISSUER:
        raise invalid("issuer", WORKLOAD_ISSUER, issuer=issuer)
    return issuer


def _audience(audience: str, account: Account) -> str:
    """The account's own, unless one was fixed by the platform.  Raises: InvalidInput."""
    own = audience_of(account)
    if not audience or audience == own:
        return own
    if audience.startswith(f"{settings.PUBLIC_URL}/"):
        raise invalid("audience", WORKLOAD_AUDIENCE_OF_ANOTHER, audience=audience)
    return _plain(audience, LONGEST_AUDIENCE, field="audience")


def _claims(claims: Mapping[str, str]) -> dict[str, str]:
    """Raises: InvalidInput."""
    if len(claims) > MOST_CLAIMS:
        raise invalid("claims", WORKLOAD_CLAIMS_MANY, most=MOST_CLAIMS)
    for name, value in claims.items():
        is_short = 0 < len(name) <= LONGEST_CLAIM and 0 < len(value) <= LONGEST_CLAIM
        if not is_short or not (name + value).isprintable() or name in CHECKED_ANYWAY:
            raise invalid("claims", WORKLOAD_CLAIM, claim=shown(name))
    return dict(claims)


def _scopes(scopes: Sequence[str]) -> list[str]:
    known = [scope.value for scope in SCOPES_OF_WORKLOADS]
    for scope in scopes or [""]:
        if scope not in known:
            raise invalid("scopes", WORKLOAD_SCOPE, scope=scope, known=", ".join(known))
    return sorted(set(scopes))


def _plain(text: str, longest: int, *, field: str) -> str:
    if not 0 < len(text) <= longest or not text.isprintable() or text != text.strip():
        raise invalid(field, WORKLOAD_FIELD_EMPTY)
    return text


def _of(account: Account) -> Resource:
    """The person who answers for the account; an administrator may remove from any."""
    own = frozenset({account.person_id})
    return Resource(
        kind="service account", uid=account.uid, organization_id=account.organization_id, persons=own
    )

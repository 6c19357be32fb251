"""A token of a platform for an access token of ours (RFC 8693): nothing is stored that signs in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.commands.tokens import NewToken
from apps.accounts.commands.workloads import sign_in_workload
from apps.accounts.models import WorkloadIdentity
from apps.accounts.queries import actor_of
from apps.accounts.workloads.discovery import keys_for
from apps.accounts.workloads.errors import EXCHANGE_SCOPE, TOKEN_UNTRUSTED
from apps.accounts.workloads.keysets import check_signature
from apps.accounts.workloads.tokens import FIELD, Presented, check_claims, check_moments, read, shown
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, LakewardenError, NotFound, invalid

NOTED_EVERY = timedelta(seconds=10)


def exchange(
    *, compact: str, scopes: Sequence[str] = (), request_id: str = "", at: datetime | None = None
) -> NewToken:
    """Sign a program in by a token of its platform; `scopes` asks for some of what was registered.

    Before a signature has shown who is asking, every refusal is the same: nobody learns what is registered.
    Why it was is noted beside the workload identity, for those who answer for the account.

    Raises: InvalidInput, NotPermitted (the account or who answers for it is not active).
    """
    token, now = read(compact), at or database_now()
    identity = _meant(token)
    if identity is None:
        raise invalid(FIELD, TOKEN_UNTRUSTED)
    try:
        check_signature(keys_for(identity, token, at=now), token)
    except InvalidInput as refusal:
        _note(identity, refusal, at=now)
        raise invalid(FIELD, TOKEN_UNTRUSTED) from refusal
    try:
        ends_at = check_moments(token, at=now)
        check_claims(token, identity.claims)
        asked = _narrowed(scopes, identity)
        return sign_in_workload(
            actor=actor_of(identity.account, request_id=request_id),
            workload_identity_id=identity.uid,
            mark=token.mark,
            mark_ends_at=ends_at,
            scopes=asked,
            at=at,
        )
    except NotFound as gone:
        raise invalid(FIELD, TOKEN_UNTRUSTED) from gone
    except LakewardenError as refusal:
        _note(identity, refusal, at=now)
        raise


def _meant(token: Presented) -> WorkloadIdentity | None:
    """Registered issuers alone are ever asked: which one, the token only says."""
    found = WorkloadIdentity.objects.trusted().select_related("account")
    return found.filter(issuer=token.issuer, subject=token.subject, audience=token.audience).first()


def _narrowed(scopes: Sequence[str], identity: WorkloadIdentity) -> list[str]:
    """Raises: InvalidInput. Never more than was registered."""
    for scope in scopes:
        if scope not in identity.scopes:
            raise invalid("scope", EXCHANGE_SCOPE, scope=shown(scope))
    return sorted(set(scopes)) or list(identity.scopes)


def _note(identity: WorkloadIdentity, refusal: LakewardenError, *, at: datetime) -> None:
    """No command: nothing changes but the note, and who knocks often writes no more of them."""
    lately = Q(last_refused_at__isnull=True) | Q(last_refused_at__lte=at - NOTED_EVERY)
    told: Mapping[str, object] = refusal.reasons[0].as_json()
    WorkloadIdentity.objects.filter(lately, pk=identity.pk).update(last_refused_at=at, last_refusal=told)

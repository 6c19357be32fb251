"""Step-up: what is sensitive wants a person who has proved only just now who they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypedDict

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted
from apps.policy.reason import Reason, declare

FRESH = timedelta(minutes=15)
CLOCKS_DIFFER = timedelta(minutes=1)

STEP_UP_NEEDED = declare(
    "STEP_UP_NEEDED",
    "This is sensitive, and you have not confirmed within the last %(minutes)s minutes that it is you.",
    "Confirm it with your password, or with your second factor where you have one, and go on.",
)
STEP_UP_BY_TOKEN = declare(
    "STEP_UP_BY_TOKEN",
    "This is sensitive and wants a person who has just confirmed who they are; a token cannot.",
    "Sign in to the portal and do it there.",
)
SECOND_FACTOR_NEEDED = declare(
    "SECOND_FACTOR_NEEDED",
    "This needs a second factor, and your account has none.",
    "Set one up under Settings, Second factor.",
)


def require_fresh(actor: Actor, *, at: datetime, second_factor: bool = False) -> None:
    """Where somebody has a second factor, only that counts; `second_factor` wants that they have one.

    A service account proves who it is by its token each time, and nobody stands behind it who could be asked.
    Raises: NotPermitted.
    """
    if actor.is_system or (actor.kind is ActorKind.SERVICE and not second_factor):
        return
    if actor.scopes is not None or actor.kind is ActorKind.SERVICE:
        raise NotPermitted(Reason(code=STEP_UP_BY_TOKEN))
    has_one = has_second_factor(actor.account_key)
    if second_factor and not has_one:
        raise NotPermitted(Reason(code=SECOND_FACTOR_NEEDED))
    proved_at = actor.second_factor_at if has_one else actor.signed_in_at
    if proved_at is None or not at - FRESH <= proved_at <= at + CLOCKS_DIFFER:
        minutes = int(FRESH.total_seconds()) // 60
        raise NotPermitted(Reason(code=STEP_UP_NEEDED, facts={"minutes": minutes}))


def has_second_factor(account_id: int) -> bool:
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).exists())


class Proof(StrEnum):
    """By what somebody has shown who they are; the trail keeps it with what counts by who said it."""

    SECOND_FACTOR = "second_factor"
    SIGN_IN = "sign_in"
    TOKEN = "token"  # noqa: S105
    NONE = ""


def proof_of(actor: Actor) -> Proof:
    if actor.scopes is not None:
        return Proof.TOKEN
    if actor.second_factor_at is not None:
        return Proof.SECOND_FACTOR
    return Proof.SIGN_IN if actor.signed_in_at is not None else Proof.NONE


class Proofs(TypedDict, total=False):
    """As an actor carries them."""

    signed_in_at: datetime
    second_factor_at: datetime


def proofs_of(request: HttpRequest) -> Proofs:
    """When the person of this session last proved who they are, by any way and by a second factor."""
    account = getattr(request, "user", None)
    if account is None or not hasattr(request, "session"):
        return {}
    proofs: Proofs = {}
    for record in get_authentication_records(request, account):
        at = datetime.fromtimestamp(float(record["at"]), tz=UTC)
        proofs["signed_in_at"] = at
        if record["method"] == "mfa":
            proofs["second_factor_at"] = at
    return proofs

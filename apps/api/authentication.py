"""Who calls: a bearer token, or a session with its CSRF token. Either way an Actor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.authorization import SCOPE_MISSING
from apps.accounts.commands.tokens import digest_of, note_use
from apps.accounts.errors import PASSWORD_TO_CHANGE
from apps.accounts.freshness import Proofs, proofs_of
from apps.accounts.queries import actor_of, live_token
from apps.accounts.roles import TokenScope
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.policy.reason import Reason

KEYWORD = "bearer"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer lkw_…`. A token that does not hold is refused, never ignored."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        secret = self.secret_in(request)
        if not secret:
            return None
        now = database_now()
        token = live_token(_digest(secret), at=now)
        if token is None:
            raise AuthenticationFailed
        note_use(token, at=now)
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Lakewarden"'

    @classmethod
    def secret_in(cls, request: Request) -> str:
        """The token itself; empty where none was sent."""
        keyword, _space, secret = request.headers.get("Authorization", "").partition(" ")
        return secret.strip() if keyword.lower() == KEYWORD else ""


class TokenAsItStands(BearerAuthentication):
    """Also `Authorization: lkw_…`, which is how the SDKs of clouds send what they were given."""

    @classmethod
    def secret_in(cls, request: Request) -> str:
        return super().secret_in(request) or request.headers.get("Authorization", "").strip()


class SessionWithCsrf(SessionAuthentication):
    """The session of a person who has signed in; changes need the CSRF token."""


class SignedIn(BasePermission):
    """Everybody is known, and a token reads with the scope of what it reads; commands ask for the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.user is None or not request.user.is_authenticated:
            return False
        account: Any = request.user
        if request.auth is None and account.must_change_password:
            raise NotPermitted(Reason(code=PASSWORD_TO_CHANGE))
        actor = actor_from(request)
        request._request.actor = actor  # type: ignore[attr-defined]
        needed: TokenScope = getattr(view, "scope", TokenScope.READ)
        is_blind = actor.scopes is not None and needed not in actor.scopes
        if request.method in SAFE_METHODS and is_blind:
            facts = {"scope": needed.value, "operation": TokenScope.READ.value}
            raise NotPermitted(Reason(code=SCOPE_MISSING, facts=facts))
        return True


def actor_from(request: Request) -> Actor:
    """The actor behind a request that has been authenticated."""
    account: Any = request.user
    token: Any = request.auth
    scopes = None if token is None else frozenset(token.scopes)
    proofs = proofs_of(request._request) if token is None else Proofs()
    return actor_of(account, request_id=request_id_of(request._request), scopes=scopes, **proofs)


def request_id_of(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def _digest(secret: str) -> str:
    return digest_of(secret.encode("utf-8", "replace").decode())

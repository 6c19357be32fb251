"""Signing in: accounts are made by commands, never by a form; guessing is counted by spelling-free name."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from apps.accounts.models.person import normal_username

WHITE = '<rect width="100%" height="100%" fill="#fff"/>'


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's adapter for second factors. Their secrets lie sealed in the database."""

    def get_totp_issuer(self) -> str:
        return "Lakewarden"

    def build_totp_svg(self, url: str) -> str:
        """On white, so that it can be read off a dark page."""
        drawn = str(super().build_totp_svg(url))
        return drawn[drawn.index("<svg") :].replace("><path", f">{WHITE}<path", 1)

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises: InvalidToken, where the secret key of the portal has changed."""
        return _seal().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no mail address of allauth's; what happened stands in the session's messages."""


def _seal() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def username_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The name under which django-axes counts failures: one for all spellings of an account's name."""
    tried = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return normal_username(str(tried or ""))

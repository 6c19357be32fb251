"""Signing in: accounts are made by commands, never by a form; guessing is counted by spelling-free name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from apps.accounts.models.person import normal_username


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def username_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The name under which django-axes counts failures: one for all spellings of an account's name."""
    tried = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return normal_username(str(tried or ""))

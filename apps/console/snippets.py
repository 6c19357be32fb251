"""How a program takes keys by itself: the environment to give it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.lakes.queries import Snippet, exports, programs_of, renewed_of, surroundings_of, traits_of

TOKEN_FILE = "/run/secrets/lakewarden-token"  # noqa: S105 - a place, not a token
"""Where the snippet says that the token lies; an example, to be changed by whoever pastes it."""


def program_of(grant: Any) -> str:
    """How a program takes keys by the grant itself, and refreshes them; empty where the version lies nowhere,
    and where its lake has keys that programs do not refresh.

    The token's file is read anew at every refresh: a token can be exchanged beneath a running program.
    """
    location = grant.version.location
    if location is None or not traits_of(location.lake.flavor).serves_programs:
        return ""
    address = f"{settings.PUBLIC_URL}{reverse('outside:container-credentials-detail')}"
    values = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{address}?grant={grant.uid}",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": TOKEN_FILE,
        **surroundings_of(location.lake),
    }
    return exports(values)


def libraries_of(grant: Any) -> tuple[Snippet, ...]:
    """Code for such a program, by library."""
    location = grant.version.location
    if location is None:
        return ()
    return programs_of(location.lake, location.bucket, location.prefix, grant.asset.uid)


def renewing_of(grant: Any) -> str:
    """The same as code, where keys are renewed by a library of the cloud and not by an environment."""
    location = grant.version.location
    if location is None:
        return ""
    return renewed_of(location.lake, location.bucket, location.prefix, grant.asset.uid)

"""A key at the one moment it is known, as code to paste."""

from __future__ import annotations

from apps.credentials.models import Lease
from apps.lakes.providers.secret import Secret
from apps.lakes.queries import Snippet, snippets_of


def snippets_of_key(lease: Lease, secret: Secret) -> tuple[Snippet, ...]:
    """For the first of the places it opens."""
    first = lease.scopes.order_by("pk").first()
    assert first is not None  # a lease opens one place at least
    columns = None if first.columns is None else frozenset(first.columns)
    return snippets_of(lease.lake, secret.reveal(), first.bucket, first.prefix, columns=columns)

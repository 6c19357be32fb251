"""The keys of an issuer, from where it says they are (OpenID Connect Discovery 1.0, section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from apps.accounts.models import WorkloadIdentity
from apps.accounts.workloads.errors import KEYS_UNREAD
from apps.accounts.workloads.keysets import KeySet, has_key, read_keys
from apps.accounts.workloads.tokens import FIELD, Presented
from apps.kernel.errors import InvalidInput, LakewardenError, invalid
from apps.kernel.outbound import Outbound, is_taken, outbound
from apps.kernel.texts import sentence

FRESH_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(hours=24)
"""Keys that could not be read again are believed for so long, and no longer."""
ASKED_EVERY = timedelta(minutes=1)
SECONDS = 4.0
WELL_KNOWN = "/.well-known/openid-configuration"
ASKING = {"Accept": "application/json", "User-Agent": "Lakewarden"}


def keys_for(identity: WorkloadIdentity, token: Presented, *, at: datetime) -> KeySet:
    """The keys by which the token is checked; the issuer is asked at most once a minute, by one at a time.

    No transaction is open meanwhile.  Raises: InvalidInput where there are none.
    """
    if identity.keys_pasted is not None:
        return _set(identity.keys_pasted)
    if not _is_to_be_asked(identity, token, at=at):
        return _set(identity.keys_fetched)
    fault = ""
    with _one_at_a_time(identity):
        identity.refresh_from_db()
        if _is_to_be_asked(identity, token, at=at) and _may_be_asked(identity, at=at):
            fault = _ask(identity, at=at)
    if identity.keys_fetched is None or not _within(identity.keys_fetched_at, KEPT_FOR, at=at):
        raise invalid(FIELD, KEYS_UNREAD, fault=fault or "they were asked for less than a minute ago.")
    return _set(identity.keys_fetched)


def fetched_keys(issuer: str, way: Outbound) -> KeySet:
    """Raises: InvalidInput (what came is of no use), ProviderFailure (nothing came)."""
    document = _read(way, issuer.rstrip("/") + WELL_KNOWN)
    if document.get("issuer") != issuer:
        raise invalid(FIELD, KEYS_UNREAD, fault="the issuer calls itself by another name.")
    address = document.get("jwks_uri")
    if not isinstance(address, str):
        raise invalid(FIELD, KEYS_UNREAD, fault="the issuer does not say where its keys are.")
    return read_keys(_text(way, address), field=FIELD)


def _ask(identity: WorkloadIdentity, *, at: datetime) -> str:
    """Ask, and keep what came and when; answers with what went wrong."""
    identity.keys_asked_at = at
    kept = ["keys_asked_at"]
    fault = ""
    try:
        identity.keys_fetched = fetched_keys(identity.issuer, replace(outbound(), seconds=SECONDS))
        identity.keys_fetched_at = at
        kept += ["keys_fetched", "keys_fetched_at"]
    except LakewardenError as refusal:
        fault = " ".join(sentence(reason) for reason in refusal.reasons)
    identity.save(update_fields=kept)
    return fault


def _is_to_be_asked(identity: WorkloadIdentity, token: Presented, *, at: datetime) -> bool:
    is_fresh = _within(identity.keys_fetched_at, FRESH_FOR, at=at)
    return not is_fresh or not has_key(identity.keys_fetched, token)


def _may_be_asked(identity: WorkloadIdentity, *, at: datetime) -> bool:
    return not _within(identity.keys_asked_at, ASKED_EVERY, at=at)


def _within(moment: datetime | None, term: timedelta, *, at: datetime) -> bool:
    return moment is not None and moment > at - term


def _read(way: Outbound, url: str) -> dict[str, Any]:
    try:
        told = json.loads(_text(way, url))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise invalid(FIELD, KEYS_UNREAD, fault="the configuration of the issuer is no JSON object.")
    return told


def _text(way: Outbound, url: str) -> str:
    answer = way.send(url, body=b"", headers=ASKING, method="GET")
    if not is_taken(answer):
        raise invalid(FIELD, KEYS_UNREAD, fault=f"the issuer answered {answer.status}.")
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        raise _no_text() from None


def _no_text() -> InvalidInput:
    return invalid(FIELD, KEYS_UNREAD, fault="what the issuer answered is no text.")


def _set(keys: Any) -> KeySet:
    found: KeySet = keys
    return found


@contextmanager
def _one_at_a_time(identity: WorkloadIdentity) -> Iterator[None]:
    """Who else needs the keys of this issuer waits for them, and asks no second time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 4714))", [f"keys {identity.uid}"])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 4714))", [f"keys {identity.uid}"])

"""Ending what no call ends: a key that lives to its end is said to, and is dead when that has come."""

from __future__ import annotations

from datetime import datetime

from apps.lakes.providers.contract import LeaseHandle, ReadBack, Revoked, RevokeEffect
from apps.lakes.providers.limits import CLOCK_TOLERANCE


def revoked_by_time(handle: LeaseHandle, *, now: datetime) -> Revoked:
    if handle.expires_at + CLOCK_TOLERANCE < now:
        return Revoked(effect=RevokeEffect.IMMEDIATE, evidence={"ended": "expired"})
    return Revoked(effect=RevokeEffect.AT_EXPIRY, evidence={"until": handle.expires_at.isoformat()})


def read_back_by_time(handle: LeaseHandle, *, now: datetime) -> ReadBack:
    if handle.expires_at + CLOCK_TOLERANCE < now:
        return ReadBack(is_dead=True, evidence={"ended": "expired"})
    return ReadBack(is_dead=False, evidence={"until": handle.expires_at.isoformat()})

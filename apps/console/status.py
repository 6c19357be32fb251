"""The status of the answer for each family of faults."""

from __future__ import annotations

from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    PreconditionMissing,
    ProviderFailure,
    RuleBroken,
    StaleVersion,
)

# The first family that fits; subclasses stand before their bases.
STATUS_OF: tuple[tuple[type[LakewardenError], int], ...] = (
    (RuleBroken, 422),
    (InvalidInput, 400),
    (NotPermitted, 403),
    (NotFound, 404),
    (StaleVersion, 412),
    (PreconditionMissing, 428),
    (InvalidState, 409),
    (Conflict, 409),
    (ProviderFailure, 503),
)


def status_of(fault: LakewardenError) -> int:
    return next(status for family, status in STATUS_OF if isinstance(fault, family))

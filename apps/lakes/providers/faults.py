"""What can go wrong at a provider, by meaning. `call` says what was asked, `fault` what was answered."""

from __future__ import annotations

from apps.kernel.errors import ProviderFailure
from apps.policy.reason import Reason, declare

LAKE_UNREACHABLE = declare(
    "LAKE_UNREACHABLE",
    "The lake did not answer the call %(call)s (%(fault)s).",
    "Try again in a moment. If it stays, ask the administrator whether the endpoint is right and up.",
)
LAKE_BUSY = declare(
    "LAKE_BUSY",
    "The lake could not serve the call %(call)s now (%(fault)s).",
    "Try again in a moment.",
)
DOES_NOT_ANSWER = frozenset({LAKE_UNREACHABLE, LAKE_BUSY})
"""Faults of the whole lake, for now."""
LAKE_REFUSED = declare(
    "LAKE_REFUSED",
    "The lake refused the call %(call)s (%(fault)s).",
    "Ask the administrator to run the test of this lake connection; it names what is set up wrongly.",
)
LAKE_CLOCKS_DIFFER = declare(
    "LAKE_CLOCKS_DIFFER",
    "The lake refused the call %(call)s, because its clock and the portal's are too far apart.",
    "Ask the administrator to check the time service of both machines.",
)
LAKE_POLICY_PACKED_TOO_LARGE = declare(
    "LAKE_POLICY_PACKED_TOO_LARGE",
    "The lake found the policy of this key too large once packed.",
    "Split the request into several keys, or register one common prefix for the places.",
)
LAKE_THING_MISSING = declare(
    "LAKE_THING_MISSING",
    "The lake does not know what the call %(call)s is about (%(fault)s).",
    "Check the names of role and bucket in the lake connection.",
)
LAKE_THING_EXISTS = declare(
    "LAKE_THING_EXISTS",
    "What the call %(call)s would create exists already (%(fault)s).",
    "Use the existing one, or choose another name.",
)

LAKE_ANSWER_MALFORMED = declare(
    "LAKE_ANSWER_MALFORMED",
    "The lake answered the call %(call)s with something that is no answer to it (%(fault)s).",
    "Ask the administrator whether the endpoint leads to the lake, and not to a proxy or another service.",
)
REVOCATION_NOT_SEEN = declare(
    "LAKE_REVOCATION_NOT_SEEN",
    "The lake took the revocation but does not show it yet.",
    "The portal tries again by itself.",
)


def failure(reason: str, call: str, fault: str, *, is_transient: bool) -> ProviderFailure:
    facts = {"call": call, "fault": fault}
    return ProviderFailure(Reason(code=reason, facts=facts), is_transient=is_transient)


def malformed(call: str, fault: str) -> ProviderFailure:
    """`fault` says what was missing or unreadable, never what was sent."""
    return failure(LAKE_ANSWER_MALFORMED, call, fault, is_transient=False)

"""The one way out: how the portal speaks to addresses that people typed in."""

from apps.kernel.outbound.client import Answer, Outbound, is_taken, outbound
from apps.kernel.outbound.destination import Destination, Origin, destination
from apps.kernel.outbound.patience import MOST_ATTEMPTS, wait_after
from apps.kernel.outbound.signing import signed_headers

__all__ = [
    "MOST_ATTEMPTS",
    "Answer",
    "Destination",
    "Origin",
    "Outbound",
    "destination",
    "is_taken",
    "outbound",
    "signed_headers",
    "wait_after",
]

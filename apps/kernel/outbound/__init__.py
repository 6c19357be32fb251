"""The one way out: how the portal speaks to addresses that people typed in."""

from apps.kernel.outbound.client import Answer, Outbound, is_taken, outbound
from apps.kernel.outbound.destination import Destination, Origin, destination

__all__ = ["Answer", "Destination", "Origin", "Outbound", "destination", "is_taken", "outbound"]

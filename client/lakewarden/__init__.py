"""Find, ask for and use datasets and models that a Lakewarden portal governs."""

from lakewarden.answers import PortalUnreachable, Refused
from lakewarden.client import Asset, Client
from lakewarden.keys import Key
from lakewarden.profile import NotSignedIn

__all__ = ["Asset", "Client", "Key", "NotSignedIn", "PortalUnreachable", "Refused"]

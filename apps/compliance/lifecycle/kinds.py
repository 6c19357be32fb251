"""The kinds of records that are declared. A further one is a module, and a line here."""

from __future__ import annotations

from apps.compliance.lifecycle.compatibility import COMPATIBILITIES
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.interests import INTERESTS

KINDS: dict[str, Kind] = {kind.slug: kind for kind in (INTERESTS, COMPATIBILITIES)}
OPEN_KINDS = tuple(slug for slug, kind in KINDS.items() if kind.is_open)

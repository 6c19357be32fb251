"""The register of an organization as of a day, entry by entry."""

from apps.compliance.facts.art30.document import register_sections
from apps.compliance.facts.art30.entries import CHUNK, register_entries

__all__ = ["CHUNK", "register_entries", "register_sections"]

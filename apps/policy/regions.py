"""Countries by region, as rules and risks name them (ISO 3166-1 alpha-2)."""

from __future__ import annotations

EEA = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
"""The European Union and Iceland, Liechtenstein and Norway (EEA Agreement)."""

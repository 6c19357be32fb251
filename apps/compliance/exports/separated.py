"""The register as CSV: its first line."""

from __future__ import annotations

from apps.compliance.exports.columns import COLUMNS, Articles


def head(articles: Articles) -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS[articles])

"""What a test reads of a purpose."""

from __future__ import annotations

from datetime import date

from apps.compliance.models import Purpose, PurposeVersion
from apps.kernel.clock import database_now


def today() -> date:
    return database_now().date()


def newest(purpose: Purpose) -> PurposeVersion:
    found: PurposeVersion = purpose.versions.select_related("concept").order_by("-number")[0]
    return found

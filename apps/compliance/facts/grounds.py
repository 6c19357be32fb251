"""The record that a purpose names as what it rests on. It is named by its reference, which never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from apps.compliance.facts.around import referred
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.declaration import Referred
from apps.compliance.lifecycle.interests import INTERESTS
from apps.compliance.lifecycle.judging import is_overdue, review_due_on
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import LegalRecordVersion, PurposeVersion
from apps.policy.vocabulary import LawfulBasis


def lia_of(version: PurposeVersion, *, on: date) -> Referred | None:
    """The assessment that the version names, as it stands that day; `None` where it names no record.

    No query where the version was read `with_lia()`; else one, if it rests on legitimate interests.
    """
    if version.lawful_basis != LawfulBasis.LEGITIMATE_INTERESTS or not version.lia_ref.strip():
        return None
    stated = getattr(version, "lia_versions", None)
    if stated is None:
        stated = PurposeVersion.objects.with_lia().get(pk=version.pk).lia_versions  # type: ignore[attr-defined]
    if not stated:
        return None
    first = min((_day(each["approved_at"]) for each in stated if each["approved_at"]), default=None)
    told = [_referred(each, first, on) for each in stated]
    return next((each for each in told if each.is_in_force), told[0])


def consent_of(version: PurposeVersion, *, on: date) -> Referred | None:
    """The basis of consent that the version names, as it stands that day; `None` where it names no record.
    One query, where it names anything."""
    if not version.consent_ref.strip():
        return None
    found = LegalRecordVersion.objects.filter(
        legal_record__organization=version.purpose.organization_id,
        legal_record__kind=CONSENTS.slug,
        legal_record__ref=version.consent_ref.strip(),
    )
    told = [referred(each, on) for each in found.select_related("legal_record").order_by("-number")]
    return next((each for each in told if each.is_in_force), told[0] if told else None)


def _referred(stated: Mapping[str, Any], first: date | None, on: date) -> Referred:
    """`first`: a later version is the same record, looked at again."""
    content = read(INTERESTS.content, stated["content"])
    approved_on = _day(stated["approved_at"]) if stated["approved_at"] else None
    ends = stated["effective_to"]
    holds = (
        stated["record_status"] == "approved"
        and date.fromisoformat(stated["effective_from"]) <= on
        and (ends is None or date.fromisoformat(ends) > on)
    )
    is_late = holds and approved_on is not None
    return Referred(
        kind=INTERESTS.slug,
        ref=stated["ref"],
        number=stated["number"],
        content=content if holds else None,
        approved_on=approved_on,
        first_approved_on=first,
        is_overdue=is_late and is_overdue(review_due_on(INTERESTS, content, approved_on or on), on),
    )


def _day(at: str) -> date:
    return datetime.fromisoformat(at).date()

"""What purposes and activities say, from the JSON of a register document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from apps.compliance.facts.records import kept_recipient
from apps.compliance.lifecycle import (
    ActivityContent,
    DataSubjectCategory,
    PurposeContent,
    Role,
    SecurityMeasure,
    Transfer,
    TransferMechanism,
)
from apps.compliance.lifecycle.activity.particulars import Particulars
from apps.compliance.lifecycle.reading import read
from apps.kernel.events import plain
from apps.policy.snapshot import from_json


def purpose_content_of(given: Mapping[str, Any]) -> PurposeContent:
    """What an older document does not say yet is empty.  Raises: ValueError."""
    blank: Any = plain(asdict(PurposeContent(name="", concept_code="")))
    return from_json(PurposeContent, {**blank, **given})


def activity_content_of(given: Mapping[str, Any]) -> ActivityContent:
    """As versions keep it.  Raises: ValueError, KeyError, TypeError."""
    said: dict[str, Any] = dict(given)
    return ActivityContent(
        **{
            **said,
            "role": Role(said["role"]),
            "controller_id": UUID(said["controller_id"]),
            "purpose_ids": tuple(map(UUID, said["purpose_ids"])),
            "asset_ids": tuple(map(UUID, said["asset_ids"])),
            "data_subject_categories": frozenset(map(DataSubjectCategory, said["data_subject_categories"])),
            "recipients": tuple(kept_recipient(each) for each in said["recipients"]),
            "transfers": tuple(
                Transfer(
                    country=each["country"],
                    importer=each["importer"],
                    mechanism=TransferMechanism(each["mechanism"]) if each["mechanism"] else None,
                    instrument_ref=each["instrument_ref"],
                )
                for each in said["transfers"]
            ),
            "security_measures": frozenset(map(SecurityMeasure, said["security_measures"])),
            "effective_from": date.fromisoformat(said["effective_from"]),
            "particulars": read(Particulars, said.get("particulars", {})),
        }
    )

"""What is typed into the forms of records, and records to begin with."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from apps.compliance.commands import submit_purpose
from apps.compliance.models import Purpose, PurposeVersion
from tests.factories import compliance
from tests.factories.access import AccessWorld

PURPOSES = "/records/purposes/"
ACTIVITIES = "/records/processing-activities/"
TYPED = "Pay people <on time> & in full"


def filled(**given: Any) -> dict[str, Any]:
    made = {
        "name": TYPED,
        "concept_code": "PersonnelPayment",
        "description": "Salaries are worked out and paid.",
        "lawful_basis": "6(1)(f)",
        "lia_ref": "LIA-0001",
        "presumption": "none",
        "key": str(uuid4()),
    }
    return {**made, **given}


def described(world: AccessWorld, **given: Any) -> dict[str, Any]:
    made = {
        "name": TYPED,
        "role": "controller",
        "purpose_ids": [str(world.purposes["pay"].uid)],
        "asset_ids": [str(world.personal.asset.uid)],
        "data_subject_categories": ["Employee"],
        "recipients-kind": ["independent_controller", "", ""],
        "recipients-party": ["Payroll Ltd", "", ""],
        "recipients-country": ["de", "", ""],
        "transfers-country": ["us", ""],
        "transfers-importer": ["Payroll Inc", ""],
        "transfers-mechanism": ["46(2)(c)", ""],
        "transfers-instrument_ref": ["SCC 2026", ""],
        "security_measures": ["encryption"],
        "business_function": "Personnel <pay>",
        "has_no_dpo": "yes",
        "personal_data-category": ["Salary", ""],
        "personal_data-columns": ["salary", ""],
        "no_time_limits_reason": "The law on pay slips says how long.",
        "identifiability": "identified",
        "sources": ["data_subject"],
        "privacy_notice": "Notice for employees",
        "automation": "none",
        "places-country": ["de", ""],
        "key": str(uuid4()),
    }
    return {**made, **given}


def drafted(world: AccessWorld, writer: str = "officer", **given: Any) -> Purpose:
    return compliance.drafted_purpose(world.organization, world[writer], **given)


def in_review(world: AccessWorld, writer: str = "officer", **given: Any) -> Purpose:
    purpose = drafted(world, writer, **given)
    submit_purpose(actor=world[writer], purpose_id=purpose.uid)
    return purpose


def newest(purpose: Purpose) -> PurposeVersion:
    found: PurposeVersion = purpose.versions.order_by("-number")[0]
    return found


def page_of(purpose: Purpose, step: str = "") -> str:
    return f"{PURPOSES}{purpose.uid}/{step}"

"""What two compliance officers write down before a pay review may run: fields of forms, by their names.

A list is what is ticked, or a column of a table, row by row.
"""

from __future__ import annotations

from uuid import UUID

from apps.compliance.lifecycle import dpia

Typed = dict[str, str | list[str]]
KIND = "PersonnelPayment"
NAME = "Review whether pay is fair"
SCHEDULE, ACTIVITY = "Personnel files", "Pay review"

ORIGIN: Typed = {
    "original_basis": "6(1)(b)",
    "original_purpose_code": KIND,
    "source": "Payroll",
    "retention_ends_on": "2099-01-01",
}
INTERESTS: Typed = {
    "name": "Whether pay is fair",
    "interest": "Gaps in pay are found and closed.",
    "whose": "controller",
    "is_lawful": "yes",
    "is_necessary": "yes",
    "alternatives": "Averages hide gaps in small teams.",
    "has_special_data": "no",
    "has_criminal_data": "no",
    "has_children": "no",
    "expectations": "The works council was heard.",
    "likelihood": "limited",
    "severity": "limited",
    "outcome": "interest_prevails",
    "why": "It serves those whose data are used.",
}
PURPOSE: Typed = {
    "name": NAME,
    "concept_code": KIND,
    "description": "Compare salaries between departments.",
    "lawful_basis": "6(1)(f)",
    "lia_ref": "LIA-0001",
    "presumption": "none",
}
RETENTION: Typed = {
    "name": SCHEDULE,
    "data": "What is kept about employees.",
    "trigger": "contract_end",
    "duration": "P6Y",
    "max_cap": "P50Y",
    "action": "erase",
}


def activity(*, controller: UUID, purpose: UUID, asset: UUID, schedule: UUID) -> Typed:
    return {
        "name": ACTIVITY,
        "role": "controller",
        "controller_id": str(controller),
        "purpose_ids": [str(purpose)],
        "asset_ids": [str(asset)],
        "data_subject_categories": ["Employee"],
        "no_recipients_confirmed": "on",
        "no_transfers_confirmed": "on",
        "security_measures": ["encryption"],
        "business_function": "Personnel",
        "dpo": "Data protection, dpo@example.org",
        "personal_data-category": ["Income", ""],
        "personal_data-columns": ["name, salary", ""],
        "personal_data-retention": [str(schedule), ""],
        "places-country": ["DE"],
        "identifiability": "identified",
        "sources": ["data_subject"],
        "privacy_notice": "Notice for employees, version 3",
        "automation": "none",
        "subjects_band": "100_to_999",
    }


def assessment(activity_id: UUID) -> Typed:
    points = dict.fromkeys((*dpia.POINTS, *dpia.DECISIVE), "no")
    return {
        "name": ACTIVITY,
        "activities": [str(activity_id)],
        **points,
        "is_vulnerable": "yes",
        "is_evaluation": "yes",
        "description": "Salaries of all employees are compared once a year.",
        "necessity": "No other data show it.",
        "proportionality": "Few people read them.",
        "views": "The works council was heard.",
        "risks-harm": ["re_identification"],
        "risks-impact": ["Colleagues learn what somebody earns."],
        "risks-severity": ["limited"],
        "risks-likelihood": ["limited"],
        "initial_risk": "important",
        "residual_risk": "limited",
    }


STEPS: tuple[tuple[str, str, Typed], ...] = (
    ("writer", "begin", {}),
    ("writer", "consult", {}),
    ("dpo", "advise", {"opinion": "favourable", "text": "The measures fit the risk."}),
    ("owner", "decide", {"decision": "approve"}),
)
"""Who takes which step with the assessment, and says what."""

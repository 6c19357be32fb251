"""The words of the register. It is kept in one language, so that two exports of the same thing are alike."""

from __future__ import annotations

import re

from apps.compliance.lifecycle.activity import RecipientKind, SecurityMeasure

RECIPIENTS = {
    RecipientKind.INTERNAL_TEAM: "Internal team",
    RecipientKind.PROCESSOR: "Processor",
    RecipientKind.SUB_PROCESSOR: "Sub-processor",
    RecipientKind.JOINT_CONTROLLER: "Joint controller",
    RecipientKind.INDEPENDENT_CONTROLLER: "Independent controller",
    RecipientKind.PUBLIC_AUTHORITY: "Public authority",
    RecipientKind.INTERNATIONAL_ORGANIZATION: "International organisation",
}
MEASURES = {
    SecurityMeasure.PSEUDONYMISATION: "Pseudonymisation",
    SecurityMeasure.ENCRYPTION: "Encryption",
    SecurityMeasure.CONFIDENTIALITY: "Confidentiality",
    SecurityMeasure.INTEGRITY: "Integrity",
    SecurityMeasure.AVAILABILITY: "Availability and resilience",
    SecurityMeasure.RESTORE: "Restoring availability and access",
    SecurityMeasure.REGULAR_TESTING: "Regular testing",
}
UNITS = {"Y": "year", "M": "month", "D": "day"}


def article(word: str) -> str:
    """`6(1)(f)` as `Art. 6(1)(f)`; the second subparagraph of Art. 49(1) is none of its letters."""
    number, _, part = word.partition("-")
    return f"Art. {number} second subparagraph" if part == "2" else f"Art. {number}"


def period(text: str) -> str:
    """`P1Y6M` as `1 year 6 months`; what is no period is told as it stands."""
    found = re.fullmatch(r"P(?:\d+[YMD])+", text.strip())
    if found is None:
        return text.strip()
    parts = re.findall(r"(\d+)([YMD])", found[0])
    return " ".join(f"{int(count)} {UNITS[unit]}{'' if int(count) == 1 else 's'}" for count, unit in parts)

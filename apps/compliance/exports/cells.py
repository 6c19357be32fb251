"""How a cell is written. Every format writes the same cells."""

from __future__ import annotations

from collections.abc import Iterable

from apps.compliance.exports.entry import MISSING, Absent, Assessment, Party, Retention, Transfer
from apps.compliance.exports.words import article, period

SEPARATOR = "; "


def one(value: str | Absent | None) -> str:
    if isinstance(value, Absent):
        return value.value
    return (value or "").strip() or MISSING


def many(values: Iterable[str] | Absent) -> str:
    """Sorted by their label without regard to case, each once."""
    if isinstance(values, Absent):
        return values.value
    found = set(values)
    if len(found) > 1:
        return SEPARATOR.join(sorted(found, key=_by_label))
    return next(iter(found), "") or MISSING


def _by_label(value: str) -> tuple[str, str]:
    return value.casefold(), value


def party(given: Party) -> str:
    """Name, street, postcode and city as stored, ISO country, contact; lines of an address become parts."""
    address = ", ".join(line.strip() for line in given.address.splitlines() if line.strip())
    parts = (given.name.strip(), address, given.country, given.contact.strip())
    return ", ".join(part for part in parts if part) or MISSING


def transfer(given: Transfer) -> str:
    return f"{given.country}: {given.importer} ({given.role or MISSING})"


def safeguard(given: Transfer) -> str:
    """What carries the transfer. Only Art. 45 needs no document, and only Art. 46 an assessment."""
    told = [article(given.mechanism) if given.mechanism else MISSING]
    if given.instrument_ref.strip():
        told.append(f"ref {given.instrument_ref.strip()}")
    elif given.mechanism and not given.mechanism.startswith("45"):
        told.append(f"ref {MISSING}")
    if given.tia:
        until = given.tia_valid_to.isoformat() if given.tia_valid_to else MISSING
        told.append(f"{given.tia} valid to {until}")
    elif given.mechanism.startswith("46"):
        told.append(f"TIA {MISSING}")
    return f"{given.country}: {given.importer}: {', '.join(told)}"


def retention(given: Retention) -> str:
    """`category: N units after trigger`."""
    if given.duration:
        told = f"{period(given.duration)} after {given.trigger or MISSING}"
    elif given.criterion:
        told = f"{given.criterion}, at most {period(given.at_most) if given.at_most else MISSING}"
    else:
        told = MISSING
    return f"{given.data or MISSING}: {told}"


def assessment(given: Assessment) -> str:
    """`Required: state [date] (ref vN)` or `Not required: reason`."""
    if not given.is_required:
        return f"Not required: {given.reason or MISSING}"
    on = f" {given.decided_on.isoformat()}" if given.decided_on else ""
    return f"Required: {given.state or MISSING}{on} ({given.ref} v{given.version})"

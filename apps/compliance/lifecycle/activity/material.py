"""Which changes of an activity are material, so that its impact assessment is made anew. Art. 35(11) GDPR.

A version that says the same in other words, or less, is routine; so is a further version of the data.
"""

from __future__ import annotations

from typing import Any

from apps.compliance.lifecycle.activity.content import ActivityContent
from apps.compliance.lifecycle.activity.particulars import Automation, SubjectsBand
from apps.compliance.lifecycle.declaration import Choice

BANDS: list[Choice] = list(SubjectsBand)
DECIDING: list[Choice] = list(Automation)


def material_changes(before: ActivityContent, after: ActivityContent) -> tuple[str, ...]:
    """The aspects in which the later one says more than the earlier, by their names."""
    then, now = _sets(before), _sets(after)
    grown = [name for name, said in now.items() if said - then[name]]
    old, new = before.particulars, after.particulars
    if _rank(BANDS, new.subjects_band) > _rank(BANDS, old.subjects_band):
        grown.append("scale")
    if _rank(DECIDING, new.automation) > _rank(DECIDING, old.automation):
        grown.append("task")
    return tuple(sorted(grown))


def _sets(content: ActivityContent) -> dict[str, set[Any]]:
    said = content.particulars
    kinds: set[str] = {row.category for row in said.personal_data if row.category}
    kinds |= {row.special_kind for row in said.personal_data if row.special_kind}
    columns = {name.strip() for row in said.personal_data for name in row.columns.split(",")}
    countries = {each.country for each in content.transfers} | {each.country for each in content.recipients}
    countries |= {each.country for each in said.places}
    made: dict[str, set[Any]] = {
        "categories": kinds,
        "columns": {*columns} - {""},
        "countries": {*countries} - {""},
        "data": {*content.asset_ids},
        "people": {*content.data_subject_categories},
        "purposes": {*content.purpose_ids},
        "recipients": {(each.kind, each.party_id or each.party.strip()) for each in content.recipients},
        "transfers": {*said.transfer_records},
    }
    return made


def _rank(order: list[Choice], said: Choice | None) -> int:
    """What is not said is the least, so that saying it for the first time is a change."""
    return order.index(said) if said is not None else -1

"""What a column of somebody else's register may fill, and what a row says once it is understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.exports.entry import MISSING
from apps.compliance.imports.cells import (
    CODE_UNKNOWN,
    SHOWN,
    TEXT_TOO_LONG,
    VALUE_MALFORMED,
    Known,
    Reader,
    Wrong,
    read_assets,
    read_automation,
    read_categories,
    read_day,
    read_measures,
    read_particular,
    read_purposes,
    read_recipients,
    read_role,
    read_running,
    read_safeguards,
    read_sources,
    read_subjects,
    read_text,
    read_transfers,
)
from apps.compliance.imports.limits import (
    Grounds,
    Sensitive,
    kept_by,
    read_authority,
    read_bases,
    read_conditions,
    read_limits,
    read_sensitive,
    with_sensitive,
)
from apps.compliance.lifecycle.activity import ActivityContent, Transfer
from apps.compliance.lifecycle.activity.particulars import Particulars
from apps.compliance.lifecycle.retention import RetentionContent
from apps.policy.reason import Reason, declare

NAME_MISSING = declare(
    "IMPORT_NAME_MISSING", "Line %(line)s has no name.", "Give every processing activity a name."
)


@dataclass(frozen=True, kw_only=True)
class Target:
    label: Any
    read: Reader
    usual: tuple[str, ...]
    """Names of columns that are taken for it without asking."""
    is_part_of_the_register: bool = False
    """Art. 30 asks for it: a row that leaves it open has a gap."""


class Field(StrEnum):
    NAME = "name"
    DESCRIPTION = "description"
    BUSINESS_FUNCTION = "business_function"
    ROLE = "role"
    PURPOSES = "purposes"
    SUBJECTS = "data_subjects"
    CATEGORIES = "personal_data"
    SENSITIVE = "special_kinds"
    LIMITS = "time_limits"
    BASES = "lawful_basis"
    CONDITIONS = "art9_condition"
    AUTHORITY = "art10_authority"
    RECIPIENTS = "recipients"
    TRANSFERS = "transfers"
    SAFEGUARDS = "safeguards"
    MEASURES = "security_measures"
    DATASETS = "datasets"
    REPRESENTATIVE = "representative"
    DPO = "dpo"
    AUTOMATION = "automated_decisions"
    SOURCES = "sources"
    NOTICE = "privacy_notice"
    TIME_LIMITS = "no_time_limits_reason"
    ARRANGEMENT = "art26_arrangement"
    RUNNING = "is_running"
    BEGINS = "effective_from"


TARGETS: dict[Field, Target] = {
    Field.NAME: Target(
        label=_("Name"),
        read=read_text("name", 200),
        usual=("activity_name", "name", "processing activity", "activity", "verarbeitungstätigkeit"),
        is_part_of_the_register=True,
    ),
    Field.DESCRIPTION: Target(
        label=_("Description"), read=read_text("description", 20_000), usual=("description", "beschreibung")
    ),
    Field.BUSINESS_FUNCTION: Target(
        label=_("Business function"),
        read=read_particular("business_function", 300),
        usual=("business function", "business_function", "department"),
    ),
    Field.ROLE: Target(label=_("Role"), read=read_role, usual=("role",)),
    Field.PURPOSES: Target(
        label=_("Purposes"),
        read=read_purposes,
        usual=("purposes(b)", "purposes", "purpose", "purpose of processing", "zweck", "zwecke"),
        is_part_of_the_register=True,
    ),
    Field.SUBJECTS: Target(
        label=_("Categories of data subjects"),
        read=read_subjects,
        usual=("data_subject_categories(c)", "categories of individuals", "data subjects"),
        is_part_of_the_register=True,
    ),
    Field.CATEGORIES: Target(
        label=_("Categories of personal data"),
        read=read_categories,
        usual=("personal_data_categories(c)", "categories of personal data", "personal data"),
        is_part_of_the_register=True,
    ),
    Field.SENSITIVE: Target(
        label=_("Special categories or offences"),
        read=read_sensitive,
        usual=("special_category_or_criminal_data(c)", "special categories", "sensitive data"),
    ),
    Field.LIMITS: Target(
        label=_("Time limits for erasure"),
        read=read_limits,
        usual=(
            "erasure_time_limits(f)",
            "retention",
            "retention schedule",
            "retention period",
            "löschfristen",
        ),
        is_part_of_the_register=True,
    ),
    Field.BASES: Target(
        label=_("Lawful basis, as the purposes record it"),
        read=read_bases,
        usual=("lawful_basis", "lawful basis", "article 6 basis"),
    ),
    Field.CONDITIONS: Target(
        label=_("Condition of Art. 9(2), as the purposes record it"),
        read=read_conditions,
        usual=("art9_condition", "article 9 basis", "article 9 condition"),
    ),
    Field.AUTHORITY: Target(
        label=_("Authority for data on offences, as the purposes record it"),
        read=read_authority,
        usual=("art10_authority",),
    ),
    Field.RECIPIENTS: Target(
        label=_("Categories of recipients"),
        read=read_recipients,
        usual=("recipient_categories(d)", "categories of recipients", "recipients"),
        is_part_of_the_register=True,
    ),
    Field.TRANSFERS: Target(
        label=_("Transfers to third countries"),
        read=read_transfers,
        usual=("third_country_transfers(e)", "transfers"),
        is_part_of_the_register=True,
    ),
    Field.SAFEGUARDS: Target(
        label=_("Safeguards of transfers"),
        read=read_safeguards,
        usual=("transfer_safeguards(e)", "safeguards"),
    ),
    Field.MEASURES: Target(
        label=_("Security measures"),
        read=read_measures,
        usual=("security_measures(g)", "security measures"),
        is_part_of_the_register=True,
    ),
    Field.DATASETS: Target(label=_("Datasets"), read=read_assets, usual=("datasets", "assets")),
    Field.REPRESENTATIVE: Target(
        label=_("Representative"),
        read=read_particular("representative", 20_000, absent="has_no_representative"),
        usual=("representative(a)", "representative"),
    ),
    Field.DPO: Target(
        label=_("Data protection officer"),
        read=read_particular("dpo", 300, absent="has_no_dpo"),
        usual=("dpo(a)", "dpo", "data protection officer"),
        is_part_of_the_register=True,
    ),
    Field.AUTOMATION: Target(
        label=_("Automated decisions"),
        read=read_automation,
        usual=("automated_decision_making", "automated decisions"),
    ),
    Field.SOURCES: Target(
        label=_("Source of the data"), read=read_sources, usual=("source_of_data", "source of data")
    ),
    Field.NOTICE: Target(
        label=_("Privacy notice"), read=read_particular("privacy_notice", 300), usual=("privacy notice",)
    ),
    Field.TIME_LIMITS: Target(
        label=_("Why no time limit can be named"),
        read=read_particular("no_time_limits_reason", 20_000),
        usual=("no_time_limits_reason",),
    ),
    Field.ARRANGEMENT: Target(
        label=_("Arrangement between joint controllers"),
        read=read_text("art26_arrangement", 300),
        usual=("art26_arrangement",),
    ),
    Field.RUNNING: Target(label=_("It takes place already"), read=read_running, usual=("is_running",)),
    Field.BEGINS: Target(label=_("Holds from"), read=read_day, usual=("effective_from",)),
}


def usual_columns(head: tuple[str, ...]) -> dict[str, str]:
    """Which column fills what, as far as their names tell."""
    by_name = {name.casefold(): name for name in head if name}
    found = {}
    for target, about in TARGETS.items():
        name = next((by_name[each] for each in about.usual if each in by_name), None)
        if name is not None:
            found[target.value] = name
    return found


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a row says. `faults` is everything in it that is not understood; `schedules` would be drafted
    beside it, each by what stands in its place; `unrecorded` says what its purposes do not."""

    content: ActivityContent
    faults: tuple[Reason, ...]
    schedules: Mapping[UUID, RetentionContent]
    unrecorded: tuple[Field, ...]

    @property
    def gaps(self) -> tuple[Field, ...]:
        return (*unsaid(self.content), *self.unrecorded)


def understood(cells: Mapping[Field, tuple[str, str]], line: int, known: Known) -> Understood:
    """`cells` by what they fill, each with the name of its column. An existing register tells of what takes
    place, so that is taken for granted."""
    said: dict[str, Any] = {"is_running": True}
    particulars: dict[str, Any] = {}
    wrong: list[Reason] = []
    for target, (column, cell) in cells.items():
        if not cell or cell == MISSING:
            continue
        try:
            taken = TARGETS[target].read(cell, known)
        except Wrong as fault:
            wrong.append(_fault(fault, line, column))
            continue
        particulars |= taken.pop("particulars", {})
        said |= taken
    said["transfers"] = tuple(_carried(said.pop("safeguards", {}), said.get("transfers", ())))
    rows = particulars.get("personal_data", ())
    try:
        rows = with_sensitive(rows, said.pop("sensitive", Sensitive()), known)
    except Wrong as fault:
        wrong.append(_fault(fault, line, cells[Field.SENSITIVE][0]))
    rows, schedules = kept_by(rows, said.pop("limits", ()), known)
    if rows:
        particulars["personal_data"] = rows
    grounds = {
        Field.BASES: said.pop("bases", Grounds()),
        Field.CONDITIONS: said.pop("conditions", Grounds()),
        Field.AUTHORITY: said.pop("authority", Grounds()),
    }
    purposes = said.get("purpose_ids", ())
    if not said.get("name", "").strip():
        said["name"] = "–"
        wrong.append(Reason(code=NAME_MISSING, field=Field.NAME.value, facts={"line": line}))
    return Understood(
        content=ActivityContent(**said, particulars=Particulars(**particulars)),
        faults=tuple(wrong),
        schedules=schedules,
        unrecorded=tuple(
            name for name, ground in grounds.items() if ground.missing_from(purposes, known.grounds)
        ),
    )


def _carried(
    safeguards: Mapping[tuple[str, str], Any], transfers: tuple[Transfer, ...]
) -> Iterator[Transfer]:
    for each in transfers:
        mechanism, ref = safeguards.get((each.country, each.importer.casefold()), (None, ""))
        yield Transfer(country=each.country, importer=each.importer, mechanism=mechanism, instrument_ref=ref)


def _fault(fault: Wrong, line: int, column: str) -> Reason:
    told: dict[str, Any] = {"line": line, "column": column}
    if fault.is_code:
        facts = {**told, "given": fault.given[:SHOWN], "known": fault.known or "–"}
        return Reason(code=CODE_UNKNOWN, rule="V-23", field="content", facts=facts)
    if not fault.known:
        return Reason(code=TEXT_TOO_LONG, field="content", facts={**told, "limit": int(fault.given)})
    facts = {**told, "given": fault.given[:SHOWN], "expected": fault.known}
    return Reason(code=VALUE_MALFORMED, field="content", facts=facts)


def unsaid(content: ActivityContent) -> tuple[Field, ...]:
    """What Art. 30 asks for and the row leaves open."""
    said = content.particulars
    stated = {
        Field.NAME: content.name != "–",
        Field.PURPOSES: content.purpose_ids,
        Field.SUBJECTS: content.data_subject_categories,
        Field.CATEGORIES: said.personal_data,
        Field.LIMITS: said.no_time_limits_reason
        or (said.personal_data and all(row.retention for row in said.personal_data)),
        Field.RECIPIENTS: content.recipients or content.no_recipients_confirmed,
        Field.TRANSFERS: content.transfers or content.no_transfers_confirmed,
        Field.MEASURES: content.security_measures,
        Field.DPO: said.dpo or said.has_no_dpo,
    }
    return tuple(
        name for name, about in TARGETS.items() if about.is_part_of_the_register and not stated[name]
    )

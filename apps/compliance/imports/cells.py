"""How the words of somebody else's register are understood, cell by cell.

The words of our own exports are understood as they are, so that one is read back; besides them the codes, and
English names, without regard to case. What is not understood is a fault of that line: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from apps.compliance.exports.entry import MISSING, Absent
from apps.compliance.exports.words import MEASURES, RECIPIENTS
from apps.compliance.lifecycle.activity import (
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    Role,
    Transfer,
)
from apps.compliance.lifecycle.activity.particulars import Automation, DataSource, PersonalData
from apps.compliance.taxonomy.terms import Facet, terms
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import declare

CODE_UNKNOWN = declare(
    "IMPORT_CODE_UNKNOWN",
    "Line %(line)s, %(column)s: «%(given)s» is not known here.",
    "Write it as it is called here, or record it first; known are, for example: %(known)s.",
)
VALUE_MALFORMED = declare(
    "IMPORT_VALUE_MALFORMED",
    "Line %(line)s, %(column)s: «%(given)s» is not what stands in this column.",
    "Expected: %(expected)s.",
)
TEXT_TOO_LONG = declare(
    "IMPORT_TEXT_TOO_LONG",
    "Line %(line)s, %(column)s: the text has more than %(limit)s characters.",
    "Shorten it, or put it into the description.",
)
SHOWN, FEW = 80, 8
YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "sí", "si"})
NO = frozenset({"no", "false", "0", "n", "nein", "non"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What may be named in this organization: by number and by name, without regard to case."""

    purposes: Mapping[str, UUID] = field(default_factory=dict)
    assets: Mapping[str, UUID] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=dict)
    """The case of Art. 9(1), or `criminal`, by the code of a category."""
    schedules: Mapping[str, UUID] = field(default_factory=dict)
    limits: Mapping[UUID, UUID] = field(default_factory=dict)
    """Schedules by what they say (`limits.key_of`)."""
    grounds: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    """What purposes record: their basis, conditions of Art. 9(2), and `10` for an authority."""


class Wrong(Exception):
    """A value that is not understood, and what would be."""

    def __init__(self, given: str, known: str, *, is_code: bool = True) -> None:
        super().__init__(given)
        self.given, self.known, self.is_code = given, known, is_code


Taken = dict[str, Any]
Reader = Callable[[str, Known], Taken]


def parts(cell: str) -> list[str]:
    """What a cell joins: by semicolons or lines."""
    return [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]


def one_of(given: str, words: Mapping[str, Any]) -> Any:
    found = words.get(given.strip().casefold())
    if found is None:
        names = [word for word in words if "_" not in word]  # codes stand beside them
        known = ", ".join(sorted(names)[:FEW])
        raise Wrong(given, known)
    return found


def words_of(named: Mapping[Any, str]) -> dict[str, Any]:
    """By code and by name."""
    return {text.casefold(): word for word, name in named.items() for text in (str(word.value), name)}


SUBJECTS = {
    text.casefold(): word
    for word in DataSubjectCategory
    for text in (word.value, terms(Facet.DATA_SUBJECTS)[word.value].label)
}
MEASURE_WORDS = words_of(MEASURES)
RECIPIENT_WORDS = words_of(RECIPIENTS)
ROLES = words_of(
    {Role.CONTROLLER: "Controller", Role.JOINT_CONTROLLER: "Joint controller", Role.PROCESSOR: "Processor"}
)
AUTOMATION = {
    **{word.value.casefold(): word for word in Automation},
    "none": Automation.NONE,
    "no": Automation.NONE,
    "profiling, no solely automated decision": Automation.PROFILING,
}
TRANSFER = re.compile(r"(?P<country>[A-Z]{2}):\s*(?P<importer>.+?)(?:\s*\((?P<role>[^()]*)\))?")
SAFEGUARD = re.compile(
    r"(?P<country>[A-Z]{2}):\s*(?P<importer>.+?):\s*Art\.\s*(?P<article>[0-9()a-z]+)"
    r"(?P<second> second subparagraph)?(?:,\s*ref\s+(?P<ref>[^,]+))?(?:,.*)?"
)
RECIPIENT = re.compile(r"(?P<kind>[^(:]+?)\s*(?:\((?P<in>.*)\)|:\s*(?P<after>.+))?")
FROM_OTHERS = re.compile(r"(?P<name>.+?)\s*\(not obtained from the data subject\)", re.IGNORECASE)
DATASET = re.compile(r"(?P<name>.+?)(?:\s+v\d+)?")


def read_text(name: str, limit: int) -> Reader:
    def read(cell: str, known: Known) -> Taken:
        if len(cell) > limit:
            raise Wrong(str(limit), "", is_code=False)
        return {name: cell}

    return read


def read_particular(name: str, limit: int, *, absent: str = "") -> Reader:
    """`absent` is the flag that says there is none on purpose."""

    def read(cell: str, known: Known) -> Taken:
        if absent and cell.casefold() == Absent.NONE.value.casefold():
            return {"particulars": {absent: True}}
        if cell == Absent.NOT_APPLICABLE.value:
            return {}
        if len(cell) > limit:
            raise Wrong(str(limit), "", is_code=False)
        return {"particulars": {name: cell}}

    return read


def read_purposes(cell: str, known: Known) -> Taken:
    return {"purpose_ids": tuple(dict.fromkeys(one_of(part, known.purposes) for part in parts(cell)))}


def read_assets(cell: str, known: Known) -> Taken:
    found = []
    for part in parts(cell):
        named = DATASET.fullmatch(part)
        without = named["name"] if named and part.casefold() not in known.assets else part
        found.append(one_of(without, known.assets))
    return {"asset_ids": tuple(dict.fromkeys(found))}


def read_subjects(cell: str, known: Known) -> Taken:
    return {"data_subject_categories": frozenset(one_of(part, SUBJECTS) for part in parts(cell))}


def read_categories(cell: str, known: Known) -> Taken:
    codes = dict.fromkeys(one_of(part, known.categories) for part in parts(cell))
    return {"particulars": {"personal_data": tuple(PersonalData(category=code) for code in codes)}}


def read_measures(cell: str, known: Known) -> Taken:
    return {"security_measures": frozenset(one_of(part, MEASURE_WORDS) for part in parts(cell))}


def read_recipients(cell: str, known: Known) -> Taken:
    if cell.casefold() == Absent.NONE.value.casefold():
        return {"no_recipients_confirmed": True}
    found = []
    for part in parts(cell):
        said = RECIPIENT.fullmatch(part)
        kind: RecipientKind = one_of(said["kind"] if said else part, RECIPIENT_WORDS)
        party = (said["in"] or said["after"] or "").strip() if said else ""
        found.append(Recipient(kind=kind, party=party[:300]))
    return {"recipients": tuple(dict.fromkeys(found))}


def read_transfers(cell: str, known: Known) -> Taken:
    if cell.casefold() == Absent.NONE.value.casefold():
        return {"no_transfers_confirmed": True}
    found = {}
    for part in parts(cell):
        said = TRANSFER.fullmatch(part)
        if said is None:
            raise Wrong(part, "CC: importer, for example US: Cloud Inc.", is_code=False)
        transfer = Transfer(country=said["country"], importer=said["importer"][:300])
        found[transfer.country, transfer.importer.casefold()] = transfer
    return {"transfers": tuple(found.values())}


def read_safeguards(cell: str, known: Known) -> Taken:
    """Of the transfers that the row names."""
    if cell in {Absent.NOT_APPLICABLE.value, Absent.NONE.value}:
        return {}
    found = {}
    for part in parts(cell):
        if part.endswith(f": {MISSING}"):
            continue
        said = SAFEGUARD.fullmatch(part)
        word = "49(1)-2" if said and said["second"] else said["article"] if said else ""
        if said is None or word not in {each.value for each in TransferMechanism}:
            raise Wrong(part, "CC: importer: Art. 46(2)(c), ref SCC-7", is_code=False)
        ref = (said["ref"] or "").strip()
        found[said["country"], said["importer"].casefold()] = (
            TransferMechanism(word),
            "" if ref == MISSING else ref[:300],
        )
    return {"safeguards": found}


def read_role(cell: str, known: Known) -> Taken:
    return {"role": one_of(cell, ROLES)}


def read_automation(cell: str, known: Known) -> Taken:
    return {"particulars": {"automation": one_of(cell, AUTOMATION)}}


def read_sources(cell: str, known: Known) -> Taken:
    kinds, party = set(), ""
    for part in parts(cell):
        if part.casefold() == "data subject":
            kinds.add(DataSource.SUBJECT)
        elif said := FROM_OTHERS.fullmatch(part):
            kinds.add(DataSource.PUBLIC if said["name"] == "Public sources" else DataSource.THIRD_PARTY)
            party = "" if said["name"] in {"Public sources", MISSING} else said["name"]
        else:
            raise Wrong(part, "Data subject; NAME (not obtained from the data subject)", is_code=False)
    return {"particulars": {"sources": frozenset(kinds), "source_party": party[:300]}}


def read_running(cell: str, known: Known) -> Taken:
    word = cell.casefold()
    if word not in YES | NO:
        raise Wrong(cell, "yes, no", is_code=False)
    return {"is_running": word in YES}


def read_day(cell: str, known: Known) -> Taken:
    try:
        return {"effective_from": date.fromisoformat(cell)}
    except ValueError:
        raise Wrong(cell, "a day as year-month-day, for example 2027-03-31", is_code=False) from None

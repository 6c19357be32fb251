"""An entry of the register, as it is rendered: names instead of keys, and nothing that is left to look up.

What is not known is empty (`None`, "" or no members) and rendered as MISSING. What is known not to be there,
and what does not concern the entry, is said: `Absent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.compliance.lifecycle.activity import RecipientKind, Role, SecurityMeasure


class Absent(StrEnum):
    NONE = "None"
    NOT_APPLICABLE = "Not applicable"


MISSING = "MISSING"


@dataclass(frozen=True, kw_only=True)
class Party:
    """`address` as it is stored: street, postcode and city; `country` is ISO 3166-1 alpha-2."""

    name: str
    address: str = ""
    country: str = ""
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A purpose in the version that held. Bases and conditions are the words of the law, as `6(1)(f)`;
    `lia` is the assessment of interests with its version, as `LIA-0001 v2`."""

    ref: str
    version: int | None
    name: str
    description: str = ""
    basis: str = ""
    art9_conditions: tuple[str, ...] = ()
    art10_authority: str = ""
    lia: str = ""
    concept: str = ""
    iri: str = ""


@dataclass(frozen=True, kw_only=True)
class Category:
    """Of personal data. `special` names what makes it one of Art. 9(1)."""

    code: str
    label: str
    iri: str = ""
    special: str = ""
    is_criminal: bool = False


@dataclass(frozen=True, kw_only=True)
class Recipient:
    kind: RecipientKind
    party: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """`mechanism` is the word of the law; `tia` the assessment of the country with the day it holds to."""

    country: str
    importer: str
    role: str = ""
    mechanism: str = ""
    instrument_ref: str = ""
    tia: str = ""
    tia_valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Retention:
    """`duration` and `at_most` are periods of ISO 8601; `trigger` is what the period begins with."""

    ref: str
    data: str
    duration: str = ""
    trigger: str = ""
    criterion: str = ""
    at_most: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Of impact. `state` in words, `decided_on` where it came to an end; `reason`: why none is required."""

    ref: str
    version: int
    is_required: bool
    state: str = ""
    decided_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """An asset with its newest version."""

    name: str
    version: int | None


@dataclass(frozen=True, kw_only=True)
class Served:
    """A controller on whose behalf a processor works, with what binds them."""

    party: Party
    representative: str | Absent = ""
    processing: tuple[str, ...] = ()
    contract_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A processing activity as of a day. `keeper` is the organization whose register this is.

    `is_classified`: every dataset was looked at, so that what is not among the categories is not there.
    `subject_codes` are terms of the vocabulary, `subjects` their names. `no_time_limits` and `no_measures`
    say why they cannot be named, and stand in their place: the law asks for them where possible.
    """

    ref: str
    version: int
    status: str
    role: Role
    name: str
    keeper: Party
    controller: Party
    description: str = ""
    business_function: str = ""
    joint_controllers: tuple[Party, ...] | Absent = ()
    representative: str | Absent = ""
    dpo: str | Absent = ""
    aims: tuple[Aim, ...] = ()
    subject_codes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    is_classified: bool = False
    recipients: tuple[Recipient, ...] | Absent = ()
    transfers: tuple[Transfer, ...] | Absent = ()
    retentions: tuple[Retention, ...] = ()
    no_time_limits: str = ""
    measures: tuple[SecurityMeasure, ...] = ()
    no_measures: str = ""
    automated_decisions: str = ""
    assessments: tuple[Assessment, ...] = ()
    sources: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    served: tuple[Served, ...] = ()
    locations: tuple[str, ...] = ()
    last_reviewed: date | None = None
    approved_by: str = ""
    clearance: str = ""
    blocked_by: tuple[str, ...] = ()

    @property
    def is_special(self) -> bool:
        return any(category.special for category in self.categories)

    @property
    def is_criminal(self) -> bool:
        return any(category.is_criminal for category in self.categories)

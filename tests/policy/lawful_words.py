"""What the lawful asks are written with: columns by name, an ask and its facts, what recurs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from apps.policy.facts import (
    Action,
    Art9Condition,
    ColumnFacts,
    Identifiability,
    JointFacts,
    LawfulBasis,
    Relation,
    RequestFacts,
    SubjectKind,
)
from apps.policy.law_words import (
    DuoModifier,
    DuoPermission,
    PartyRole,
    ResearchUse,
    ScreeningPoint,
    TransferMechanism,
)

from . import records as r
from . import samples as a

READ, TRAIN, LABEL, INVOKE = Action.READ, Action.TRAIN, Action.LABEL, Action.INVOKE
CODE = "AcademicResearch"
DIABETES = frozenset({"MONDO:0005148"})


def personal(name: str, **changes: Any) -> ColumnFacts:
    usual = {"class_rank": 2, "permitted_purposes": frozenset({CODE}), "name": name}
    return a.personal_column(**{**usual, **changes})


PSEUDONYM = {"identifiability": Identifiability.PSEUDONYMISED}
ANONYMOUS = {"identifiability": Identifiability.ANONYMISED}
COLUMNS: dict[str, ColumnFacts] = {
    "measure": a.column(),
    "internal measure": a.column(name="load", class_rank=1),
    "secret measure": a.column(name="reserves", class_rank=2),
    "statistic": a.column(name="mean", class_rank=1, categories=frozenset({"Measurement"}), **ANONYMOUS),
    "key": personal("customer_key", categories=frozenset({"Identifier"}), **PSEUDONYM),
    "purchase": personal("basket", categories=frozenset({"Purchase"}), **PSEUDONYM),
    "payment": personal("payments", categories=frozenset({"Transactional"}), **PSEUDONYM),
    "place": personal("cell", categories=frozenset({"Location"}), **PSEUDONYM),
    "text": personal("ticket", categories=frozenset({"Communication"}), **PSEUDONYM),
    "email": personal("email"),
    "salary": personal("salary", class_rank=3, categories=frozenset({"Salary"}), **PSEUDONYM),
    "diagnosis": personal("diagnosis", class_rank=3, special_kinds=frozenset({"health"}), **PSEUDONYM),
    "genome": personal("genome", class_rank=3, special_kinds=frozenset({"genetic"}), **PSEUDONYM),
    "offence": personal("offence", class_rank=3, is_criminal=True, **PSEUDONYM),
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """`columns` by their names above; `yes` is what the officer who screened the activity answered.

    `unlisted`: columns that the purpose was not recorded as needing. `is_assessed`: the data were collected
    for something else, and an assessment finds the purpose compatible.
    """

    what: str
    family: str
    columns: tuple[str, ...]
    actions: tuple[Action, ...] = (READ,)
    days: int = 90
    yes: tuple[str, ...] = ()
    purpose: dict[str, Any] = field(default_factory=dict)
    asset: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    subject: dict[str, Any] = field(default_factory=dict)
    request: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    is_assessed: bool = False

    @property
    def is_harmless(self) -> bool:
        return self.family in {"open data", "internal data", "statistics"}

    @cached_property
    def facts(self) -> RequestFacts:
        columns = tuple(COLUMNS[name] for name in self.columns)
        if self.is_assessed:
            columns = tuple(
                replace(each, permitted_purposes=frozenset({"ServiceProvision"})) for each in columns
            )
        facts = r.complete(a.request(*columns, days=self.days))
        screening = r.screening(*(ScreeningPoint(word) for word in self.yes))
        dpia = r.dpia() if len(self.yes) > 1 else r.no_dpia()
        facts = r.with_activity(facts, screening=screening, dpia=dpia)
        columns = tuple(
            replace(each, is_necessary=each.name not in self.unlisted) for each in facts.assets[0].columns
        )
        asset = {
            "columns": columns,
            "people": r.people(**self.people),
            "has_anonymity_assessment": True,
            **self.asset,
        }
        facts = a.with_purpose(a.with_asset(facts, **asset), **self.purpose)
        assessments = (a.assessment(),) if self.is_assessed else ()
        person = replace(facts.subject, **self.subject)
        request = {"ai_system": r.ai_system(**self.system), "assessments": assessments, **self.request}
        return replace(facts, actions=frozenset(self.actions), subject=person, **request)


def asks(family: str, *rows: tuple[Any, ...], **same: Any) -> list[Ask]:
    """A row is what, columns, and what is peculiar to it."""
    found = []
    for what, columns, *peculiar in rows:
        stated = {**same, **(peculiar[0] if peculiar else {})}
        found.append(Ask(what=what, family=family, columns=tuple(columns.split(", ")), **stated))
    return found


def vendor(country: str = "FR", *transfers: Any, **changes: Any) -> dict[str, Any]:
    return {"parties": (r.vendor(country=country, **changes),), "transfers": transfers}


def affiliate(country: str, mechanism: str, hr: bool = False, **changes: Any) -> dict[str, Any]:
    """A company of the group that is a controller of its own."""
    record = r.transfer(mechanism=TransferMechanism(mechanism), holds_hr_data=hr)
    party = {
        "role": PartyRole.INDEPENDENT_CONTROLLER,
        "has_agreement": True,
        "has_own_basis": True,
        **changes,
    }
    return vendor(country, record, **party)


PROJECT = {"kind": SubjectKind.PROJECT, "relation": Relation.PROJECT, "uid": "project"}
ROBOT = {"kind": SubjectKind.SERVICE_ACCOUNT, "relation": Relation.SERVICE_ACCOUNT, "uid": "robot"}
CONTRACTOR = {"relation": Relation.CONTRACTOR}
VENDOR = {"relation": Relation.VENDOR}
RESEARCH = {
    "art9_conditions": frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
    "art9_has_law_ref": True,
    "art9_has_safeguards": True,
}
EXPLICIT = {
    "art9_conditions": frozenset({Art9Condition.EXPLICIT_CONSENT}),
    "lawful_basis": LawfulBasis.CONSENT,
}
CARE = {**RESEARCH, "art9_conditions": frozenset({Art9Condition.HEALTH_CARE})}
HEALTH_USE = r.use(kind=ResearchUse.HEALTH)
DIABETES_USE = r.use(kind=ResearchUse.DISEASE, diseases=DIABETES, is_genetic=True, has_ethics_document=True)
JOINED = JointFacts(
    personal_assets=2,
    categories=frozenset({"Purchase", "Transactional"}),
    special_kinds=frozenset(),
    screened=frozenset({ScreeningPoint.SENSITIVE}),
    inferred_kinds=frozenset(),
)
ON_CONSENT = {"original_basis": LawfulBasis.CONSENT}
HMB = {"agreements": (r.agreement(permission=DuoPermission.HEALTH_RESEARCH, forbids_reidentification=True),)}
DISEASE = {
    "agreements": (
        r.agreement(
            permission=DuoPermission.DISEASE_RESEARCH,
            diseases=DIABETES,
            modifiers=frozenset({DuoModifier.ETHICS_APPROVAL, DuoModifier.NON_COMMERCIAL}),
            forbids_reidentification=True,
        ),
    )
}

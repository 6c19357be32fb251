"""Requests such as a house keeps: of some assets and columns, each for its own purpose and time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from apps.policy.facts import (
    NO_LIMIT,
    Action,
    ActivityFacts,
    Art10Basis,
    AssetFacts,
    Clearance,
    ColumnFacts,
    HandlingFacts,
    Identifiability,
    JointFacts,
    LawfulBasis,
    Presumption,
    PurposeFacts,
    PurposeState,
    Relation,
    RequestFacts,
    SubjectFacts,
    SubjectKind,
)

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
COLUMNS = 12
PARENTS = {"Purpose": frozenset[str](), "ResearchAndDevelopment": frozenset({"Purpose"})}
HOUSE_RULES = """\
format: 1
name: Rules to measure
rules:
""" + "".join(
    f"""\
  - id: CLS-{number}
    about: A rule to measure.
    when: {{class_rank: ">={number % 4}", actions_any: [export, train], joint_personal_assets: ">={number}"}}
    then:
      require: {{stage: security, of: ciso}}
      cap: {{days: {200 - number}, ttl_minutes: 60}}
"""
    for number in range(20)
)


def revisions(count: int) -> Iterator[RequestFacts]:
    return (_revision(number) for number in range(count))


def _revision(number: int) -> RequestFacts:
    person = SubjectFacts(
        uid=f"person-{number % 90}",
        kind=SubjectKind.PERSON,
        relation=Relation.EMPLOYEE if number % 3 else Relation.VENDOR,
        employer_country="DE",
        cleared_rank=number % 4,
        contract_ends_on=NO_LIMIT if number % 3 else date(2027, 12, 31),
        is_active=True,
    )
    return RequestFacts(
        now=NOW,
        requester=person,
        subject=person,
        purpose=_purpose(number),
        purpose_parents=PARENTS,
        assets=tuple(_asset(number, each) for each in range(1 + number % 3)),
        actions=frozenset({Action.READ, *((Action.EXPORT,) if number % 4 == 0 else ())}),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=7 + number % 300),
        place_of_processing=("DE", "NO", "US")[number % 3],
        linked_personal=number % 5 == 0,
        handling=tuple(_class(rank) for rank in range(4)),
        joint=JointFacts(
            personal_assets=number % 7, categories=frozenset({"EmailAddress"}), special_kinds=frozenset()
        ),
        ticket_reference="",
    )


def _purpose(number: int) -> PurposeFacts:
    return PurposeFacts(
        uid=f"purpose-{number % 20}",
        code="ResearchAndDevelopment",
        version="1",
        state=PurposeState.ACTIVE,
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        has_legal_ground=True,
        art9_conditions=frozenset(),
        art9_has_law_ref=False,
        art9_has_safeguards=False,
        art10_basis=Art10Basis.NONE,
        art89_safeguards=frozenset(),
        valid_from=date(2026, 1, 1),
        valid_to=NO_LIMIT,
        presumption=Presumption.NONE,
    )


def _asset(number: int, each: int) -> AssetFacts:
    activity = ActivityFacts(
        ref="PA-1",
        version="1",
        purposes=frozenset({f"purpose-{number % 20}"}),
        clearance=Clearance.CLEARED,
    )
    return AssetFacts(
        uid=f"asset-{number}-{each}",
        kind="dataset",
        version="1",
        columns=tuple(_column(column, is_personal=bool(number % 2)) for column in range(COLUMNS)),
        original_basis=LawfulBasis.CONTRACT,
        original_purpose="ServiceProvision",
        has_anonymity_assessment=False,
        activities=(activity,),
        retention_ends_on=NO_LIMIT,
        agreement_ends_on=NO_LIMIT,
    )


def _column(number: int, *, is_personal: bool) -> ColumnFacts:
    return ColumnFacts(
        name=f"column {number}",
        class_rank=number % 3,
        categories=frozenset({"EmailAddress"} if is_personal else {"Measurement"}),
        special_kinds=frozenset(),
        is_criminal=False,
        is_personal=is_personal,
        identifiability=Identifiability.IDENTIFIED if is_personal else Identifiability.NOT_PERSONAL,
        is_confirmed=True,
        permitted_purposes=frozenset({"ResearchAndDevelopment"}),
    )


def _class(rank: int) -> HandlingFacts:
    return HandlingFacts(
        rank=rank,
        code=f"class-{rank}",
        max_grant_days=NO_LIMIT if rank == 0 else 400 // rank,
        max_lease_minutes=NO_LIMIT if rank == 0 else 720 // rank,
        stages=() if rank < 2 else ("data_owner",),
        needs_step_up=rank > 2,
        is_auto_ok_allowed=rank < 2,
    )

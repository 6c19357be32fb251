"""The roster of a labeling policy: who labels, entered, changed and ended. What was so before stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, LabelingPolicyContent
from apps.compliance.models import LegalRecord, LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import RuleBroken, conflict, invalid, invalid_state, not_found
from apps.labeling import errors
from apps.labeling.events import AnnotatorChanged, AnnotatorEnded, AnnotatorEntered
from apps.labeling.imports.addresses import TOKEN_OF_PERSON, addresses_in
from apps.labeling.models import Annotator
from apps.labeling.roster.keeping import newest_content, roster_resource
from apps.labeling.roster.reading import bound_parties, demands_of, newest_versions, rank_of
from apps.labeling.roster.standing import AnnotatorRole, Listed, lacking

LONGEST_CODE = 80


@dataclass(frozen=True, kw_only=True)
class AnnotatorDraft:
    """`code` is the number that the tool gave, or a pseudonym. `person_id`: somebody of the house;
    `contract_id`: the party that others work for. What is not said of people of the house is taken from what
    is known of them."""

    code: str
    role: AnnotatorRole = AnnotatorRole.ANNOTATOR
    person_id: UUID | None = None
    group: str = ""
    cleared_rank: int | None = None
    trained_on: date | None = None
    test_score: float | None = None
    undertaking_on: date | None = None
    country: str = ""
    no_conflict_on: date | None = None
    contract_id: UUID | None = None
    opted_in_hard: bool = False
    hours_a_day: int | None = None


@command(lock=LegalRecord)
def enter_annotator(*, actor: Actor, legal_record_id: UUID, draft: AnnotatorDraft, at: datetime) -> Annotator:
    """Let somebody label under a policy.

    Raises: NotFound (the policy, the person, the party), NotPermitted, InvalidInput, InvalidState (nothing
    of the policy is approved), Conflict (entered already), RuleBroken, with everything that they lack.
    """
    policy = _policy(actor, legal_record_id)
    content = content_in_force(policy, on=at.date())
    resource = roster_resource(actor, policy, content)
    authorize(actor=actor, operation=Operation.KEEP_ROSTER, resource=resource)
    values = _values(draft, policy, content, actor=actor, at=at)
    _refuse_twice(policy, values["code"], values["person"])
    made = Annotator.objects.create(policy=policy, created_at=at, **values)
    event = AnnotatorEntered(
        annotator_id=made.uid, legal_record_id=policy.uid, code=made.code, annotator_role=made.role
    )
    record(event, actor=actor, at=at)
    return made


@command(lock=Annotator)
def change_annotator(*, actor: Actor, annotator_id: UUID, draft: AnnotatorDraft, at: datetime) -> Annotator:
    """End what was said of somebody, and say it anew. Their number and who they are remain.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState (ended before), RuleBroken.
    """
    before = _locked(actor, annotator_id)
    content = content_in_force(before.policy, on=at.date())
    resource = roster_resource(actor, before.policy, content)
    authorize(actor=actor, operation=Operation.KEEP_ROSTER, resource=resource)
    person_id = before.person.uid if before.person else None
    same = replace(draft, code=before.code, person_id=person_id)
    values = _values(same, before.policy, content, actor=actor, at=at)
    changed = tuple(sorted(name for name, value in values.items() if getattr(before, name) != value))
    before.ended_at = at
    before.write("ended_at")
    made = Annotator.objects.create(policy=before.policy, created_at=at, **values)
    event = AnnotatorChanged(
        annotator_id=made.uid, legal_record_id=before.policy.uid, earlier_id=before.uid, changed=changed
    )
    record(event, actor=actor, at=at)
    return made


@command(lock=Annotator)
def end_annotator(*, actor: Actor, annotator_id: UUID, at: datetime) -> Annotator:
    """They label no more under the policy.  Raises: NotFound, NotPermitted, InvalidState (ended before)."""
    row = _locked(actor, annotator_id)
    resource = roster_resource(actor, row.policy, newest_content(row.policy))
    authorize(actor=actor, operation=Operation.KEEP_ROSTER, resource=resource)
    row.ended_at = at
    row.write("ended_at")
    event = AnnotatorEnded(annotator_id=row.uid, legal_record_id=row.policy.uid, code=row.code)
    record(event, actor=actor, at=at)
    return row


def content_in_force(policy: LegalRecord, *, on: date) -> LabelingPolicyContent:
    """Raises: InvalidState."""
    version = LegalRecordVersion.objects.in_force(on).filter(legal_record=policy).first()
    if version is None:
        raise invalid_state(errors.ROSTER_WITHOUT_POLICY, ref=policy.ref)
    version.legal_record = policy
    content: LabelingPolicyContent = version.said
    return content


def _policy(actor: Actor, legal_record_id: UUID) -> LegalRecord:
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    if row.kind != LABELING_POLICIES.slug:
        raise not_found("labeling policy")
    return row


def _locked(actor: Actor, annotator_id: UUID) -> Annotator:
    row = Annotator.objects.visible_to(actor).for_update(annotator_id, "policy__organization")
    if row.ended_at is not None:
        raise invalid_state(errors.ANNOTATOR_ENDED, annotator=row.code)
    return row


def _values(
    draft: AnnotatorDraft, policy: LegalRecord, content: LabelingPolicyContent, *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """The columns of a row, once nothing stands in its way."""
    person = _person(draft, policy, actor)
    values = asdict(draft)
    del values["person_id"], values["contract_id"]
    values |= {
        "code": _code(draft.code),
        "role": draft.role.value,
        "group": draft.group.strip()[:LONGEST_CODE],
        "person": person,
        "contract": _party(draft, policy),
        "cleared_rank": _cleared(draft, person),
        "undertaking_on": draft.undertaking_on or (person.undertaking_on if person else None),
        "country": _country(draft.country) or (person.works_from if person else ""),
    }
    if draft.test_score is not None and not 0 <= draft.test_score <= 1:
        raise invalid("test_score", errors.SCORE_NO_SHARE, given=f"{draft.test_score:g}")
    _refuse_lacking(values, content, on=at.date())
    return values


def _country(given: str) -> str:
    country = given.strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise invalid("country", errors.COUNTRY_NO_CODE, country=given[:40])
    return country


def _code(given: str) -> str:
    code = given.strip()
    if not code or len(code) > LONGEST_CODE:
        raise invalid("code", errors.CODE_MISSING, longest=LONGEST_CODE)
    if "@" in code or addresses_in(code):
        raise invalid("code", errors.CODE_IS_ADDRESS)
    if TOKEN_OF_PERSON.fullmatch(code):
        raise invalid("code", errors.CODE_RESERVED, annotator=code)
    return code


def _person(draft: AnnotatorDraft, policy: LegalRecord, actor: Actor) -> Person | None:
    if draft.person_id is None:
        return None
    people = Person.objects.filter(organization=policy.organization_id)
    return people.one(draft.person_id)


def _party(draft: AnnotatorDraft, policy: LegalRecord) -> LegalRecord | None:
    if draft.contract_id is None:
        return None
    parties = LegalRecord.objects.filter(organization=policy.organization_id, kind="parties")
    return parties.one(draft.contract_id)


def _cleared(draft: AnnotatorDraft, person: Person | None) -> int | None:
    """Never higher than the person is cleared for otherwise."""
    if person is None or person.cleared_rank is None:
        return draft.cleared_rank if person is None else None
    return person.cleared_rank if draft.cleared_rank is None else min(draft.cleared_rank, person.cleared_rank)


def _refuse_lacking(values: dict[str, Any], content: LabelingPolicyContent, *, on: date) -> None:
    party = values["contract"]
    row = Listed(
        code=values["code"],
        cleared_rank=values["cleared_rank"],
        trained_on=values["trained_on"],
        score=values["test_score"],
        undertaking_on=values["undertaking_on"],
        has_contract=party is not None and bound_parties({party.uid}, on=on)[party.uid],
        country=values["country"],
        no_conflict_on=values["no_conflict_on"],
        opted_in_hard=values["opted_in_hard"],
        hours_a_day=values["hours_a_day"],
        begins=on,
    )
    demands = demands_of(content, rank_of(newest_versions(content.datasets)))
    objections = tuple(lacking(row, demands, on=on))
    if objections:
        raise RuleBroken(*objections)


def _refuse_twice(policy: LegalRecord, code: str, person: Person | None) -> None:
    current = Annotator.objects.current().filter(policy=policy)
    if current.filter(code=code).exists():
        raise conflict(errors.CODE_TWICE, annotator=code)
    if person is not None and current.filter(person=person).exists():
        raise conflict(errors.PERSON_TWICE)

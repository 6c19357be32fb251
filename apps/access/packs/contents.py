"""What a pack holds of a decision, as rows that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.access.events import VerdictGiven
from apps.access.facts import Item
from apps.access.models import (
    BreakGlass,
    Condition,
    Decision,
    Grant,
    Recusal,
    Request,
    Revision,
    Stage,
    Suspension,
    Verdict,
)
from apps.access.queries.agreements import agreements_needed
from apps.access.queries.details import reasons_in
from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.compliance.queries.behind import Behind
from apps.kernel.texts import sentence
from apps.policy.explanation import RuleRow, table_of

RULE_COLUMNS = ("rule", "kind", "result", "effect", "articles", "findings", "not recorded", "asks for")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request with the evaluation it was decided on, and all that came of it."""

    request: Request
    revision: Revision
    decision: Decision
    stages: tuple[Stage, ...]
    verdicts: tuple[Verdict, ...]
    recusals: tuple[Recusal, ...]
    conditions: tuple[Condition, ...]
    grants: tuple[Grant, ...]
    glass: BreakGlass | None

    @property
    def subjects(self) -> set[UUID]:
        """Of what the trail may tell."""
        rows = (self.request, *self.grants, *self.conditions, *((self.glass,) if self.glass else ()))
        return {row.uid for row in rows}

    @property
    def people(self) -> set[int]:
        verdicts = {key for each in self.verdicts for key in (each.person_id, each.on_behalf_of_id) if key}
        return verdicts | {self.request.requester_id, self.revision.person_id, self.revision.edited_by_id}


def case_of(request: Request, decision: Decision) -> Case:
    """A flat number of queries."""
    revision = decision.revision
    verdicts = Verdict.objects.filter(revision__request=request).select_related(
        "person__organization", "account", "on_behalf_of", "slot__stage", "decision"
    )
    conditions = Condition.objects.filter(request=request).select_related("grant", "checker", "evidence_by")
    grants = Grant.objects.filter(revision__request=request).select_related(
        "asset", "version", "person", "service_account", "project", "purpose"
    )
    granted = tuple(grants.order_by("pk"))
    return Case(
        request=request,
        revision=revision,
        decision=decision,
        stages=tuple(decision.stages.order_by("position")),
        verdicts=tuple(verdicts.order_by("pk")),
        recusals=tuple(request.recusals.select_related("person", "stage").order_by("pk")),
        conditions=tuple(conditions.order_by("pk")),
        grants=granted,
        glass=BreakGlass.objects.filter(grant__in=granted).select_related("person", "reviewer").first(),
    )


def decision_of(case: Case, proofs: Mapping[str, str]) -> dict[str, Any]:
    """The record of the decision. `proofs`: how who gave a verdict had shown who they are."""
    request, decision = case.request, case.decision
    return {
        "request": {
            "ref": request.ref,
            "uid": str(request.uid),
            "state": request.state,
            "requester": who(request.requester),
            "submitted_at": told(request.submitted_at),
            "closed_at": told(request.closed_at),
            "is_emergency": case.glass is not None,
        },
        "answer_of_policy": {
            "uid": str(decision.uid),
            "at": told(decision.created_at),
            "effect": decision.effect,
            "rulebook": f"{decision.rulebook.name} {decision.rulebook.version}",
            "rulebook_sha256": decision.rulebook.sha256,
            "facts_sha256": decision.facts_sha256,
            "ends_at": decision.trace["ends_at"],
            "limiting_factor": decision.trace["limiting_factor"],
            "reasons": [
                {
                    "code": reason.code,
                    "rule": reason.rule,
                    "articles": list(reason.articles),
                    "in_words": words,
                }
                for reason, words in reasons_of(decision)
            ],
            "earlier_answers": _earlier(case),
        },
        "route": [_stage(stage) for stage in case.stages],
        "verdicts": [_verdict(verdict, proofs) for verdict in case.verdicts],
        "stepped_back": [
            {
                "who": who(each.person),
                "stage": each.stage.name,
                "reason": each.reason,
                "at": told(each.created_at),
            }
            for each in case.recusals
        ],
        "emergency": _glass(case.glass),
    }


def reasons_of(decision: Decision) -> list[tuple[Any, str]]:
    """Each with its sentence."""
    return [(reason, sentence(reason)) for reason in reasons_in(decision.trace)]


def proofs_in(events: Iterable[AuditEvent]) -> dict[str, str]:
    """By verdict; of entries from before it was recorded there is none."""
    given = (event for event in events if event.name == VerdictGiven.name)
    return {
        event.data["verdict_id"]: event.data.get("proof", "") for event in given if "verdict_id" in event.data
    }


def _earlier(case: Case) -> list[dict[str, Any]]:
    found = Decision.objects.filter(revision__request=case.request).exclude(pk=case.decision.pk)
    return [
        {
            "uid": str(each.uid),
            "revision": each.revision.number,
            "effect": each.effect,
            "facts_sha256": each.facts_sha256,
            "rulebook_sha256": each.rulebook.sha256,
            "at": told(each.created_at),
        }
        for each in found.select_related("revision", "rulebook").order_by("pk")
    ]


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "roles": stage.roles,
        "how_many": stage.count,
        "is_opinion": stage.is_opinion,
        "is_independent": stage.is_independent,
        "opened_at": told(stage.opened_at),
        "due_at": told(stage.due_at),
        "closed_at": told(stage.closed_at),
    }


def _verdict(verdict: Verdict, proofs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "uid": str(verdict.uid),
        "who": {
            **who(verdict.person),
            "employer": verdict.person.organization.name,
            "account": verdict.account.username,
        },
        "proved_by": proofs.get(str(verdict.uid)) or "not recorded",
        "on_behalf_of": who(verdict.on_behalf_of) if verdict.on_behalf_of else None,
        "stage": verdict.slot.stage.name,
        "role": verdict.slot.role,
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "rejection_code": verdict.rejection_code,
        "narrowing": verdict.narrowing,
        "conditions": verdict.conditions,
        "at": told(verdict.created_at),
        "revision_sha256": verdict.revision_sha256,
        "decision": str(verdict.decision.uid),
    }


def _glass(glass: BreakGlass | None) -> dict[str, Any] | None:
    if glass is None:
        return None
    return {
        "who": who(glass.person),
        "reason": glass.reason,
        "incident": glass.incident_ref,
        "is_life_at_stake": glass.is_life_at_stake,
        "review_due_at": told(glass.review_due_at),
        "reviewer": who(glass.reviewer) if glass.reviewer else None,
        "review": glass.verdict,
        "review_comment": glass.review_comment,
        "reviewed_at": told(glass.reviewed_at),
    }


def grants_of(case: Case) -> list[dict[str, Any]]:
    """With the obligations they carry and the times in which they were suspended."""
    pauses = Suspension.objects.filter(grant__in=case.grants).select_related("suspended_by", "resumed_by")
    return [
        {
            "uid": str(grant.uid),
            "asset": {"uid": str(grant.asset.uid), "name": grant.asset.name, "version": grant.version.number},
            "subject": {"kind": grant.subject_kind, **who(grant.person)},
            "service_account": grant.service_account.username if grant.service_account else None,
            "project": grant.project.name if grant.project else None,
            "columns": grant.columns,
            "actions": grant.actions,
            "mode": grant.mode,
            "state": grant.state,
            "not_before": told(grant.not_before),
            "not_after": told(grant.not_after),
            "ended_at": told(grant.ended_at),
            "limiting_factor": grant.limiting_factor,
            "max_lease_minutes": grant.max_lease_minutes,
            "obligations": grant.obligations,
            "suspended": [_pause(each) for each in pauses if each.grant_id == grant.pk],
        }
        for grant in case.grants
    ]


def _pause(pause: Suspension) -> dict[str, Any]:
    return {
        "from": told(pause.created_at),
        "by": who(pause.suspended_by) if pause.suspended_by else "the portal",
        "is_for_cause": pause.is_for_cause,
        "why": pause.comment,
        "until": told(pause.resumed_at),
        "resumed_by": who(pause.resumed_by) if pause.resumed_by else None,
    }


def conditions_of(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "kind": each.kind,
            "text": each.text,
            "grant": str(each.grant.uid) if each.grant else None,
            "status": each.status,
            "due_at": told(each.due_at),
            "shown": each.evidence,
            "shown_by": who(each.evidence_by) if each.evidence_by else None,
            "confirmed_by": who(each.checker) if each.checker else None,
            "confirmed_at": told(each.checked_at),
        }
        for each in case.conditions
    ]


def agreements_of(case: Case) -> list[dict[str, Any]]:
    """What stands on the data now, with its text, and whether the subject has accepted it."""
    items = [
        Item(asset=item.asset, version=item.version, columns=tuple(item.columns))
        for item in case.revision.asked
    ]
    return [
        {
            "code": need.agreement.code,
            "version": need.agreement.version,
            "title": need.agreement.title,
            "text": need.agreement.text,
            "sha256": need.agreement.sha256,
            "is_accepted": need.is_accepted,
        }
        for need in agreements_needed(items, case.revision.person_id)
    ]


def records_in(records: Sequence[Behind]) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "ref": each.ref,
            "uid": str(each.uid),
            "version": each.number,
            "name": each.name,
            "approved_by": each.approved_by,
            "approved_at": told(each.approved_at),
            "ended_at": told(each.ended_at),
            "stage": each.stage,
            "steps": list(each.steps),
            "signed_sha256": each.signed_sha256,
            "file": record_file(each),
        }
        for each in records
    ]


def record_file(record: Behind) -> str:
    return f"records/{record.ref}-v{record.number}.json"


def rule_rows(decision: Decision) -> list[tuple[str, ...]]:
    """One for each rule of the book, as they are shown to those who decide."""
    return [_rule(row) for row in table_of(decision.trace)]


def _rule(row: RuleRow) -> tuple[str, ...]:
    several = (row.articles, row.codes, row.unknown, row.added)
    return (row.rule, row.type, row.status, row.effect, *("; ".join(each) for each in several))


def who(person: Person) -> dict[str, str]:
    return {"uid": str(person.uid), "name": person.name}


def told(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

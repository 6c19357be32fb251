"""What is told of conditions: whose turn it is, what comes due, and what was not met in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.access.models import Condition, Turn
from apps.access.queries import conditions_visible_to, may_confirm
from apps.accounts.models import Account
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import Asset
from apps.kernel.events import Plain
from apps.notifications.notices.access import about_grant, assets_of, holders_of_grant
from apps.notifications.notices.people import accounts_of, holders_of, owners_of
from apps.notifications.notices.registry import Telling, subject_of, tells
from apps.policy.conditions import ConditionKind


@tells("access.condition.evidence_shown")
def evidence_shown(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever confirms it."""
    condition = _condition(event)
    yield _about(condition, "condition_to_confirm", _checkers(condition, at=at))


@tells("access.condition.reminded")
def condition_reminded(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whose turn it was: who has to show something, or who confirms what was shown."""
    condition = _condition(event)
    if event.data["turn"] == Turn.CONFIRMS:
        yield _about(condition, "condition_to_confirm", _checkers(condition, at=at))
    else:
        yield _about(condition, "condition_to_show", _askers(condition), due=event.data["due_at"])


@tells("access.condition.lapsed")
def condition_lapsed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Who has the access, while it lasts. Once it has ended also owners and officers: an alarm.

    Where nothing had begun, the request that lapses with it tells of it.
    """
    condition = _condition(event)
    if condition.grant is None:
        return
    if condition.kind == ConditionKind.DURING:
        yield about_grant(condition.grant, "condition_lapsed", holders_of_grant(condition.grant))
    else:
        yield _about(condition, "condition_still_due", _askers(condition))
        yield _about(condition, "condition_overdue", _checkers(condition, at=at))


def _condition(event: AuditEvent) -> Condition:
    related = ("request__revision", "grant__asset", "grant__revision__request", "decision__revision")
    return Condition.objects.select_related(*related).get(uid=subject_of(event))


def _assets(condition: Condition) -> list[Asset]:
    return [condition.grant.asset] if condition.grant else assets_of(condition.request)


def _askers(condition: Condition) -> list[Account]:
    return accounts_of({condition.requester_id, condition.subject_id})


def _checkers(condition: Condition, *, at: datetime) -> list[Account]:
    """Owners and officers who see it and have no interest in it."""
    officers = holders_of({Role.COMPLIANCE_OFFICER}, condition.request.organization_id, at=at)
    found = {account.pk: account for account in (*owners_of(_assets(condition)), *officers)}
    return [
        account
        for account in found.values()
        if may_confirm(actor_of(account), condition, at=at)
        and conditions_visible_to(actor_of(account)).filter(pk=condition.pk).exists()
    ]


def _about(condition: Condition, code: str, to: list[Account], **facts: Plain) -> Telling:
    assets = tuple(asset.uid for asset in _assets(condition))
    return Telling(code=code, to=to, about=condition.uid, assets=assets, facts=facts)

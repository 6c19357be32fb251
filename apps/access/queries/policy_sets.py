"""Reads of the organization's own rules: versions, faults before they are kept, and differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone

from apps.access.lifecycle import PolicySetState
from apps.access.models import PolicySet
from apps.access.models.policy_set import PolicySetQuerySet
from apps.access.queries.staffing import unstaffed
from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.kernel.actor import Actor
from apps.policy.house.faults import PolicySetRefused
from apps.policy.house.reader import policy_set_of, read_policy_set
from apps.policy.house.rules import HouseRule
from apps.policy.house.rules import PolicySet as HouseRules
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Lint:
    """Either `house`, what was read, or the faults. With `warnings` it is kept, and not sent."""

    house: HouseRules | None
    faults: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.faults


@dataclass(frozen=True, kw_only=True)
class ChangedLine:
    """`sign` is "+", "-" or " "; the numbers are those of the line in either text."""

    sign: str
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    lines: tuple[ChangedLine, ...]


def policy_sets_visible_to(actor: Actor) -> PolicySetQuerySet:
    """The newest first."""
    found = PolicySet.objects.visible_to(actor).select_related("organization", "author", "approver")
    return found.order_by("-number", "-pk")


def policy_set_in_force(actor: Actor, *, at: datetime) -> PolicySet | None:
    begun = policy_sets_visible_to(actor).filter(
        organization=actor.organization_id, state=PolicySetState.PUBLISHED, effective_from__lte=at
    )
    return begun.order_by("-effective_from", "-published_at", "-number").first()


def policy_sets_to_publish(actor: Actor) -> PolicySetQuerySet:
    """Drafts of others that wait for somebody like the actor to put them in force."""
    resource = Resource(kind="policy set", organization_id=actor.organization_id or 0)
    if not may(actor=actor, operation=Operation.PUBLISH_POLICY, resource=resource):
        return PolicySet.objects.none()
    found = policy_sets_visible_to(actor).filter(organization=actor.organization_id)
    return found.filter(state=PolicySetState.IN_REVIEW).exclude(author=actor.person_key)


def may_write_policy(actor: Actor) -> bool:
    resource = Resource(kind="policy set", organization_id=actor.organization_id or 0)
    return may(actor=actor, operation=Operation.WRITE_POLICY, resource=resource)


def lint(actor: Actor, text: str) -> Lint:
    """What is wrong with a text, before anything is kept.  Raises: NotPermitted."""
    resource = Resource(kind="policy set", organization_id=actor.organization_id or 0)
    authorize(actor=actor, operation=Operation.WRITE_POLICY, resource=resource)
    try:
        house = read_policy_set(text)
    except PolicySetRefused as refusal:
        return Lint(house=None, faults=refusal.reasons)
    warnings = unstaffed(house, actor.organization_id or 0, at=timezone.now())
    return Lint(house=house, faults=(), warnings=warnings)


def rules_in(policy_set: PolicySet) -> tuple[HouseRule, ...]:
    return policy_set_of(policy_set.document).rules


def compared(before: PolicySet | None, after: PolicySet) -> Compared:
    """By rule, and line by line."""
    old, new = _by_rule(before), _by_rule(after)
    text = before.text if before is not None else ""
    return Compared(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and old[name] != new[name]),
        lines=tuple(_lines(text.splitlines(), after.text.splitlines())),
    )


def _by_rule(policy_set: PolicySet | None) -> dict[str, Any]:
    return {} if policy_set is None else {rule["id"]: rule for rule in policy_set.document["rules"]}


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[ChangedLine]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            for before, after in zip(range(i1, i2), range(j1, j2), strict=True):
                yield ChangedLine(sign=" ", before=before + 1, after=after + 1, text=old[before])
            continue
        for before in range(i1, i2):
            yield ChangedLine(sign="-", before=before + 1, after=None, text=old[before])
        for after in range(j1, j2):
            yield ChangedLine(sign="+", before=None, after=after + 1, text=new[after])

"""Terms of one's own below those that ship, and terms that fall out of use."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.commands.organizations import present
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.classification.errors import (
    TERM_CODE_MALFORMED,
    TERM_LAXER,
    TERM_OUT_OF_USE,
    TERM_PARENT_MISSING,
    TERM_PARENT_UNKNOWN,
    TERM_SUCCESSOR_UNKNOWN,
    TERM_TAKEN,
    TERM_USED_ELSEWHERE,
)
from apps.classification.events import CategoryAdded, CategoryDeprecated
from apps.classification.facts import ladder_of
from apps.classification.models import Classification, DataCategory, SpecialKind
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken

LOCAL = "local"
LOCAL_CATEGORIES = "urn:lakewarden:category:"
CODE = re.compile(r"[A-Z][A-Za-z0-9]{1,59}")


@dataclass(frozen=True, kw_only=True)
class CategoryDraft:
    """A term of one's own; whether it is about people follows from its parents."""

    code: str
    label: str
    definition: str
    parent_codes: Sequence[str]
    special_kind: SpecialKind | None = None
    is_criminal: bool = False


@command
def add_category(*, actor: Actor, draft: CategoryDraft, at: datetime) -> DataCategory:
    """Put a term below those there are. It is special or about offences where one of them is.

    Raises: NotPermitted, InvalidInput, RuleBroken (laxer than a parent), Conflict.
    """
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))
    check_code(draft.code)
    if DataCategory.objects.filter(code__iexact=draft.code).exists():
        raise conflict(TERM_TAKEN, term=draft.code)
    parents = _parents(draft.parent_codes)
    kinds = {parent.special_kind for parent in parents} - {""}
    kind = draft.special_kind.value if draft.special_kind else min(kinds, default="")
    if kinds and kind not in kinds:
        raise rule_broken(TERM_LAXER, field="special_kind", parent=", ".join(sorted(kinds)))
    added = DataCategory.objects.create(
        scheme=LOCAL,
        code=draft.code,
        iri=f"{LOCAL_CATEGORIES}{draft.code}",
        label=present(draft.label),
        definition=present(draft.definition),
        special_kind=kind,
        is_criminal=draft.is_criminal or any(parent.is_criminal for parent in parents),
        is_personal=any(parent.is_personal for parent in parents),
        since=at.date(),
        created_at=at,
    )
    added.parents.set(parents)
    event = CategoryAdded(data_category_id=added.uid, code=added.code, parents=tuple(draft.parent_codes))
    record(event, actor=actor, at=at)
    return added


@command(lock=DataCategory)
def deprecate_category(
    *, actor: Actor, data_category_id: UUID, replaced_by_code: str = "", at: datetime
) -> DataCategory:
    """Take a term out of use: what was said with it stays, and nothing new is said with it.

    What takes its place is no laxer, and no other organization still says something with it.
    Raises: NotFound, NotPermitted, InvalidState, InvalidInput, RuleBroken.
    """
    category = DataCategory.objects.visible_to(actor).for_update(data_category_id)
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))
    if category.deprecated_on is not None:
        raise invalid_state(TERM_OUT_OF_USE, term=category.code)
    successor = None
    if replaced_by_code:
        others = DataCategory.objects.in_use().exclude(pk=category.pk)
        successor = others.filter(code=replaced_by_code).first()
        if successor is None:
            raise invalid("replaced_by_code", TERM_SUCCESSOR_UNKNOWN, term=replaced_by_code)
        if _is_laxer(successor, category):
            raise rule_broken(TERM_LAXER, field="replaced_by_code", parent=category.code)
    if not actor.is_system and _is_used_elsewhere(category, actor):
        raise rule_broken(TERM_USED_ELSEWHERE, term=category.code)
    category.deprecated_on, category.replaced_by = at.date(), successor
    category.write("deprecated_on", "replaced_by")
    event = CategoryDeprecated(
        data_category_id=category.uid, code=category.code, replaced_by=replaced_by_code or None
    )
    record(event, actor=actor, at=at)
    return category


def check_code(code: str) -> None:
    """Raises: InvalidInput."""
    if CODE.fullmatch(code) is None:
        raise invalid("code", TERM_CODE_MALFORMED, term=code[:60])


def _parents(codes: Collection[str]) -> list[DataCategory]:
    if not codes:
        raise invalid("parent_codes", TERM_PARENT_MISSING)
    found = {each.code: each for each in DataCategory.objects.in_use().filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise invalid("parent_codes", TERM_PARENT_UNKNOWN, term=code[:80])
    return list(found.values())


def _is_used_elsewhere(category: DataCategory, actor: Actor) -> bool:
    said = Classification.objects.current().filter(category_codes__contains=[category.code])
    return said.exclude(version__asset__organization=actor.organization_id or 0).exists()


def _is_laxer(one: DataCategory, other: DataCategory) -> bool:
    return (
        (bool(other.special_kind) and one.special_kind != other.special_kind)
        or (other.is_criminal and not one.is_criminal)
        or (other.is_personal and not one.is_personal)
    )

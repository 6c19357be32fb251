"""Erasing items: what is about them leaves the labels, the gold and the lists, and does not come back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.queries import made_from
from apps.compliance.models import Duty
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, rule_broken
from apps.labeling import errors
from apps.labeling.checks.erasing import UNMEASURED
from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Outcome, Verdict
from apps.labeling.events import ItemsErased
from apps.labeling.imports.addresses import TOKEN, addresses_in, shape_of
from apps.labeling.imports.items import ITEM_ERASED
from apps.labeling.imports.names import Names
from apps.labeling.imports.told import OF_LINES
from apps.labeling.imports.tombstones import digests_of
from apps.labeling.models import (
    DatasetItem,
    Erased,
    ErasedFrom,
    ErasedVersion,
    ItemErasure,
    Label,
    LabelImport,
    LabelSetReview,
    Tombstone,
)
from apps.labeling.models.erasure import WITHIN
from apps.policy.reason import Reason

MOST_NAMES = 10_000
LONGEST_NAME = 1000


@command(lock=AssetVersion, queue="items are erased")
def erase_items(
    *,
    actor: Actor,
    asset_version_id: UUID,
    items: Sequence[str] = (),
    subjects: Sequence[str] = (),
    why: str,
    duty_id: UUID | None = None,
    demanded_at: datetime | None = None,
    none_here: bool = False,
    at: datetime,
) -> ItemErasure:
    """Erase items by their names, and those of people by their pseudonyms, in the version, the other versions
    of its dataset, and all that was made from them. What was measured with them is measured anew.

    Label sets keep no addresses: of a name with one in it go all items that may be meant. What is not here
    is kept out later. It answers a duty only where `none_here` says that none of their items are.

    Raises: NotFound (the version, the duty), NotPermitted, InvalidInput, RuleBroken (no dataset, a duty of
    other data, nothing met for a duty, something met where none would be here).
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.ERASE_ITEMS, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NO_DATASET)
    given, people = _named("items", items), _named("subjects", subjects)
    _refuse_tokens(given, people)
    if not given and not people and not none_here:
        raise invalid("items", errors.NOTHING_TO_ERASE)
    if not why.strip():
        raise invalid("why", errors.ERASURE_UNEXPLAINED)
    duty = _duty(actor, duty_id, version)
    if none_here and duty is None:
        raise invalid("duty_id", errors.NONE_HERE_OF_NOBODY)
    demanded = demanded_at or (duty.occurrence.took_effect_at if duty else None) or at
    if demanded > at:
        raise invalid("demanded_at", errors.ERASURE_AHEAD)
    reached = _reached(version)
    given |= set(
        DatasetItem.objects.filter(manifest__version__in=reached, subject__in=people).values_list(
            "name", flat=True
        )
    )
    names = given | _that_may_be_meant(given, reached)
    lists = DatasetItem.objects.filter(manifest__version__in=reached, name__in=names)
    labels = Label.objects.filter(label_set__version__in=reached, item__in=names)
    taken = list(
        labels.values("label_set")
        .order_by("label_set")
        .annotate(labels=Count("pk"), items=Count("item", distinct=True))
    )
    counts = {"items": lists.count(), "labels": sum(each["labels"] for each in taken)}
    _refuse_in_vain(duty, counts, none_here=none_here)
    made = ItemErasure.objects.create(
        version=version,
        duty=duty,
        why=why,
        demanded_at=demanded,
        due_at=demanded + WITHIN,
        **counts,
        none_here=none_here,
        erased_by_id=actor.person_id,
        created_at=at,
    )
    ErasedVersion.objects.bulk_create(ErasedVersion(erasure=made, version_id=key) for key in reached)
    _bury(made, Erased.ITEM, given)
    _bury(made, Erased.SUBJECT, people)
    _take_out(made, names)
    _hush_imports(reached, names, at=at)
    for each in taken:
        key = each["label_set"]
        ErasedFrom.objects.create(erasure=made, label_set_id=key, items=each["items"], labels=each["labels"])
        LabelSetReview.objects.create(
            label_set_id=key,
            verdict=Verdict.BLOCKED.value,
            findings=[finding("L13", Outcome.FAILED, UNMEASURED).as_json()],
            created_at=at,
        )
    event = ItemsErased(
        item_erasure_id=made.uid,
        version_id=version.uid,
        duty_id=duty.uid if duty else None,
        items=made.items,
        annotations=made.labels,
        label_sets=len(taken),
        none_here=none_here,
    )
    record(event, actor=actor, at=at)
    return made


def _named(field: str, given: Sequence[str]) -> set[str]:
    """Raises: InvalidInput."""
    names = {name for each in given if (name := each.strip())}
    if len(given) > MOST_NAMES:
        raise invalid(field, errors.TOO_MANY_TO_ERASE, most=MOST_NAMES)
    if any(len(name) > LONGEST_NAME for name in names):
        raise invalid(field, errors.NAME_TO_ERASE_LONG, longest=LONGEST_NAME)
    return names


def _refuse_tokens(items: Collection[str], subjects: Collection[str]) -> None:
    """What stands for an address in one file stands for another one in the next.  Raises: InvalidInput."""
    for field, names in (("items", items), ("subjects", subjects)):
        if found := next((name for name in sorted(names) if TOKEN.search(name)), None):
            raise invalid(field, errors.TOKEN_TO_ERASE, name=found)
    if any(map(addresses_in, subjects)):
        raise invalid("subjects", errors.ADDRESS_OF_SUBJECT)


def _that_may_be_meant(names: Collection[str], reached: Collection[int]) -> set[str]:
    """Items of label sets, whose addresses were replaced when they were brought."""
    shapes = {shape for name in names if (shape := shape_of(name)) is not None}
    if not shapes:
        return set()
    replaced = Label.objects.filter(label_set__version__in=reached, item__contains="[address ")
    items = replaced.order_by("item").values_list("item", flat=True).distinct()
    return {item for item in items.iterator() if shape_of(item) in shapes}


def _duty(actor: Actor, uid: UUID | None, version: AssetVersion) -> Duty | None:
    """Raises: NotFound, RuleBroken."""
    if uid is None:
        return None
    duty: Duty = Duty.objects.visible_to(actor).select_related("occurrence").one(uid)
    is_about = duty.asset_id == version.asset_id or (
        duty.asset_id is None and duty.occurrence.affected.filter(version__asset=version.asset).exists()
    )
    if not is_about:
        raise rule_broken(errors.DUTY_OF_OTHER_DATA, field="duty_id")
    return duty


def _refuse_in_vain(duty: Duty | None, counts: Mapping[str, int], *, none_here: bool) -> None:
    """Raises: RuleBroken."""
    is_met = any(counts.values())
    if none_here and is_met:
        raise rule_broken(
            errors.SOME_ARE_HERE, field="none_here", items=counts["items"], labels=counts["labels"]
        )
    if duty is not None and not is_met and not none_here:
        raise rule_broken(errors.ERASED_NOTHING, field="items")


def _reached(version: AssetVersion) -> list[int]:
    """Locked in one order, so that no labels are kept meanwhile."""
    of_asset = AssetVersion.objects.filter(asset=version.asset).values_list("pk", flat=True)
    reached = AssetVersion.objects.filter(pk__in=made_from(list(of_asset)).keys())
    return list(
        reached.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    )


def _bury(erasure: ItemErasure, kind: Erased, names: Collection[str]) -> None:
    Tombstone.objects.bulk_create(
        Tombstone(erasure=erasure, kind=kind.value, digest=next(digests_of(kind.value, name)))
        for name in sorted(names)
    )


_NAMED = "INSERT INTO labeling_nametoerase (erasure_id, name) SELECT %s, unnest(%s::text[])"
_LABELS = """
DELETE FROM labeling_label l USING labeling_labelset s, labeling_erasedversion r, labeling_nametoerase n
WHERE l.label_set_id = s.id AND s.version_id = r.version_id AND r.erasure_id = %(erasure)s
AND n.erasure_id = %(erasure)s AND l.item = n.name
"""
_ITEMS = """
DELETE FROM labeling_datasetitem i
USING labeling_itemmanifest m, labeling_erasedversion r, labeling_nametoerase n
WHERE i.manifest_id = m.id AND m.version_id = r.version_id AND r.erasure_id = %(erasure)s
AND n.erasure_id = %(erasure)s AND i.name = n.name
"""
_FORGOTTEN = "DELETE FROM labeling_nametoerase WHERE erasure_id = %(erasure)s"


def _take_out(erasure: ItemErasure, names: Collection[str]) -> None:
    """The database lets go of the rows whose items stand in a list that ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [erasure.pk, sorted(names)])
        for statement in (_LABELS, _ITEMS, _FORGOTTEN):
            cursor.execute(statement, {"erasure": erasure.pk})


def _hush_imports(reached: Collection[int], names: Collection[str], *, at: datetime) -> None:
    """What is told of files names items, also of what was left out, and so do their bytes: a fault about an
    erased one tells of its line alone, and the bytes go now. Files that are being read end after this, and it
    is looked at then what they say."""
    told_of = LabelImport.objects.filter(version__in=reached)
    erased = Names(names)
    for each in told_of.select_for_update(no_key=True).order_by("pk"):
        told = [_without(reason, erased, at=at) for reason in each.reasons]
        if told == each.reasons and each.kept_until is None:
            continue
        each.reasons, each.kept_until = told, None
        each.write("reasons", "kept_until")
        each.forget_bytes()


def _without(reason: dict[str, Any], erased: Names, *, at: datetime) -> dict[str, Any]:
    if reason["code"] in OF_LINES:
        return reason
    content, _, rest = reason["field"].partition(".")
    line, _, place = rest.partition(".")
    said = [place, *map(str, reason["facts"].values())]
    if not any(map(erased.is_one_in, said)):
        return reason
    field = f"{content}.{line}" if line else content
    return Reason(code=ITEM_ERASED, field=field, facts={"on": at.date().isoformat()}).as_json()

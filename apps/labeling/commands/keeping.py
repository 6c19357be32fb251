"""Keeping labels that were examined: the last step of bringing them, under the lock of their version."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b, sha256
from operator import attrgetter
from secrets import token_bytes

from django.db import connection

from apps.audit.record import record
from apps.catalog.models import AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict
from apps.labeling import errors
from apps.labeling.checks.around import WhenFacts
from apps.labeling.checks.examined import Examined
from apps.labeling.checks.extent import of_unsized
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.joined import stayed
from apps.labeling.checks.people import Numbers
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import CHECKS, RECORDED, verdict_of
from apps.labeling.commands.assets import kept_as_asset
from apps.labeling.commands.attributing import Said, chain_of
from apps.labeling.commands.kept import SAID
from apps.labeling.events import LabelsBrought
from apps.labeling.facts import around_of, erased_names, gold_age, held_by, terms_of
from apps.labeling.imports.items import held_to_items
from apps.labeling.imports.reading import Export
from apps.labeling.imports.told import faults_of
from apps.labeling.imports.worked import first_day
from apps.labeling.measures.shapes import Box, Shape, Span
from apps.labeling.models import Erased, Label, LabelSet
from apps.labeling.queries import PolicyInForce

PLACES = ("left", "top", "width", "height", "area")
NOWHERE = (None,) * len(PLACES)
COLUMNS = ("label_set_id", "annotator", "answer", *PLACES, *SAID)


def kept_labels(
    version: AssetVersion,
    policy: PolicyInForce,
    labels: Examined,
    said: Said,
    *,
    file_sha256: str,
    actor: Actor,
    at: datetime,
) -> LabelSet:
    """The set with its verdict, by what records say around it now; the caller holds the lock.

    Raises: Conflict, where other items belong to the version than when the labels were examined, or to the
    earlier set that they are added to.
    """
    export, together_with = labels.export, said.together_with
    first = min(filter(None, (first_day(export.work), labels.first)), default=None)
    when = WhenFacts(first=first, undated=labels.undated, begun=labels.begun, brought=at, work=export.work)
    gold = gold_age(version, policy, export.annotations, brought=at)
    same_bytes = {each.labeled_by for each in chain_of(together_with) if each.file_sha256 == file_sha256}
    around = replace(
        around_of(version, policy),
        when=when,
        settled=labels.settled,
        gold=gold,
        alike=labels.alike,
        same_bytes=frozenset(same_bytes - {labels.who}),
    )
    are_named = policy.content.are_raw_kept is True
    has_lost = together_with is not None and together_with.labels.count() != labels.earlier_rows
    if has_lost or held_to_items(export, held_by(version, around.items)).faulty > export.faulty:
        raise conflict(errors.ITEMS_CHANGED)
    findings = findings_of(labels.measured, terms_of(policy.content), around)
    findings = (*findings, *of_unsized(export.unsized, together_with.findings if together_with else ()))
    if together_with is not None:
        told_days = together_with.figures.get("first_day") is not None
        findings = (*findings, *stayed(together_with.findings, findings, told_days=told_days))
    number = LabelSet.objects.filter(version=version).count() + 1
    made = LabelSet.objects.create(
        version=version,
        asset_version=kept_as_asset(
            version, policy, number=number, content_sha256=_hash_of_all(together_with, file_sha256), at=at
        ),
        number=number,
        policy_id=policy.version_id,
        format=export.format.value,
        file_sha256=file_sha256,
        annotations=len(export.annotations),
        left_out=export.faulty + (together_with.left_out if together_with else 0),
        addresses_removed=export.emails + (together_with.addresses_removed if together_with else 0),
        labeled_by=said.kept_as(labels.who),
        is_gold=said.of_file.is_gold,
        all_items_seen=said.of_file.all_items_seen,
        together_with=together_with,
        verdict=verdict_of(findings, CHECKS | RECORDED).value,
        findings=[each.as_json() for each in findings],
        figures={
            **figures_of(labels.measured, are_named=are_named),
            "first_day": first.isoformat() if first else None,
            "undated": labels.undated,
            "begun_on": labels.begun.isoformat() if labels.begun else None,
        },
        brought_by_id=actor.person_id,
        created_at=at,
    )
    copy_labels(made.pk, export, are_named=are_named, numbers=labels.numbers)
    event = LabelsBrought(
        label_set_id=made.uid,
        version_id=version.uid,
        legal_record_id=policy.record_id,
        file_sha256=file_sha256,
        annotations=made.annotations,
        verdict=made.verdict,
        is_gold=made.is_gold,
        all_items_seen=made.all_items_seen,
        together_with_id=together_with.uid if together_with else None,
    )
    record(event, actor=actor, at=at)
    return made


def _hash_of_all(earlier: LabelSet | None, file_sha256: str) -> str:
    """Of the files in their order, where there are several."""
    before = [each.file_sha256 for each in chain_of(earlier)]
    return sha256("".join((*reversed(before), file_sha256)).encode()).hexdigest() if before else file_sha256


def left_out(version: AssetVersion, labels: Examined) -> list[dict[str, object]]:
    """Which faults were left out knowingly: the first of them, and how many more. Items that were erased
    since the file was read are named no more; the caller holds the lock of the version."""
    if not labels.export.faulty:
        return []
    erased = erased_names(version, Erased.ITEM)
    return [each.as_json() for each in faults_of(labels.export, erased.on)]


def copy_labels(label_set: int, export: Export, *, are_named: bool, numbers: Numbers) -> None:
    """By COPY: a row for each label. Where it is not kept who gave it, one person still is one rater."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    salt = token_bytes(16)
    said = attrgetter(*SAID)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{Label._meta.db_table}" ({names}) FROM STDIN') as into,
    ):
        for each in export.annotations:
            who = each.annotator if are_named else ""
            answer = 0 if are_named else _answer(salt, each.item, numbers.get(each.annotator, each.annotator))
            into.write_row((label_set, who, answer, *_place(each.shape), *said(each)))


def _place(shape: Shape | None) -> tuple[float | bytes | None, ...]:
    """A part of a text has no top and no height; an area is kept as it is."""
    if shape is None:
        return NOWHERE
    if isinstance(shape, Box):
        return shape.left, shape.top, shape.width, shape.height, None
    if isinstance(shape, Span):
        return shape.start, None, shape.end - shape.start, None, None
    return None, None, None, None, shape.packed


def _answer(salt: bytes, item: str, annotator: str) -> int:
    """Tells apart who answered the same item. The salt is kept nowhere, so it leads to nobody."""
    if not annotator:
        return 0
    text = f"{item}\n{annotator}".encode(errors="replace")
    return int.from_bytes(blake2b(text, digest_size=7, key=salt).digest(), "big")

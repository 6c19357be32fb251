"""Who gave which label is kept no longer than the labeling policy says. GDPR Art. 5(1)(e), 88."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from secrets import token_hex
from uuid import UUID

from django.db import connection

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.compliance.lifecycle.retention import RETENTIONS, ends_after
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state
from apps.labeling import errors
from apps.labeling.commands.attributing import chain_of
from apps.labeling.events import LabelNamesForgotten
from apps.labeling.models import LabelImport, LabelSet, NamesForgotten
from apps.labeling.queries import policy_measuring
from apps.labeling.roster.facts import standing_of


def names_over(on: date) -> Iterator[UUID]:
    """Label sets whose names are kept and may be no longer: a statement, and three for each set that still
    has names."""
    sets = LabelSet.objects.filter(names_forgotten__isnull=True, policy__content__are_raw_kept=True)
    for label_set in sets.select_related("policy__legal_record").order_by("pk").iterator():
        if _due(label_set, on) is not None:
            yield label_set.uid


def _due(label_set: LabelSet, on: date) -> tuple[LegalRecordVersion, date] | None:
    """By the version of the policy that is in force, or else by the one that the labels cite. A set that
    others were added to holds names that are as old as the first of them."""
    named = policy_measuring(label_set, on=on).content.raw_retention or label_set.policy.said.raw_retention
    schedule = (
        LegalRecordVersion.objects.in_force(on)
        .select_related("legal_record")
        .filter(legal_record__uid=named, legal_record__kind=RETENTIONS.slug)
        .first()
    )
    first = chain_of(label_set)[-1].created_at.date()
    end = ends_after(schedule.said, first) if schedule else None
    return (schedule, end) if schedule and end is not None and end <= on else None


@command(lock=LabelSet)
def forget_names(*, actor: Actor, label_set_id: UUID, at: datetime) -> NamesForgotten:
    """Take who gave which label out of a set. A salted number, which nobody can make again, tells apart those
    who answered the same item; what was found and measured stays.

    Raises: NotFound, NotPermitted, InvalidState (not over yet, or done).
    """
    label_set = LabelSet.objects.select_related("version__asset", "policy__legal_record").one(label_set_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=asset_resource(label_set.version.asset))
    due = _due(label_set, at.date())
    if due is None or NamesForgotten.objects.filter(label_set=label_set).exists():
        raise invalid_state(errors.NAMES_KEPT)
    schedule, end = due
    made: NamesForgotten = NamesForgotten.objects.create(
        label_set=label_set, schedule=schedule.legal_record, due_on=end, created_at=at
    )
    people = standing_of(policy_measuring(label_set, on=at.date())).people
    codes = label_set.labels.exclude(annotator="").values_list("annotator", flat=True).distinct()
    _forget(label_set.pk, {code: people.get(code, code) for code in codes})
    if label_set.labeled_by:
        nobody = f"annotator-{label_set.pk}"
        LabelSet.objects.filter(pk=label_set.pk).update(labeled_by=nobody)
        LabelImport.objects.filter(label_set=label_set).update(labeled_by=nobody)
    event = LabelNamesForgotten(
        label_set_id=label_set.uid, legal_record_id=schedule.legal_record.uid, due_on=end.isoformat()
    )
    record(event, actor=actor, at=at)
    return made


def _forget(label_set: int, people: dict[str, str]) -> None:
    """One person under several numbers stays one rater of an item."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE labeling_label AS l SET annotator = '',
                answer = ('x' || substr(md5(%s || l.item || chr(10) || who.person), 1, 14))::bit(56)::bigint
            FROM unnest(%s::text[], %s::text[]) AS who (code, person)
            WHERE l.label_set_id = %s AND l.annotator = who.code
            """,
            [token_hex(16), list(people), list(people.values()), label_set],
        )

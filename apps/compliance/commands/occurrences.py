"""Recording what happened to data under the law, and letting it take effect."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from apps.accounts.authorization import authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import AssetKind, AssetVersion
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.errors import (
    COUNTRY_MALFORMED,
    OCCURRENCE_COUNTRY_MISSING,
    OCCURRENCE_REASON_MISSING,
    OCCURRENCE_SOURCE_MISSING,
    OCCURRENCE_SOURCE_UNFIT,
    OCCURRENCE_WITHOUT_VERSIONS,
    OUTSIDE_ORGANIZATION,
)
from apps.compliance.facts.reach import reach_of, to_be_closed
from apps.compliance.facts.sources import versions_named_by
from apps.compliance.lifecycle.occurrences import (
    EFFECTS,
    MODEL_DAYS,
    DutySpec,
    Happening,
    ModelEffect,
    OccurrenceState,
    Owner,
    duties_of,
    move_occurrence,
)
from apps.compliance.models import AffectedVersion, Duty, LegalRecord, ModelAssessment, Occurrence
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact, Question, expect_seen, impact_of
from apps.kernel.errors import invalid, rule_broken

TAKING_EFFECT = Question(name="compliance.put_in_effect", about="occurrence")
"""What an occurrence would reach: versions, models, access and keys."""


@dataclass(frozen=True, kw_only=True)
class OccurrenceDraft:
    """`version_ids` empty: every version of what the source is about. `said` names no people.

    `has_other_ground`: another recorded ground carries the storage of the rows; `country` is where the
    transfer goes (ISO 3166-1 alpha-2).
    """

    happening: Happening
    said: str
    source_id: UUID | None = None
    version_ids: Sequence[UUID] = ()
    country: str = ""
    has_other_ground: bool | None = None


@command(lock=Organization)
def draft_occurrence(
    *, actor: Actor, organization_id: UUID, draft: OccurrenceDraft, at: datetime
) -> Occurrence:
    """Write down what happened; it has no effect yet.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    source = LegalRecord.objects.visible_to(actor).one(draft.source_id) if draft.source_id else None
    _check(draft, organization, source)
    last = Occurrence.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
    occurrence = Occurrence(
        organization=organization,
        number=last + 1,
        happening=draft.happening.value,
        source=source,
        said=draft.said.strip(),
        country=draft.country,
        has_other_ground=draft.has_other_ground,
        drafted_by_id=actor.person_id,
        created_at=at,
    )
    resource = review.record_resource("occurrence", occurrence)
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=resource)
    versions = _named(draft, organization, source, actor, at=at)
    occurrence.save(force_insert=True)
    AffectedVersion.objects.bulk_create(
        AffectedVersion(occurrence=occurrence, version=version) for version in versions
    )
    event = events.OccurrenceDrafted(
        occurrence_id=occurrence.uid,
        ref=occurrence.ref,
        happening=occurrence.happening,
        source_id=source.uid if source else None,
        versions=tuple(version.uid for version in versions),
        said=occurrence.said,
    )
    record(event, actor=actor, at=at)
    return occurrence


@command(lock=Occurrence, queue="lineage")
def put_in_effect(
    *, actor: Actor, occurrence_id: UUID, seen_impact: str | None = None, at: datetime
) -> Occurrence:
    """Let it have its effects on every version that holds something of those it is about.

    `seen_impact` is the digest of what that was shown to reach. From here on those versions open nothing,
    where the table says so; access, keys and models follow.
    Raises: NotFound, NotPermitted, InvalidState, PreconditionMissing, StaleVersion.
    """
    occurrence = Occurrence.objects.visible_to(actor).for_update(occurrence_id)
    resource = review.record_resource("occurrence", occurrence)
    authorize(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    state = move_occurrence(occurrence.state, OccurrenceState.IN_EFFECT)
    expect_seen(TAKING_EFFECT, occurrence.uid, seen_impact, actor=actor)
    occurrence.state, occurrence.took_effect_at = state, at
    occurrence.took_effect_by_id = actor.person_id
    last = Occurrence.objects.aggregate(last=Max("list_number"))["last"] or 0
    occurrence.list_number = last + 1
    occurrence.write("state", "took_effect_at", "took_effect_by", "list_number")
    reached = _reach(occurrence, reach_of(occurrence.uid).through, at=at)
    duties = _set_duties(occurrence, reached.values(), at=at)
    event = events.OccurrenceTookEffect(
        occurrence_id=occurrence.uid,
        ref=occurrence.ref,
        happening=occurrence.happening,
        versions=len(reached),
        models=sum(1 for version in reached.values() if version.asset.kind == AssetKind.MODEL),
        duties=tuple(duty.code for duty in duties),
    )
    record(event, actor=actor, at=at)
    return occurrence


def impact_of_taking_effect(*, actor: Actor, occurrence_id: UUID) -> Impact:
    """What it would reach, for those who may let it take effect.  Raises: NotFound, NotPermitted."""
    occurrence = Occurrence.objects.visible_to(actor).one(occurrence_id)
    resource = review.record_resource("occurrence", occurrence)
    authorize(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    return impact_of(TAKING_EFFECT, occurrence.uid)


@command(lock=Occurrence, queue="lineage")
def extend_occurrence(*, actor: Actor, occurrence_id: UUID, at: datetime) -> Occurrence:
    """Reach versions that were made since from those it is about, or beside them, unless they are known to
    leave the rows out. Doing it twice does nothing more.  Raises: NotFound, NotPermitted.
    """
    occurrence = Occurrence.objects.visible_to(actor).for_update(occurrence_id)
    resource = review.record_resource("occurrence", occurrence)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    if occurrence.state != OccurrenceState.IN_EFFECT:
        return occurrence
    through = {**_beside(occurrence), **reach_of(occurrence.uid).through}
    added = _reach(occurrence, through, at=at)
    if added:
        event = events.OccurrenceExtended(
            occurrence_id=occurrence.uid,
            ref=occurrence.ref,
            versions=tuple(version.uid for version in added.values()),
        )
        record(event, actor=actor, at=at)
    return occurrence


@command(lock=Occurrence)
def lift_occurrence(*, actor: Actor, occurrence_id: UUID, reason: str, at: datetime) -> Occurrence:
    """It holds no more: what it closed may be opened again, where nothing else closes it.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput (no reason).
    """
    occurrence = _ended(actor, occurrence_id, OccurrenceState.LIFTED, reason, at=at)
    event = events.OccurrenceLifted(
        occurrence_id=occurrence.uid, ref=occurrence.ref, happening=occurrence.happening, reason=reason
    )
    record(event, actor=actor, at=at)
    return occurrence


@command(lock=Occurrence)
def discard_occurrence(*, actor: Actor, occurrence_id: UUID, reason: str, at: datetime) -> Occurrence:
    """Give up a draft: it never had an effect.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput (no reason).
    """
    occurrence = _ended(actor, occurrence_id, OccurrenceState.DISCARDED, reason, at=at)
    event = events.OccurrenceDiscarded(occurrence_id=occurrence.uid, ref=occurrence.ref, reason=reason)
    record(event, actor=actor, at=at)
    return occurrence


def _ended(
    actor: Actor, occurrence_id: UUID, wanted: OccurrenceState, reason: str, *, at: datetime
) -> Occurrence:
    occurrence = Occurrence.objects.visible_to(actor).for_update(occurrence_id)
    resource = review.record_resource("occurrence", occurrence)
    authorize(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    occurrence.state = move_occurrence(occurrence.state, wanted)
    if not reason.strip():
        raise invalid("reason", OCCURRENCE_REASON_MISSING)
    occurrence.ended_at, occurrence.ended_reason = at, reason
    return occurrence.write("state", "ended_at", "ended_reason")


def _check(draft: OccurrenceDraft, organization: Organization, source: LegalRecord | None) -> None:
    effects = EFFECTS[draft.happening]
    if not draft.said.strip():
        raise invalid("said", OCCURRENCE_REASON_MISSING)
    if source is None and effects.needs_source:
        articles = (f"GDPR {draft.happening.article.removesuffix(' GDPR')}",)
        raise rule_broken(OCCURRENCE_SOURCE_MISSING, field="source_id", articles=articles)
    if source is not None and source.kind not in effects.sources:
        known = ", ".join(sorted(effects.sources)) or "none"
        raise rule_broken(OCCURRENCE_SOURCE_UNFIT, field="source_id", kind=source.kind, known=known)
    if source is not None and source.organization_id != organization.pk:
        raise rule_broken(OUTSIDE_ORGANIZATION, field="source_id", kind="record")
    if draft.country and not (
        len(draft.country) == 2 and draft.country.isascii() and draft.country.isupper()
    ):
        raise invalid("country", COUNTRY_MALFORMED, country=draft.country)
    if effects.needs_country and not draft.country:
        raise invalid("country", OCCURRENCE_COUNTRY_MISSING)


def _named(
    draft: OccurrenceDraft,
    organization: Organization,
    source: LegalRecord | None,
    actor: Actor,
    *,
    at: datetime,
) -> list[AssetVersion]:
    """What it is about.  Raises: NotFound, RuleBroken (of another organization), InvalidInput (nothing)."""
    visible = AssetVersion.objects.visible_to(actor).select_related("asset")
    if draft.version_ids:
        versions = [visible.one(uid) for uid in dict.fromkeys(draft.version_ids)]
    else:
        versions = list(visible.filter(pk__in=versions_named_by(source, on=at.date())) if source else ())
    if any(version.asset.organization_id != organization.pk for version in versions):
        raise rule_broken(OUTSIDE_ORGANIZATION, field="version_ids", kind="version")
    if not versions:
        raise invalid("version_ids", OCCURRENCE_WITHOUT_VERSIONS)
    return versions


def _beside(occurrence: Occurrence) -> dict[int, int | None]:
    """Later versions of the same assets hold the rows until somebody vouches that they do not."""
    if not EFFECTS[occurrence.kind_of].is_about_rows:
        return {}
    known = list(occurrence.affected.select_related("version__asset").order_by("version__number"))
    last = {row.version.asset_id: row.version for row in known if row.version.asset.kind == AssetKind.DATASET}
    later = AssetVersion.objects.filter(asset__in=last).order_by("number")
    seen = {row.version_id for row in known}
    return {
        version.pk: last[version.asset_id].pk
        for version in later
        if version.pk not in seen and version.number > last[version.asset_id].number
    }


def _reach(
    occurrence: Occurrence, through: Mapping[int, int | None], *, at: datetime
) -> dict[int, AssetVersion]:
    """Write down those that are new, with what closes them, and have models among them assessed.

    Gives every version on the first time, and the new ones later.
    """
    known = {row.version_id: row for row in occurrence.affected.all()}
    versions = AssetVersion.objects.select_related("asset").in_bulk(list(through))
    is_first = not any(row.closing or row.through_id for row in known.values())
    fresh = []
    for pk, version in versions.items():
        closing = to_be_closed(occurrence, version.asset.kind)
        if pk in known:
            row = known[pk]
            if not row.closing and closing is not None:
                row.closing = closing.value
                row.save(update_fields=["closing"])
            continue
        fresh.append(
            AffectedVersion(
                occurrence=occurrence,
                version=version,
                through_id=through[pk],
                closing=closing.value if closing else "",
            )
        )
    AffectedVersion.objects.bulk_create(fresh)
    new = {row.version_id: versions[row.version_id] for row in fresh}
    reached = versions if is_first else new
    _have_assessed(occurrence, reached.values(), at=at)
    return reached


def _have_assessed(occurrence: Occurrence, versions: Collection[AssetVersion], *, at: datetime) -> None:
    effects = EFFECTS[occurrence.kind_of].models
    if ModelEffect.ASSESS not in effects:
        return
    ModelAssessment.objects.bulk_create(
        (
            ModelAssessment(
                version=version,
                occurrence=occurrence,
                is_suspending=ModelEffect.SUSPEND in effects,
                due_on=at.date() + timedelta(days=MODEL_DAYS),
                created_at=at,
            )
            for version in versions
            if version.asset.kind == AssetKind.MODEL
        ),
        ignore_conflicts=True,
    )


def _set_duties(occurrence: Occurrence, versions: Collection[AssetVersion], *, at: datetime) -> list[Duty]:
    assets = {version.asset_id: version.asset for version in versions}
    models = [pk for pk, asset in assets.items() if asset.kind == AssetKind.MODEL]
    data = [pk for pk, asset in assets.items() if asset.kind != AssetKind.MODEL]
    specs = duties_of(
        occurrence.kind_of, has_other_ground=occurrence.has_other_ground, has_models=bool(models)
    )
    about: dict[Owner, list[int | None]] = {
        Owner.OFFICER: [None],
        Owner.STEWARD: [*data] or [*models],
        Owner.OWNER: [*models],
    }
    return Duty.objects.bulk_create(
        _duty(occurrence, spec, asset, at=at) for spec in specs for asset in about[spec.owner]
    )


def _duty(occurrence: Occurrence, spec: DutySpec, asset: int | None, *, at: datetime) -> Duty:
    return Duty(
        organization_id=occurrence.organization_id,
        code=spec.code,
        title=spec.title,
        owner=spec.owner.value,
        due_on=at.date() + timedelta(days=spec.days),
        occurrence=occurrence,
        asset_id=asset,
        created_at=at,
    )

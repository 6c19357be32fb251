"""What would happen if something were asked for: nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.facts import Ask, Item
from apps.access.models import Request, Revision, Slot, Stage, SubjectKind
from apps.access.queries.evaluation import Answer, answer
from apps.access.queries.outcomes import AssetOutcome, outcomes_of
from apps.access.queries.paths import Way, way_of
from apps.access.queries.pools import Bench, bench_for
from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import PurposeVersion
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now, end_of_day
from apps.lakes.errors import COLUMNS_NOT_ENFORCEABLE
from apps.policy.facts import Action
from apps.policy.reason import Reason
from apps.policy.route import StageSpec

USUAL_PERIOD = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class PreviewStage:
    """`eligible` counts who could decide today, by every test that is run when they do; of a stage that asks
    for several roles, those of the scarcest; nothing where they were not counted. `is_fillable`: beside the
    other stages too, as nobody fills two.
    """

    stage: StageSpec
    eligible: int | None = None
    is_fillable: bool = True


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`per_asset` says what each of several assets would come to alone; empty for a single one.

    `way` says how long it usually takes and what would be quicker, where that was asked. `keyless`: why the
    grant would give no key, whoever decides.
    """

    answer: Answer
    stages: tuple[PreviewStage, ...]
    per_asset: tuple[AssetOutcome, ...] = ()
    way: Way | None = None
    keyless: tuple[Reason, ...] = ()


def preview(ask: Ask, *, at: datetime) -> Preview:
    """What would happen if this were sent now; nothing is written."""
    answered = answer(ask, at=at)
    return Preview(
        answer=answered,
        stages=_staffed(ask, answered.decision.stages, at=at),
        per_asset=outcomes_of(ask, answered),
        keyless=tuple(_keyless(ask)),
    )


def _keyless(ask: Ask) -> Iterator[Reason]:
    """Single columns of what lies where keys open whole files; no query where all columns are asked for."""
    for item in ask.items:
        location = item.version.location if item.columns else None
        if location is not None and not location.lake.keeps_columns:
            yield Reason(code=COLUMNS_NOT_ENFORCEABLE)
            return


def _staffed(ask: Ask, stages: Sequence[StageSpec], *, at: datetime) -> tuple[PreviewStage, ...]:
    """The route as it would be laid out, with the fallbacks that would be admitted from the first day."""
    if not stages:
        return ()
    route = [(spec, _slots_of(spec)) for spec in stages]
    slots = [slot for _, each in route for slot in each]
    bench = bench_for(_revision_of(ask), slots, [item.asset for item in ask.items], at=at)
    lacking = bench.lacking(slots)
    for slot in lacking:
        slot.also_roles = list(slot.stage.fallback_roles)
    if any(slot.also_roles for slot in lacking):
        lacking = bench.lacking(slots)
    return tuple(
        PreviewStage(
            stage=spec,
            eligible=min(_count(bench, slot) for slot in each),
            is_fillable=not any(slot in lacking for slot in each),
        )
        for spec, each in route
    )


def _count(bench: Bench, slot: Slot) -> int:
    return len(bench.eligible(slot))


def _slots_of(spec: StageSpec) -> list[Slot]:
    stage = Stage(
        name=spec.name,
        is_opinion=spec.is_opinion,
        is_independent=spec.is_independent,
        fallback_roles=list(spec.fallback_roles),
    )
    return [Slot(stage=stage, role=each.roles[0]) for each in spec.slots]


def _revision_of(ask: Ask) -> Revision:
    """As it would be sent, for those who look at its parties; it is not kept."""
    kind = SubjectKind.SERVICE_ACCOUNT if ask.service_account else SubjectKind.PERSON
    return Revision(
        request=Request(requester=ask.requester),
        subject_kind=SubjectKind.PROJECT if ask.project else kind,
        person=ask.person,
        service_account=ask.service_account,
        project=ask.project,
        edited_by=ask.requester,
    )


def draft_preview(actor: Actor, draft: RequestDraft, *, is_by_hand: bool = True) -> Preview:
    """`preview` of what a person has typed, with the way to it; `is_by_hand`: other purposes are tried too.

    Raises: InvalidInput.
    """
    now = database_now()
    ask = read_draft(actor, draft, at=now)
    found = preview(ask, at=now)
    return replace(found, way=way_of(actor if is_by_hand else None, ask, found.answer, at=now))


def asset_preview(
    actor: Actor, asset_id: UUID, *, purpose_id: UUID, actions: Sequence[str], ends_on: date | None = None
) -> Preview:
    """What one would need for a single asset, for a month unless another last day is named.

    Raises: NotFound, InvalidInput.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    draft = RequestDraft(
        items=[ItemDraft(asset_id=asset.uid)],
        purpose_id=purpose_id,
        actions=actions,
        ends_on=ends_on or database_now().date() + USUAL_PERIOD,
    )
    return draft_preview(actor, draft, is_by_hand=False)


def version_preview(
    actor: Actor, version: AssetVersion, requester: Person, purpose: PurposeVersion, *, at: datetime
) -> Preview:
    """What one would need to read all columns of a version for a month. Nothing is read twice: the version is
    given with its asset, the requester with their organization, the purpose by its version in force.

    Who could decide is not counted. Five queries, however many columns and roles.
    """
    last_day = at.date() + USUAL_PERIOD
    ask = Ask(
        requester=requester,
        person=requester,
        service_account=None,
        purpose=purpose.purpose,
        purpose_version=purpose,
        items=(Item(asset=version.asset, version=version),),
        actions=frozenset({Action.READ}),
        starts_at=at,
        ends_at=end_of_day(last_day, requester.organization.time_zone),
        place_of_processing="",
    )
    answered = answer(ask, at=at)
    stages = tuple(PreviewStage(stage=stage) for stage in answered.decision.stages)
    return Preview(answer=answered, stages=stages)

"""Classifying columns: the stricter at once, the laxer as a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize, may
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetVersion
from apps.classification.commands import ledger
from apps.classification.commands.sayings import ColumnClassification, Ladder, check_rules, check_words
from apps.classification.errors import CLASSIFICATION_CHANGED
from apps.classification.events import ColumnsClassified, LoweringProposed
from apps.classification.lifecycle import ClassificationStatus, Saying
from apps.classification.models import Classification, ClassificationSource
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.contributions import Impact, Question, expect_impact, expect_seen, impact_of
from apps.kernel.errors import StaleVersion
from apps.kernel.models import uids
from apps.policy.reason import Reason

__all__ = ["CLASSIFYING", "Classified", "ColumnClassification", "classify", "impact_of_classifying"]

CLASSIFYING = Question(name="classification.classify", about="asset")
"""What rests on the data, and is judged anew once their class is another one."""


@dataclass(frozen=True, kw_only=True)
class Classified:
    """What took effect at once, and what waits for another person."""

    current: tuple[Classification, ...]
    proposed: tuple[Classification, ...]


@command(lock=AssetVersion)
def classify(
    *,
    actor: Actor,
    asset_version_id: UUID,
    items: Sequence[ColumnClassification],
    seen: Mapping[str, UUID | None] | None = None,
    seen_impact: str | None = None,
    at: datetime,
) -> Classified:
    """Say how sensitive columns are. The first saying and anything stricter takes effect at once.

    What is laxer in any respect becomes a proposal for another person to confirm; what of it is stricter
    takes effect meanwhile. An open proposal about the same column is superseded.

    `seen` names, by column, the saying that held when it was read, None where there was none;
    `seen_impact` is the digest of what classifying was shown to reach; it is needed where something takes
    effect on data on which something rests.
    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, PreconditionMissing, StaleVersion.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CLASSIFY, resource=asset_resource(version.asset))
    ladder = Ladder.read()
    columns = ledger.columns_of(version)
    check_words(items, columns, ladder)
    check_rules(actor, items, columns, ladder)
    held = ledger.current_rows(version)
    _expect(seen or {}, held)
    rows = [
        row
        for item in items
        for row in _rows(version, item, held.get(item.named(columns)), columns, ladder, actor, at)
    ]
    current = tuple(row for row in rows if row.status == ClassificationStatus.CURRENT)
    if current:
        expect_seen(CLASSIFYING, version.asset.uid, seen_impact, actor=actor, is_nothing_enough=True)
    else:
        expect_impact(CLASSIFYING, version.asset.uid, seen_impact)
    ledger.put_down(version, rows, at=at)
    proposed = tuple(row for row in rows if row.status == ClassificationStatus.PROPOSED)
    _tell(version, current, proposed, actor=actor, at=at)
    return Classified(current=current, proposed=proposed)


def impact_of_classifying(*, actor: Actor, asset_id: UUID) -> Impact:
    """What another class would reach, for those who classify the asset or decide on a lower class of it.

    Raises: NotFound, NotPermitted.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    resource = asset_resource(asset)
    if not may(actor=actor, operation=Operation.CONFIRM_LOWERING, resource=resource):
        authorize(actor=actor, operation=Operation.CLASSIFY, resource=resource)
    return impact_of(CLASSIFYING, asset.uid)


def _expect(seen: Mapping[str, UUID | None], held: Mapping[str, Classification]) -> None:
    """Raises: StaleVersion, naming every column of which something else holds by now."""
    now = {column: row.uid for column, row in held.items()}
    changed = [column for column, uid in seen.items() if now.get(column) != uid]
    if changed:
        raise StaleVersion(Reason(code=CLASSIFICATION_CHANGED, facts={"columns": ", ".join(changed)}))


def _rows(
    version: AssetVersion,
    item: ColumnClassification,
    held: Classification | None,
    columns: dict[str, str],
    ladder: Ladder,
    actor: Actor,
    at: datetime,
) -> list[Classification]:
    """The rows one item leads to: none, one, or the stricter part of it beside the proposal."""

    def row(saying: Saying, status: ClassificationStatus) -> Classification:
        return Classification(
            version=version,
            column_name=item.named(columns),
            sensitivity_class=ladder.by_rank[saying.rank],
            category_codes=sorted(saying.categories),
            identifiability=saying.identifiability,
            source=ClassificationSource.HUMAN,
            reason=item.reason,
            assessment_ref=item.assessment_ref or (held.assessment_ref if held else ""),
            classified_by_id=actor.person_id,
            is_confirmed=is_by_person and status is ClassificationStatus.CURRENT,
            status=status,
            created_at=at,
        )

    is_by_person = actor.kind is ActorKind.PERSON
    wanted = ladder.saying(item)
    if held is None:
        return [row(wanted, ClassificationStatus.CURRENT)]
    before = ledger.saying_of(held, ladder.personal)
    if not wanted.is_laxer_than(before):
        is_known = wanted == before and _says_nothing_new(item, held, is_by_person=is_by_person)
        return [] if is_known else [row(wanted, ClassificationStatus.CURRENT)]
    stricter = wanted.joined_with(before)
    rows = [row(wanted, ClassificationStatus.PROPOSED)]
    if (stricter.rank, stricter.personal, stricter.identifiability) != (
        before.rank,
        before.personal,
        before.identifiability,
    ):
        rows.append(row(stricter, ClassificationStatus.CURRENT))
    return rows


def _says_nothing_new(item: ColumnClassification, held: Classification, *, is_by_person: bool) -> bool:
    if not is_by_person:
        return True
    is_same = (item.reason, item.assessment_ref) == (held.reason, held.assessment_ref)
    return held.is_confirmed and held.source == ClassificationSource.HUMAN and is_same


def _tell(
    version: AssetVersion,
    current: Sequence[Classification],
    proposed: Sequence[Classification],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    if current:
        classified = ColumnsClassified(
            asset_id=version.asset.uid,
            version_id=version.uid,
            source=ClassificationSource.HUMAN,
            sayings=ledger.in_words(current),
            reasons=ledger.reasons_in_words(current),
        )
        record(classified, actor=actor, at=at)
    if proposed:
        lowering = LoweringProposed(
            asset_id=version.asset.uid,
            version_id=version.uid,
            proposals=uids(proposed),
            sayings=ledger.in_words(proposed),
            reasons=ledger.reasons_in_words(proposed),
        )
        record(lowering, actor=actor, at=at)

"""A version that the house made from another begins with what was said about the columns it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.classification.commands import ledger
from apps.classification.events import ColumnsClassified
from apps.classification.models import WHOLE_VERSION, Classification, ClassificationSource
from apps.kernel.actor import Actor
from apps.policy.vocabulary import Identifiability


@dataclass(frozen=True, kw_only=True)
class Pseudonymised:
    """Two people vouch that values were replaced by pseudonyms: who asked for it and who looked at it.

    Without the second the column counts as it did, which is never laxer.
    """

    asked_by_id: int
    confirmed_by_id: int | None


@command(lock=AssetVersion)
def classify_derived(
    *,
    actor: Actor,
    asset_version_id: UUID,
    source_id: UUID,
    columns: Mapping[str, Pseudonymised | None],
    at: datetime,
) -> tuple[Classification, ...]:
    """Say of each column what holds for the equally named one of the source: class and categories stay, and
    whoever vouched for it still does. What was identified and is now pseudonymised says so, as far as two
    people vouch. What nobody classified there nobody has classified here.

    Raises: NotFound, NotPermitted.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CLASSIFY, resource=asset_resource(version.asset))
    source = AssetVersion.objects.visible_to(actor).one(source_id)
    rows = [
        _derived(row, version, columns[name], at=at)
        for name, row in ledger.current_rows(source).items()
        if name in columns
    ]
    if not rows:
        return ()
    ledger.put_down(version, rows, at=at)
    event = ColumnsClassified(
        asset_id=version.asset.uid,
        version_id=version.uid,
        source=ClassificationSource.DERIVED,
        sayings=ledger.in_words(rows),
        reasons=ledger.reasons_in_words(rows),
    )
    record(event, actor=actor, at=at)
    return tuple(rows)


@command(lock=AssetVersion)
def classify_whole(
    *, actor: Actor, asset_version_id: UUID, source_id: UUID, at: datetime
) -> Classification | None:
    """Say of a version without columns what holds for all columns of its source together: the highest class
    and every category. Somebody vouches for it only where somebody does for each of them; where one is not
    classified, nothing is said.

    Raises: NotFound, NotPermitted.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CLASSIFY, resource=asset_resource(version.asset))
    source = AssetVersion.objects.visible_to(actor).one(source_id)
    held = ledger.current_rows(source)
    if held.keys() != ledger.columns_of(source).keys():
        return None
    row = _whole(list(held.values()), version, at=at)
    ledger.put_down(version, [row], at=at)
    event = ColumnsClassified(
        asset_id=version.asset.uid,
        version_id=version.uid,
        source=ClassificationSource.DERIVED,
        sayings=ledger.in_words([row]),
        reasons=ledger.reasons_in_words([row]),
    )
    record(event, actor=actor, at=at)
    return row


def _whole(held: Sequence[Classification], version: AssetVersion, *, at: datetime) -> Classification:
    highest = max(held, key=lambda each: each.sensitivity_class.rank)
    whole = ledger.heir(highest, version, ClassificationSource.DERIVED, at=at)
    said = {each.identifiability for each in held}
    whole.column_name = WHOLE_VERSION
    whole.category_codes = sorted({code for each in held for code in each.category_codes})
    whole.identifiability = next(word for word in Identifiability if word in said)
    whole.is_confirmed = all(each.is_confirmed for each in held)
    return whole


def _derived(
    row: Classification, version: AssetVersion, masked: Pseudonymised | None, *, at: datetime
) -> Classification:
    derived = ledger.heir(row, version, ClassificationSource.DERIVED, at=at)
    if masked and masked.confirmed_by_id and row.identifiability == Identifiability.IDENTIFIED:
        derived.identifiability = Identifiability.PSEUDONYMISED
        derived.classified_by_id, derived.decided_by_id = masked.asked_by_id, masked.confirmed_by_id
        derived.decided_at = at
    return derived

"""What a scan found: that a column is about nobody lapses when it turns out to hold personal data."""

from __future__ import annotations

from collections.abc import Sequence
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
from apps.classification.errors import NO_PERSONAL_FINDING
from apps.classification.events import ColumnsClassified
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import Classification, ClassificationSource
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid
from apps.policy.vocabulary import Identifiability


@dataclass(frozen=True, kw_only=True)
class PersonalFinding:
    """Personal data found in a column ("*" for a version without columns), and how one knows."""

    column: str
    category_codes: tuple[str, ...]
    evidence: str


@command(lock=AssetVersion)
def lapse_not_personal(
    *, actor: Actor, asset_version_id: UUID, findings: Sequence[PersonalFinding], at: datetime
) -> tuple[Classification, ...]:
    """End the word of a steward that these columns are about nobody. Other columns are left alone.

    What takes its place is not confirmed, so that nothing is opened until a person has classified it anew;
    to say again that it is about nobody then takes a second person.

    Raises: NotFound, NotPermitted, InvalidInput.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CLASSIFY, resource=asset_resource(version.asset))
    personal = ledger.personal_codes()
    held = ledger.current_rows(version)
    rows = []
    for finding in findings:
        if not set(finding.category_codes) or not set(finding.category_codes) <= personal:
            raise invalid("findings", NO_PERSONAL_FINDING, column=finding.column)
        row = held.get(finding.column)
        if row is not None and row.identifiability == Identifiability.NOT_PERSONAL:
            rows.append(_lapsed(row, finding, actor=actor, at=at))
    if rows:
        ledger.put_down(version, rows, at=at)
        event = ColumnsClassified(
            asset_id=version.asset.uid,
            version_id=version.uid,
            source=ClassificationSource.SCAN,
            sayings=ledger.in_words(rows),
            reasons=ledger.reasons_in_words(rows),
        )
        record(event, actor=actor, at=at)
    return tuple(rows)


def _lapsed(row: Classification, finding: PersonalFinding, *, actor: Actor, at: datetime) -> Classification:
    return Classification(
        version_id=row.version_id,
        column_name=row.column_name,
        sensitivity_class=row.sensitivity_class,
        category_codes=sorted({*row.category_codes, *finding.category_codes}),
        identifiability=Identifiability.IDENTIFIED,
        source=ClassificationSource.SCAN,
        reason=finding.evidence,
        classified_by_id=actor.person_id,
        status=ClassificationStatus.CURRENT,
        created_at=at,
    )

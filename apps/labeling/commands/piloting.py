"""Measuring the labels of a pilot, by the rules of the labeling policy that is tried out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.errors import RuleBroken, invalid, invalid_state, not_found, rule_broken
from apps.labeling import errors
from apps.labeling.checks.around import Around, WhenFacts
from apps.labeling.checks.examined import Examined, examined_together
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.twins import DRAWN_ALIKE
from apps.labeling.commands.attributing import LONGEST_NAME
from apps.labeling.events import PilotMeasured
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import TOO_LARGE
from apps.labeling.imports.attribution import SaidOfFile, who_is_meant
from apps.labeling.imports.worked import first_day
from apps.labeling.models import Pilot
from apps.labeling.pilots import is_tried_out_now
from apps.labeling.queries import PolicyInForce
from apps.labeling.roster.facts import cited_facts, people_in_exports, roster_facts, standing_of
from apps.labeling.roster.keeping import newest_content, roster_resource
from apps.labeling.roster.reading import newest_versions
from apps.policy.reason import Reason

MOST_FILES = 10
LARGEST_PILOT = 3_600_000
"""Bytes of all files: a few items, measured at once."""


@dataclass(frozen=True, kw_only=True)
class PilotFile:
    """`labeled_by` is whoever labeled what the file leaves unnamed."""

    content: bytes
    labeled_by: str = ""


@command(lock=LegalRecord)
def measure_pilot(
    *,
    actor: Actor,
    legal_record_id: UUID,
    files: Sequence[PilotFile],
    all_items_seen: bool = False,
    at: datetime,
) -> Pilot:
    """Measure labels of a few items by the approved version of the policy. The figures are kept, and that
    version is tried out by the newest of them; the labels are not. One fault refuses all, and so does one
    person's drawing that is brought as two people's.

    Raises: NotFound, NotPermitted, InvalidInput (each fault with its line), RuleBroken (no export, its size,
    words of one's own), InvalidState (nothing of the policy is approved, or it is not tried out now).
    """
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    if row.kind != LABELING_POLICIES.slug:
        raise not_found("labeling policy")
    resource = roster_resource(actor, row, newest_content(row), Operation.MEASURE_PILOT)
    authorize(actor=actor, operation=Operation.MEASURE_PILOT, resource=resource)
    policy = _tried_out(row)
    labels = _examined(files, policy, all_items_seen=all_items_seen)
    if labels.alike:
        reason = Reason(code=DRAWN_ALIKE, rule="L02", field="content", facts=labels.alike[0].facts)
        raise RuleBroken(reason)
    export, measured = labels.export, labels.measured
    around = Around(
        cited=cited_facts(policy),
        roster=roster_facts(newest_versions(policy.content.datasets), policy),
        when=WhenFacts(first=first_day(export.work), brought=at, work=export.work),
        settled=labels.settled,
    )
    findings = findings_of(measured, terms_of(policy.content), around)
    made = Pilot.objects.create(
        policy_id=policy.version_id,
        format=export.format.value,
        files=len(files),
        file_sha256=_hash_of(files),
        annotations=len(export.annotations),
        items=min(part.overlapping for part in measured.parts),
        lower=measured.agreement.interval.lower if measured.agreement.value is not None else None,
        findings=[each.as_json() for each in findings],
        figures=figures_of(measured, are_named=policy.content.are_raw_kept is True),
        measured_by_id=actor.person_id,
        created_at=at,
    )
    event = PilotMeasured(
        pilot_id=made.uid,
        legal_record_id=row.uid,
        number=policy.number,
        file_sha256=made.file_sha256,
        items=made.items,
        reached="" if made.lower is None else f"{made.lower:.4f}",
    )
    record(event, actor=actor, at=at)
    return made


def _tried_out(row: LegalRecord) -> PolicyInForce:
    """Raises: InvalidState."""
    version = row.versions.filter(record_status="approved").first()
    if version is None:
        raise invalid_state(errors.ROSTER_WITHOUT_POLICY, ref=row.ref)
    if not is_tried_out_now(row.stage):
        raise invalid_state(errors.NOT_TRIED_OUT, ref=row.ref, stage=row.stage)
    version.legal_record = row
    return PolicyInForce(
        ref=row.ref,
        number=version.number,
        record_id=row.uid,
        version_id=version.pk,
        content=version.said,
    )


def _examined(files: Sequence[PilotFile], policy: PolicyInForce, *, all_items_seen: bool) -> Examined:
    """Raises: InvalidInput, RuleBroken."""
    if not files or any(not each.content for each in files):
        raise rule_broken(errors.FILE_EMPTY, field="content")
    size = sum(len(each.content) for each in files)
    if size > LARGEST_PILOT or len(files) > MOST_FILES:
        what = f"{len(files)} files of {size} bytes, where {MOST_FILES} of {LARGEST_PILOT} are taken"
        raise rule_broken(TOO_LARGE, field="content", what=what)
    if any(len(each.labeled_by) > LONGEST_NAME for each in files):
        raise invalid("labeled_by", errors.LABELED_BY_LONG, longest=LONGEST_NAME)
    if all_items_seen and not all(each.labeled_by.strip() for each in files):
        raise invalid("labeled_by", errors.SEEN_BY_NOBODY)
    terms = terms_of(policy.content)
    if terms.is_free:
        raise rule_broken(errors.PILOT_OF_WORDS, field="content")
    known = people_in_exports(policy)
    told = [
        (
            each.content,
            SaidOfFile(
                labeled_by=who_is_meant(each.labeled_by.strip(), known), all_items_seen=all_items_seen
            ),
        )
        for each in files
    ]
    return examined_together(told, terms, people=known, standing=standing_of(policy))


def _hash_of(files: Sequence[PilotFile]) -> str:
    hashes = [hashlib.sha256(each.content).hexdigest() for each in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()

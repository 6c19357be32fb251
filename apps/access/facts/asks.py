"""What is asked for, written down or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.access.models import Revision
from apps.accounts.models import Account, Person, Project
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import Purpose, PurposeVersion
from apps.policy import facts as policy
from apps.policy.law_words import LabelerPart


@dataclass(frozen=True, kw_only=True)
class Item:
    """One asset asked for, in one version; no columns named means all."""

    asset: Asset
    version: AssetVersion
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request's content, written down or not, so that a preview sees what a decision sees.

    `person` is the subject, or who answers for it. A project stands for all its members, or for the one
    `member` who takes a key. `purpose_version` is the one in force, where it was read already. `revision` is
    where it was written down: what systems said about its ticket was said about that. `labeling_part`: of one
    who asks to label.
    """

    requester: Person
    person: Person
    service_account: Account | None
    project: Project | None = None
    purpose: Purpose
    items: tuple[Item, ...]
    actions: frozenset[policy.Action]
    starts_at: datetime
    ends_at: datetime
    place_of_processing: str
    purpose_version: PurposeVersion | None = None
    member: Person | None = None
    ticket: str = ""
    labeling_part: LabelerPart | None = None
    justification: str = ""
    revision: Revision | None = None


def ask_of(revision: Revision) -> Ask:
    items = revision.asked
    actions = frozenset(policy.Action(action) for action in revision.actions)
    return Ask(
        requester=revision.request.requester,
        person=revision.person,
        service_account=revision.service_account,
        project=revision.project,
        purpose=revision.purpose,
        items=tuple(Item(asset=i.asset, version=i.version, columns=tuple(i.columns)) for i in items),
        actions=actions,
        starts_at=revision.starts_at,
        ends_at=revision.ends_at,
        place_of_processing=revision.place_of_processing,
        ticket=revision.ticket,
        labeling_part=part_of(revision, actions),
        justification=revision.justification,
        revision=revision,
    )


def part_of(revision: Revision, actions: frozenset[policy.Action]) -> LabelerPart | None:
    """For which of the `actions` that are left of it."""
    if policy.Action.LABEL not in actions:
        return None
    return LabelerPart(revision.labeling_part or LabelerPart.ANNOTATOR)

"""Labels that were brought for a version, under a policy of its own."""

from __future__ import annotations

import base64
import io
import itertools
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from apps.accounts.models import Domain
from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetVersion
from apps.classification.facts import column_standings
from apps.compliance.commands import Origin, state_origin
from apps.compliance.facts.releases import systems_with
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, LabelingPolicyContent
from apps.compliance.models import LegalRecord, LegalRecordVersion, Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.labeling.commands import (
    PilotFile,
    bring_labels,
    bring_labels_file,
    erase_items,
    keep_items,
    measure_pilot,
    note_redaction,
    release_model,
)
from apps.labeling.models import (
    ItemErasure,
    ItemManifest,
    LabelImport,
    LabelSet,
    ModelRelease,
    Pilot,
    RedactionCheck,
)
from apps.labeling.releases import learned_by
from apps.labeling.roster.standing import AnnotatorRole
from apps.labeling.uses import trained_on
from apps.labeling.work.job import worked
from tests.factories import accounts, catalog
from tests.factories.classification import classified
from tests.factories.compliance import approved_purpose
from tests.factories.records import kept, labeling_policy, restated, system
from tests.factories.roster import HIGHEST_RANK, entered, policy_about

_files = itertools.count()
KINDS = ("sandstone", "shale")
FAULTY = b"item,annotator,label\na,7,shale\na,8,granite\nb,7,\nb,8,shale\n"
ADDRESS = "ada@example.org"
EXPERT = "expert"
ASKS_MORE = {"workforce", "has_hard_content", "test_score", "countries", "conflicts"}
"""What a policy may ask of those who label beside what everybody has."""


def labeled_version(
    domain: Domain, *, stage: str = "active", is_classified: bool = True, **given: Any
) -> AssetVersion:
    """Of a published dataset about nobody, with a labeling policy about it, two who label under it, and one
    who knows what is true."""
    version: AssetVersion = catalog.published_asset(domain).versions.get()
    steward = accounts.player(domain.organization, Role.STEWARD).actor
    if is_classified:
        classified(version, steward)
    policy = with_policy(version, stage=stage, **given)
    if is_classified and not given.keys() & ASKS_MORE:
        of_the_house = accounts.person(domain.organization, email=ADDRESS, cleared_rank=HIGHEST_RANK)
        entered(policy, "7")
        entered(policy, "8", person_id=of_the_house.uid)
        entered(policy, EXPERT, role=AnnotatorRole.REVIEWER)
    return version


def with_policy(version: AssetVersion, *, stage: str = "active", **given: Any) -> LegalRecord:
    """A labeling policy about the dataset of the version."""
    content = labeling_policy(
        uuid4(), **{"datasets": (version.asset.uid,), "annotations_per_item": 2, **given}
    )
    return kept(version.asset.organization, LABELING_POLICIES, content, stage=stage)


def policy_of(version: AssetVersion) -> str:
    about = {"content__datasets__contains": [str(version.asset.uid)]}
    records = LegalRecord.objects.filter(organization=version.asset.organization)
    ref: str = (
        records.distinct()
        .get(kind=LABELING_POLICIES.slug, **{f"versions__{key}": at for key, at in about.items()})
        .ref
    )
    return ref


def policy_restated(version: AssetVersion, **changes: Any) -> LegalRecordVersion:
    """Another version of the policy about these data, in force in place of the one before."""
    record = policy_about(version)
    content: LabelingPolicyContent = record.versions.get(record_status="approved").said
    return restated(record, replace(content, **changes))


def sound(items: int = 120, *, wrong: int = 0) -> bytes:
    """Two annotators and gold; the second is wrong in the first items. No two files are the same."""
    lines, file = ["item,annotator,label,ground_truth"], next(_files)
    for item in range(items):
        true, other = KINDS[item % 2], KINDS[(item + 1) % 2]
        lines.append(f"core-{file}-{item},7,{true},0")
        lines.append(f"core-{file}-{item},{ADDRESS},{other if item < wrong else true},0")
        lines.append(f"core-{file}-{item},{EXPERT},{true},1")
    return "\n".join(lines).encode()


def with_every_figure(version: AssetVersion) -> LabelSet:
    """120 listed items at two sites: 9 of them confused, all of gold, and one answer given up."""
    head, *lines = sound(wrong=9).decode().splitlines()
    names = list(dict.fromkeys(line.partition(",")[0] for line in lines))
    sites = (f"{name},{'north' if place // 2 % 2 else 'south'}" for place, name in enumerate(names))
    with_items(version, "\n".join(("item,group:site", *sites)).encode())
    lines = [f"{head},cancelled", *(f"{line},0" for line in lines), f"{names[0]},7,,0,1"]
    return brought(version, "\n".join(lines).encode())


def repeated(made: LabelSet, *, wrong: int) -> bytes:
    """The same items, answered by the same people, of whom the second is wrong in the first of them."""
    names = made.labels.filter(is_gold=True).order_by("pk").values_list("item", flat=True)
    lines = sound(len(names), wrong=wrong).decode().splitlines()
    return "\n".join(
        (lines[0], *(f"{names[place // 3]},{line.partition(',')[2]}" for place, line in enumerate(lines[1:])))
    ).encode()


def dated(table: bytes, day: date) -> bytes:
    """The same labels, all given on that day."""
    head, *lines = table.decode().splitlines()
    return "\n".join((f"{head},at", *(f"{line},{day}" for line in lines))).encode()


def listed(items: int = 4, *, name: str = "core", head: str = "item", more: str = "") -> bytes:
    """A list of items; `more` stands behind every name."""
    return "\n".join((head, *(f"{name}-{item}{more}" for item in range(items)))).encode()


def with_items(version: AssetVersion, content: bytes = b"", by: Actor = SYSTEM) -> ItemManifest:
    made: ItemManifest = keep_items(actor=by, asset_version_id=version.uid, content=content or listed())
    return made


def erased(version: AssetVersion, *items: str, by: Actor = SYSTEM, **given: Any) -> ItemErasure:
    words = {"why": "A person withdrew consent.", **given}
    made: ItemErasure = erase_items(actor=by, asset_version_id=version.uid, items=items, **words)
    return made


def redaction_noted(version: AssetVersion, by: Actor = SYSTEM, **given: Any) -> RedactionCheck:
    counts = {"seeds": 381, "seeds_found": 381, "audited": 300, "direct_identifiers": 0, **given}
    made: RedactionCheck = note_redaction(actor=by, asset_version_id=version.uid, **counts)
    return made


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def faulty_file(version: AssetVersion, by: Actor = SYSTEM) -> LabelImport:
    """On its way in, and nobody has read it yet."""
    made: LabelImport = bring_labels_file(
        actor=by,
        asset_version_id=version.uid,
        policy=policy_of(version),
        content=io.BytesIO(FAULTY),
    )
    return made


def refused_file(version: AssetVersion, by: Actor = SYSTEM) -> LabelImport:
    """Read, and refused for two faults."""
    made = faulty_file(version, by)
    worked(made.uid)
    made.refresh_from_db()
    return made


def brought(version: AssetVersion, content: bytes = b"", by: Actor = SYSTEM, **given: Any) -> LabelSet:
    made: LabelSet = bring_labels(
        actor=by,
        asset_version_id=version.uid,
        policy=policy_of(version),
        content=content or sound(),
        **given,
    )
    return made


def model_of_labels(domain: Domain, *, wrong: int = 0) -> Asset:
    """Published; its one version was trained on a label set."""
    made = brought(labeled_version(domain), sound(wrong=wrong))
    assert made.asset_version is not None
    return catalog.made_from(domain, made.asset_version)


def with_origin(version: AssetVersion, **given: Any) -> None:
    """Our own data, about nobody."""
    if not column_standings([version.pk]):
        classified(version, accounts.player(version.asset.organization, Role.STEWARD).actor)
    origin = Origin(**{"source": "Our own wells.", **given})
    state_origin(actor=SYSTEM, asset_version_id=version.uid, origin=origin)


def with_purpose(model: AssetVersion, **given: Any) -> Purpose:
    """An AI system names the version, and what it is for."""
    organization = model.asset.organization
    approver = accounts.player(organization, Role.COMPLIANCE_OFFICER).actor
    purpose = approved_purpose(organization, approver, **given)
    kept(organization, AI_SYSTEMS, system(purpose.uid, model_versions=(model.uid,)))
    return purpose


def releasable(model: AssetVersion) -> AssetVersion:
    """With all that is asked of it beside what it learned and how that was labeled."""
    learned = learned_by(SYSTEM, model).versions
    data = trained_on(model, learned)
    for each in learned:
        if each.pk in data:
            with_origin(each)
    with_purpose(model)
    return model


def released(version: AssetVersion) -> ModelRelease:
    """Once it is for something."""
    if not systems_with(version, database_now().date()):
        releasable(version)
    made: ModelRelease = release_model(actor=SYSTEM, asset_version_id=version.uid)
    return made


def unsteady(items: int = 120, *, by: str = "7") -> bytes:
    """Two annotators and gold, of whom one gives the same label throughout. No two files are the same."""
    lines, file = ["item,annotator,label,ground_truth"], next(_files)
    for item in range(items):
        true = KINDS[item % 2]
        lines.append(f"core-{file}-{item},{by},{KINDS[0]},0")
        lines.append(f"core-{file}-{item},second,{true},0")
        lines.append(f"core-{file}-{item},expert,{true},1")
    return "\n".join(lines).encode()


def of_pilot(items: int = 30, *, wrong: int = 0) -> bytes:
    """Answers of two people to a few items, of whom the second is wrong in the first of them."""
    lines = ["item,annotator,label"]
    for item in range(items):
        true, other = KINDS[item % 2], KINDS[(item + 1) % 2]
        lines += [f"pilot-{item},7,{true}", f"pilot-{item},8,{other if item < wrong else true}"]
    return "\n".join(lines).encode()


def pilot_measured(record: LegalRecord, *contents: bytes, by: Actor = SYSTEM, **given: Any) -> Pilot:
    files = tuple(PilotFile(content=content) for content in contents or (of_pilot(),))
    made: Pilot = measure_pilot(actor=by, legal_record_id=record.uid, files=files, **given)
    return made

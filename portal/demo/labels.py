"""How the rocks in core photographs are labeled: a policy that was tried out and approved, labels that were
not good enough and were given anew, and a model that learned from each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from apps.accounts.models import Person
from apps.catalog.commands import InputDraft, PlaceDraft, publish_asset, register_asset, register_version
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.classification.commands import classify_whole
from apps.compliance.lifecycle.labeling import (
    Adjudication,
    LabelingPolicyContent,
    LabelRow,
    LabelTask,
    Workforce,
)
from apps.compliance.models import LegalRecord
from apps.labeling.commands import (
    AnnotatorDraft,
    PilotFile,
    bring_labels,
    enter_annotator,
    keep_items,
    measure_pilot,
)
from apps.labeling.models import LabelSet
from apps.labeling.roster.standing import AnnotatorRole
from apps.lakes.models import Lake
from portal.demo.catalog import Registered
from portal.demo.objects import csv_of
from portal.demo.people import Company

ROCKS = {
    "sandstone": "Grains of sand, cemented; they can be seen or felt.",
    "shale": "Clay or silt in thin layers that split.",
    "limestone": "Carbonate: it fizzes under acid in the core report.",
    "unsure": "The photograph does not tell, or shows several.",
}
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "officer",
        "pilot",
        {"learned": "Silty sandstone was split: by grain size, as the guideline now says."},
    ),
    ("officer2", "approve-labeling", {}),
    ("officer", "begin-labeling", {}),
)


def rock_labels(purpose: UUID, photographs: UUID) -> LabelingPolicyContent:
    return LabelingPolicyContent(
        name="Rock types in core photographs",
        purposes=(purpose,),
        datasets=(photographs,),
        task=LabelTask.CLASSIFICATION,
        is_high_risk=False,
        is_subjective=True,
        labels=tuple(
            LabelRow(id=id_, definition=what, is_sensitive=False, leaves_it_open=id_ == "unsure")
            for id_, what in ROCKS.items()
        ),
        guideline="Core laboratory, guideline for rock types (demo)",
        guideline_version="3",
        guideline_sha256="5f2b1c7e9a8d4b36" * 4,
        workforce=Workforce.INTERNAL,
        qualification="Geologists with a year of core description.",
        is_cleared=True,
        is_confidential=True,
        countries="EEA",
        conflicts="Nobody labels cores of a well that they planned or drilled.",
        annotations_per_item=3,
        is_blind=True,
        adjudication=Adjudication.EXPERT,
        adjudicators="The head of the core laboratory",
        gold_items=60,
        is_gold_hidden=True,
        subgroups="Wells, and wet against dry cores.",
        has_hard_content=False,
        is_redacted=False,
        are_raw_kept=False,
    )


PHOTOGRAPHS = 150
PILOT = 60
"""Of them were labeled when the guideline was tried out."""
KINDS = tuple(id_ for id_ in ROCKS if id_ != "unsure")
ANNOTATORS = {"11": "scientist", "12": "scientist2", "13": "steward"}
"""By the number that the labeling tool gave them."""
ADJUDICATOR = ("20", "owner")
"""Who settles what differs, and says what is true on gold items."""
MODEL = "Rock types from core photographs"


def try_out(company: Company, policy: UUID) -> None:
    """By those who label later. Two of sixty items are doubted: what is left of the silty sandstone."""
    for code, who in (*ANNOTATORS.items(), ADJUDICATOR):
        person = Person.objects.get(pk=company[who].person_key)
        draft = AnnotatorDraft(
            code=code,
            role=AnnotatorRole.ADJUDICATOR if code == ADJUDICATOR[0] else AnnotatorRole.ANNOTATOR,
            person_id=person.uid,
            trained_on=person.trained_on,
            test_score=0.93,
            country="DE",
            no_conflict_on=person.trained_on,
            group="geologists",
        )
        enter_annotator(actor=company["officer"], legal_record_id=policy, draft=draft)
    rows: list[dict[str, object]] = [
        {
            "item": _name(number),
            "annotator": who,
            "label": "unsure" if number % 30 == 4 and who == "12" else KINDS[number % len(KINDS)],
        }
        for number in range(PILOT)
        for who in ANNOTATORS
    ]
    files = (PilotFile(content=csv_of(rows)),)
    measure_pilot(actor=company["steward"], legal_record_id=policy, files=files)


def label_photographs(company: Company, lake: Lake, photographs: Registered, policy: UUID) -> Asset:
    """The third annotator took shale for sandstone first; after the guideline was gone through
    again, hardly any."""
    steward, version = company["steward"], photographs.version
    keep_items(actor=steward, asset_version_id=version.uid, content=csv_of(_items()))
    sets = [
        _brought(company, version, policy, lambda _number: True),
        _brought(company, version, policy, lambda number: number % 50 == 1),
    ]
    model: Asset = register_asset(
        actor=steward,
        domain_id=company.domains["Subsurface"].uid,
        kind=AssetKind.MODEL,
        name=MODEL,
        description="Names the rock in a photograph of a core.",
    )
    for number, labels in enumerate(sets, start=1):
        _trained(company, lake, model, version, labels, number)
    publish_asset(actor=steward, asset_id=model.uid)
    return model


def _items() -> list[dict[str, object]]:
    return [
        {
            "item": _name(number),
            "sha256": hashlib.sha256(_name(number).encode()).hexdigest(),
            "split": "test" if number % 5 == 0 else "train",
            "group:well": f"W-{number // 3 % 3 + 1:02d}",
            "group:core": "wet" if number // 9 % 2 else "dry",
        }
        for number in range(PHOTOGRAPHS)
    ]


def _name(number: int) -> str:
    return f"core-{number:03d}.png"


def _brought(
    company: Company, version: AssetVersion, policy: UUID, is_mistaken: Callable[[int], bool]
) -> LabelSet:
    rows: list[dict[str, object]] = []
    for number in range(PHOTOGRAPHS):
        true = KINDS[number % len(KINDS)]
        said = dict.fromkeys(ANNOTATORS, true)
        if true == "shale" and is_mistaken(number):
            said["13"] = "sandstone"
        answers = [(who, label, 0) for who, label in said.items()]
        if number % 2 == 0:
            answers.append((ADJUDICATOR[0], true, 1))
        rows += [
            {"item": _name(number), "annotator": who, "label": label, "ground_truth": is_gold}
            for who, label, is_gold in answers
        ]
    made: LabelSet = bring_labels(
        actor=company["steward"],
        asset_version_id=version.uid,
        policy=LegalRecord.objects.get(uid=policy).ref,
        content=csv_of(rows),
    )
    return made


def _trained(
    company: Company, lake: Lake, model: Asset, data: AssetVersion, labels: LabelSet, number: int
) -> None:
    steward, learned = company["steward"], (data, labels.asset_version)
    place = PlaceDraft(lake_id=lake.uid, bucket="models", prefix=f"rocks/photographs/v{number}/")
    version: AssetVersion = register_version(
        actor=steward,
        asset_id=model.uid,
        place=place,
        label=f"trained on label set {labels.number}",
        inputs=[InputDraft(version_id=each.uid, role=InputRole.TRAINING) for each in learned if each],
    )
    classify_whole(actor=steward, asset_version_id=version.uid, source_id=data.uid)

"""What leaves the house about labels: the report as PDF, and a dataset as Croissant."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetKind, StorageLocation
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import NotFound, NotPermitted
from apps.labeling.commands import export_label_report
from apps.labeling.models import LabelSet
from apps.labeling.rendering.croissant import CONFORMS_TO, CONTEXT, Sheet, croissant, data_type
from apps.labeling.rendering.report import report_on
from apps.labeling.rendering.sheets import sheet_of
from tests.factories import accounts, catalog, labels
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def test_a_report_leaves_with_its_hash_in_the_trail(world: World) -> None:
    made = labels.brought(labels.labeled_version(world.domain), labels.sound(wrong=60))
    report = export_label_report(actor=world[Role.STEWARD].actor, label_set_id=made.uid)
    assert report.content.startswith(b"%PDF")
    entry = AuditEvent.objects.get(name="labeling.report.exported")
    assert entry.data["content_sha256"] == hashlib.sha256(report.content).hexdigest()
    assert (entry.subject_uid, entry.data["verdict"]) == (made.uid, "blocked")


def test_who_looks_after_nothing_takes_no_report_out(world: World) -> None:
    made = labels.brought(labels.labeled_version(world.domain))
    with pytest.raises(NotPermitted):
        export_label_report(actor=world[Role.SCIENTIST].actor, label_set_id=made.uid)
    assert not AuditEvent.objects.filter(name="labeling.report.exported").exists()


def test_sets_from_before_figures_were_kept_are_told_nevertheless(world: World) -> None:
    made = labels.brought(labels.labeled_version(world.domain))
    known = ("items", "labeled", "overlapping", "coefficient", "agreement", "lower", "upper", "ac1")
    old = LabelSet.objects.create(
        version=made.version,
        number=2,
        policy=made.policy,
        format=made.format,
        file_sha256="0" * 64,
        annotations=0,
        left_out=0,
        addresses_removed=0,
        created_at=made.created_at,
        verdict="blocked",
        findings=[{**made.findings[0], "reason": {**made.findings[0]["reason"], "code": "FORGOTTEN"}}],
        figures={name: made.figures[name] for name in known},
    )
    report = report_on(old)
    assert report.checks == ()
    assert [part["agreement"] for part in report.parts] == [1]


def told(world: World, **given: Any) -> tuple[LabelSet, dict[str, Any]]:
    made = labels.brought(labels.labeled_version(world.domain, **given))
    return made, croissant(sheet_of(SYSTEM, made.version.uid))


def test_a_dataset_has_what_croissant_needs(world: World) -> None:
    made, found = told(world)
    asset = made.version.asset
    assert found["@type"] == "sc:Dataset"
    assert found["conformsTo"] == list(CONFORMS_TO)
    assert (found["name"], found["creator"]["name"]) == (asset.name, asset.organization.name)
    assert found["url"].endswith(f"/catalog/{asset.uid}/") and found["description"]
    assert json.loads(json.dumps(found)) == found
    known = {"name", "description", "url", "version", "creator", "keywords", "datePublished"}
    prefixes = {"@context", "@type", "@id"}
    for key in set(found) - known - prefixes:
        assert key in CONTEXT or key.startswith("rai:") or key in ("distribution", "usageInfo"), key


def test_the_labeling_policy_and_the_newest_labels_are_told(world: World) -> None:
    made, found = told(world)
    said = made.policy.said
    assert said.guideline in found["rai:dataAnnotationProtocol"]
    assert any("alpha: 1.000" in line for line in found["rai:dataAnnotationAnalysis"])
    assert "rai:dataAnnotationPlatform" not in found  # a CSV names no tool
    assert "rai:dataLimitations" not in found
    worse = labels.brought(made.version, labels.sound(wrong=60))
    found = croissant(sheet_of(SYSTEM, worse.version.uid))
    assert len(found["rai:dataLimitations"]) == len(report_on(worse).hindering)
    assert "(Krippendorff's alpha)" in found["rai:dataLimitations"][0]


def test_without_labels_nothing_is_said_of_them(world: World) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    assert not {key for key in croissant(sheet_of(SYSTEM, version.uid)) if "nnotation" in key}


def test_before_there_are_labels_the_policy_about_the_data_is_told(world: World) -> None:
    version = labels.labeled_version(world.domain)
    found = croissant(sheet_of(SYSTEM, version.uid))
    assert found["rai:annotationsPerItem"] == "2 asked for by the labeling policy, not measured"
    assert labels.policy_of(version) in found["rai:dataAnnotationProtocol"]
    assert found["rai:dataLimitations"] == [
        f"No labels were measured yet under the labeling policy {labels.policy_of(version)}."
    ]
    assert "rai:dataAnnotationAnalysis" not in found
    paused = labels.labeled_version(world.domain, stage="paused")
    assert not {key for key in croissant(sheet_of(SYSTEM, paused.uid)) if "nnotation" in key}


def test_a_model_is_no_dataset(world: World) -> None:
    version = catalog.published_asset(world.domain, AssetKind.MODEL).versions.get()
    with pytest.raises(NotFound):
        sheet_of(SYSTEM, version.uid)


def test_where_the_hash_is_known_files_and_columns_are_described(world: World) -> None:
    version = labels.brought(labels.labeled_version(world.domain)).version
    sheet = Sheet(version=version, url="https://example.org", columns=tuple(version.columns.all()))
    assert not {"distribution", "recordSet"} & set(croissant(sheet))
    version.location = StorageLocation(bucket="wells", prefix="logs/2026.csv")
    assert "distribution" not in croissant(sheet)
    version.content_sha256 = "0" * 64
    found = croissant(sheet)
    (file,) = found["distribution"]
    needed = {"@id", "@type", "contentUrl", "encodingFormat", "sha256"}
    assert needed <= set(file)
    assert (file["contentUrl"], file["encodingFormat"]) == ("s3://wells/logs/2026.csv", "text/csv")
    fields = found["recordSet"][0]["field"]
    assert [each["name"] for each in fields] == [each.name for each in sheet.columns] != []
    assert all(each["dataType"].startswith("sc:") and each["source"] for each in fields)


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("bigint", "sc:Integer"),
        ("DOUBLE PRECISION", "sc:Float"),
        ("timestamp", "sc:Date"),
        ("boolean", "sc:Boolean"),
        ("varchar(20)", "sc:Text"),
        ("", "sc:Text"),
    ],
)
def test_types_of_columns_become_types_of_croissant(named: str, code: str) -> None:
    assert data_type(named) == code

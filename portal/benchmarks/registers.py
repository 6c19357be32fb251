"""A register such as a large house keeps, straight into the tables: for a transaction that is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import Audience, Domain, Organization, Person, Relation
from apps.catalog.models import Asset, AssetKind, AssetVersion, Column
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import Classification, SensitivityClass
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.interests import INTERESTS, InterestsContent
from apps.compliance.lifecycle.parties import PARTIES, PartyContent, PartyRole
from apps.compliance.lifecycle.reading import content_sha256, written
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.lifecycle.transfers import TRANSFERS, TransferContent
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    PurposeConcept,
    PurposeVersion,
)
from apps.kernel.clock import database_now
from apps.policy.law_words import TransferMechanism
from apps.policy.vocabulary import Clearance, Identifiability, LawfulBasis, Presumption

PURPOSES, ASSETS, COLUMNS, PARTNERS = 40, 120, 6, 30


class House:
    """An organization whose records were approved a year ago by somebody."""

    def __init__(self, code: str) -> None:
        self.now = database_now()
        self.at = self.now - timedelta(days=365)
        self.organization = Organization.objects.create(
            name=f"House {code}",
            code=code,
            country="DE",
            address="Hafenstraße 1\n20457 Hamburg",
            contact="privacy@example.org",
            created_at=self.at,
        )
        self.signer = Person.objects.create(
            organization=self.organization, name="Kim Berg", relation=Relation.EMPLOYEE, created_at=self.at
        )
        self.assets = self._assets()
        self.parties = [self.record(PARTIES, "PY", number, _party(number)) for number in range(PARTNERS)]
        self.record(INTERESTS, "LIA", 0, InterestsContent(name="Upkeep"))
        for number, asset in enumerate(self.assets):
            self.record(RETENTIONS, "RS", number, _retention(number, asset))
        self.purposes = self._purposes()

    def activities(self, count: int) -> list[ProcessingActivity]:
        """In force, of three assets and two purposes each, with recipients and a transfer."""
        rows = ProcessingActivity.objects.bulk_create(
            ProcessingActivity(organization=self.organization, ref=f"PA-{number:05}", created_at=self.at)
            for number in range(1, count + 1)
        )
        versions = ActivityVersion.objects.bulk_create(
            _activity(self, row, number) for number, row in enumerate(rows)
        )
        through, covers = ActivityVersion.purposes.through, ActivityVersion.assets.through
        through.objects.bulk_create(
            through(activityversion=version, purpose=self.purposes[(number + each) % PURPOSES])
            for number, version in enumerate(versions)
            for each in range(2)
        )
        covers.objects.bulk_create(
            covers(activityversion=version, asset=self.assets[(number * 3 + each) % ASSETS])
            for number, version in enumerate(versions)
            for each in range(3)
        )
        self._sign(ActivityVersion, versions, clearance=Clearance.BLOCKED.value)
        for number, row in enumerate(rows[: count // 10]):
            content = TransferContent(
                name=f"Hosting {number}",
                importer=self.parties[number % PARTNERS].uid,
                activities=(row.uid,),
                data="Names",
                mechanism=TransferMechanism.STANDARD_CLAUSES,
                instrument_ref=f"SCC-{number}",
            )
            self.record(TRANSFERS, "TR", number, content)
        return rows

    def _assets(self) -> list[Asset]:
        area = Domain.objects.create(
            organization=self.organization,
            name="Works",
            audience=Audience.ORGANIZATION,
            created_at=self.at,
        )
        assets = Asset.objects.bulk_create(
            Asset(
                kind=AssetKind.DATASET,
                organization=self.organization,
                domain=area,
                name=f"Readings {number}",
                created_at=self.at,
            )
            for number in range(ASSETS)
        )
        versions = AssetVersion.objects.bulk_create(
            AssetVersion(asset=asset, number=1, created_at=self.at) for asset in assets
        )
        columns = [(version, f"column {number}") for version in versions for number in range(COLUMNS)]
        Column.objects.bulk_create(
            Column(version=version, position=number, name=name)
            for number, (version, name) in enumerate(columns)
        )
        lowest = SensitivityClass.objects.earliest("rank")
        Classification.objects.bulk_create(
            Classification(
                version=version,
                column_name=name,
                sensitivity_class=lowest,
                category_codes=["EmailAddress"],
                identifiability=Identifiability.IDENTIFIED,
                source="human",
                classified_by=self.signer,
                is_confirmed=True,
                status=ClassificationStatus.CURRENT,
                created_at=self.at,
            )
            for version, name in columns
        )
        return assets

    def _purposes(self) -> list[Purpose]:
        purposes = Purpose.objects.bulk_create(
            Purpose(organization=self.organization, ref=f"PU-{number:04}", created_at=self.at)
            for number in range(1, PURPOSES + 1)
        )
        concept = PurposeConcept.objects.get(code="ScientificResearch")
        versions = PurposeVersion.objects.bulk_create(
            PurposeVersion(
                purpose=purpose,
                number=1,
                name=f"Predict failures of pump {purpose.ref}",
                concept=concept,
                description="Learn from readings when a pump is about to fail.",
                lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
                lia_ref="LIA-0000",
                presumption=Presumption.NONE,
                valid_from=self.at.date(),
                created_at=self.at,
            )
            for purpose in purposes
        )
        self._sign(PurposeVersion, versions)
        return purposes

    def record(self, kind: Any, prefix: str, number: int, content: Any, stage: str = "") -> LegalRecord:
        row = LegalRecord.objects.create(
            kind=kind.slug,
            organization=self.organization,
            ref=f"{prefix}-{number:04}",
            stage=stage,
            created_at=self.at,
        )
        version = LegalRecordVersion.objects.create(
            legal_record=row,
            number=1,
            name=content.name,
            content=written(content),
            content_sha256=content_sha256(kind, content),
            effective_from=self.at.date(),
            created_at=self.at,
        )
        self._sign(LegalRecordVersion, [version])
        return row

    def _sign(self, table: Any, versions: list[Any], **also: Any) -> None:
        rows = table.objects.filter(pk__in=[version.pk for version in versions])
        rows.update(record_status=RecordStatus.IN_REVIEW)
        rows.update(record_status=RecordStatus.APPROVED, approved_by=self.signer, approved_at=self.at, **also)


def _activity(house: House, row: ProcessingActivity, number: int) -> ActivityVersion:
    partner = f"Partner {number % PARTNERS}"
    transfer = {"country": "US", "importer": partner, "mechanism": None, "instrument_ref": ""}
    return ActivityVersion(
        activity=row,
        number=1,
        name=f"Upkeep of works {number}",
        description="Readings are kept, and looked at when something fails. " * 4,
        role="controller",
        controller=house.organization,
        data_subject_categories=["Employee", "Visitor"],
        recipients=[{"kind": "processor", "party": partner}, {"kind": "internal_team", "party": "Upkeep"}],
        transfers=[transfer],
        security_measures=["encryption", "restore"],
        is_running=True,
        effective_from=house.at.date(),
        created_at=house.at,
    )


def _party(number: int) -> PartyContent:
    return PartyContent(
        name=f"Partner {number}",
        address="1 Main Street, Springfield",
        contact="x@example.org",
        country="US",
        role=PartyRole.PROCESSOR,
    )


def _retention(number: int, asset: Asset) -> RetentionContent:
    return RetentionContent(
        name=f"Readings {number}",
        data=f"Readings {number}",
        assets=(asset.uid,),
        trigger=Trigger.COLLECTION,
        duration="P6Y",
        action=RetentionAction.ERASE,
    )

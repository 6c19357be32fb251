"""What the demo's steward registers: where it lies, its columns, and how sensitive they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.catalog import commands
from apps.catalog.commands import ColumnDraft, InputDraft
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.classification.commands import ColumnClassification, classify
from apps.lakes.models import Lake
from apps.policy.facts import Identifiability
from portal.demo.people import Company

IDENTIFIED = Identifiability.IDENTIFIED
PSEUDONYMISED = Identifiability.PSEUDONYMISED
NOT_PERSONAL = Identifiability.NOT_PERSONAL


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column as the steward knows it. Without a name it stands for the whole version."""

    name: str | None
    data_type: str
    sensitivity: str
    categories: tuple[str, ...] = ()
    identifiability: Identifiability = IDENTIFIED
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Registered:
    asset: Asset
    version: AssetVersion


def _measured(name: str, data_type: str = "double") -> Field:
    return Field(
        name=name,
        data_type=data_type,
        sensitivity="open",
        identifiability=NOT_PERSONAL,
        reason="A measurement of rock; it says nothing about anybody.",
    )


def _whole(sensitivity: str, identifiability: Identifiability, reason: str, *categories: str) -> Field:
    return Field(
        name=None,
        data_type="",
        sensitivity=sensitivity,
        categories=categories,
        identifiability=identifiability,
        reason=reason,
    )


WELL_LOGS = (
    _measured("well", "string"),
    _measured("depth_m"),
    _measured("gamma_ray_api"),
    _measured("resistivity_ohmm"),
    _measured("porosity"),
)
CORE_PHOTOS = (_whole("open", NOT_PERSONAL, "Photographs of drill cores; nobody is in them."),)
EMPLOYEES = (
    Field(name="employee_number", data_type="int64", sensitivity="internal", categories=("UID",)),
    Field(name="full_name", data_type="string", sensitivity="confidential", categories=("Name",)),
    Field(name="email", data_type="string", sensitivity="confidential", categories=("Contact",)),
    Field(name="hired_on", data_type="string", sensitivity="internal", categories=("Professional",)),
    Field(name="department", data_type="string", sensitivity="internal", categories=("Professional",)),
    Field(name="salary_eur", data_type="int64", sensitivity="confidential", categories=("Income",)),
)
PATIENTS = (
    Field(
        name="patient_pseudonym",
        data_type="string",
        sensitivity="restricted",
        categories=("UID",),
        identifiability=PSEUDONYMISED,
    ),
    Field(
        name="birth_year",
        data_type="int64",
        sensitivity="restricted",
        categories=("BirthDate",),
        identifiability=PSEUDONYMISED,
    ),
    *(
        Field(
            name=name,
            data_type=data_type,
            sensitivity="restricted",
            categories=("Health",),
            identifiability=PSEUDONYMISED,
        )
        for name, data_type in (
            ("diagnosis_icd10", "string"),
            ("hba1c_percent", "double"),
            ("smoker", "bool"),
        )
    ),
)
CUSTOMERS = (
    Field(name="customer_id", data_type="int64", sensitivity="internal", categories=("UID",)),
    Field(name="full_name", data_type="string", sensitivity="confidential", categories=("Name",)),
    Field(name="email", data_type="string", sensitivity="confidential", categories=("Contact",)),
    Field(name="country", data_type="string", sensitivity="internal", categories=("Location",)),
    Field(name="orders_last_year", data_type="int64", sensitivity="internal", categories=("Purchase",)),
    Field(name="churned", data_type="bool", sensitivity="internal", categories=("Behavioural",)),
)
LITHOLOGY = (_whole("open", NOT_PERSONAL, "Weights learned from measurements of rock alone."),)
CHURN = (
    _whole("confidential", PSEUDONYMISED, "Learned from customers; rows may be inferred.", "Behavioural"),
)


DESCRIPTIONS = {
    "Well logs": "Gamma ray, resistivity and porosity by depth.",
    "Core photographs": "Photographs of drill cores.",
    "Employees and salaries": "Who works here, since when, where, and for how much.",
    "Patients with diabetes": "Pseudonymized cohort of the diabetes study.",
    "Customers": "Customers with their orders of last year, and who left.",
    "Lithology classifier": "Names the rock from well logs.",
    "Churn predictor": "Predicts which customers will leave.",
}


def register_assets(company: Company, lake: Lake) -> dict[str, Registered]:
    """Datasets first; the models name them as what they were trained on."""
    made = _Registrar(company=company, lake=lake)
    wells = made.dataset("Subsurface", "Well logs", "subsurface", "wells/logs/v1/", WELL_LOGS)
    made.dataset("Subsurface", "Core photographs", "subsurface", "wells/core-photos/v1/", CORE_PHOTOS)
    made.dataset("People", "Employees and salaries", "people", "hr/employees/v1/", EMPLOYEES)
    made.dataset("Clinic", "Patients with diabetes", "clinic", "research/patients/v1/", PATIENTS)
    customers = made.dataset("Commerce", "Customers", "commerce", "sales/customers/v1/", CUSTOMERS)
    made.model("Subsurface", "Lithology classifier", "lithology/classifier/v1/", LITHOLOGY, wells.version)
    made.model("Commerce", "Churn predictor", "churn/predictor/v1/", CHURN, customers.version)
    return made.registered


class _Registrar:
    def __init__(self, *, company: Company, lake: Lake) -> None:
        self._company, self._lake = company, lake
        self.registered: dict[str, Registered] = {}

    def dataset(
        self, domain: str, name: str, bucket: str, prefix: str, fields: tuple[Field, ...]
    ) -> Registered:
        return self._register(domain, AssetKind.DATASET, name, bucket, prefix, fields, ())

    def model(
        self, domain: str, name: str, prefix: str, fields: tuple[Field, ...], trained_on: AssetVersion
    ) -> Registered:
        inputs = (InputDraft(version_id=trained_on.uid, role=InputRole.TRAINING),)
        return self._register(domain, AssetKind.MODEL, name, "models", prefix, fields, inputs)

    def _register(
        self,
        domain: str,
        kind: AssetKind,
        name: str,
        bucket: str,
        prefix: str,
        fields: tuple[Field, ...],
        inputs: tuple[InputDraft, ...],
    ) -> Registered:
        steward = self._company["steward"]
        asset: Asset = commands.register_asset(
            actor=steward,
            domain_id=self._company.domains[domain].uid,
            kind=kind,
            name=name,
            description=DESCRIPTIONS[name],
        )
        location = commands.register_location(
            actor=steward, asset_id=asset.uid, lake_id=self._lake.uid, bucket=bucket, prefix=prefix
        )
        version: AssetVersion = commands.register_version(
            actor=steward,
            asset_id=asset.uid,
            location_id=location.uid,
            columns=[ColumnDraft(name=f.name, data_type=f.data_type) for f in fields if f.name],
            inputs=inputs,
        )
        self._classify(version.uid, fields)
        commands.publish_asset(actor=steward, asset_id=asset.uid)
        registered = Registered(asset=asset, version=version)
        self.registered[name] = registered
        return registered

    def _classify(self, version_id: UUID, fields: tuple[Field, ...]) -> None:
        items = [
            ColumnClassification(
                column=field.name,
                sensitivity_class_code=field.sensitivity,
                category_codes=field.categories,
                identifiability=field.identifiability,
                reason=field.reason,
            )
            for field in fields
        ]
        classify(actor=self._company["steward"], asset_version_id=version_id, items=items)

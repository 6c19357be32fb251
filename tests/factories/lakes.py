"""A furnished lake, and worlds whose grants open places in it. Plain calls of commands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from apps.access import commands as access
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import Grant, GrantMode, Request
from apps.access.queries import current_decision
from apps.accounts.models import Account, Domain, Organization
from apps.accounts.roles import Role
from apps.catalog import commands as catalog
from apps.catalog.commands import ColumnDraft
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.classification.commands import ColumnClassification
from apps.compliance import commands as compliance
from apps.compliance.lifecycle import ActivityContent, DataSubjectCategory, PurposeContent, SecurityMeasure
from apps.compliance.models import Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.lakes.commands import connect_lake
from apps.lakes.models import Lake
from apps.policy.facts import Identifiability
from apps.policy.vocabulary import LawfulBasis
from tests.factories import classification
from tests.factories.accounts import Player, domain, organization, player
from tests.factories.compliance import particulars, with_interests_weighed
from tests.factories.records import screened, sheeted, tried
from tests.lab.demo_lake import ROLE_ARN, DemoLake, running_demo_lake

BUCKET = "vault-one"
OTHER_BUCKET = "vault-two"
OBJECTS = ("ds/a/part.csv", "ds/a/deep/part.csv", "ds/ab/part.csv", "ds/b/part.csv", "ds/top.csv")
NOT_PERSONAL_REASON = "Measurements of rock; they say nothing about anybody."
_numbers = itertools.count(1)


@contextmanager
def furnished_lake(state: Path) -> Iterator[DemoLake]:
    """A running demo lake with two buckets and a role. The portal finds its keys in `lake.environment`."""
    with running_demo_lake(state) as lake:
        for bucket in (BUCKET, OTHER_BUCKET):
            lake.make_bucket(bucket)
            for key in OBJECTS:
                lake.put(bucket, key, f"content of {bucket}/{key}".encode())
        lake.prepare_role(lake.connection())
        yield lake


@dataclass(frozen=True, kw_only=True)
class Place:
    """An organization with one lake, one purpose that needs no record, and the people who work there."""

    organization: Organization
    domain: Domain
    lake: Lake
    purpose: Purpose
    scientist: Player
    steward: Player
    owner: Player
    officer: Player
    officer2: Player


def place(lake: DemoLake | None = None, **given: object) -> Place:
    """Without a running lake its connection leads nowhere; `given` goes to the connection."""
    where = organization()
    staff = {
        name: player(where, role, cleared_rank=3, relation="employee")
        for name, role in (
            ("scientist", Role.SCIENTIST),
            ("steward", Role.STEWARD),
            ("owner", Role.OWNER),
            ("officer", Role.COMPLIANCE_OFFICER),
            ("officer2", Role.COMPLIANCE_OFFICER),
        )
    }
    return Place(
        organization=where,
        domain=domain(where),
        lake=connection(where, lake, **given),
        purpose=rock_purpose(where, staff["officer"].actor, staff["officer2"].actor),
        **staff,
    )


def connection(where: Organization, lake: DemoLake | None = None, **given: object) -> Lake:
    made: dict[str, Any] = {
        "name": f"Demo lake {next(_numbers)}",
        "flavor": "demo",
        "endpoint": lake.endpoint if lake else "http://127.0.0.1:9",
        "region": "us-east-1",
        "country": "DE",
        "role_arn": ROLE_ARN,
        "external_id": lake.external_id if lake else "none",
        "secret_ref": "DEMO",
        "roots": [BUCKET, OTHER_BUCKET],
        **given,
    }
    return connect_lake(actor=SYSTEM, organization_id=where.uid, **made)


def rock_purpose(where: Organization, writer: Actor, reader: Actor) -> Purpose:
    content = PurposeContent(
        name=f"Tell rock types apart {next(_numbers)}",
        concept_code="ResearchAndDevelopment",
        description="Train and test models that name the type of rock at a depth. No data about people.",
    )
    purpose = approved_purpose(where, content, writer, reader)
    tried(purpose)
    return purpose


def approved_purpose(where: Organization, content: PurposeContent, writer: Actor, reader: Actor) -> Purpose:
    draft = compliance.draft_purpose(actor=writer, organization_id=where.uid, content=content)
    purpose: Purpose = draft.purpose
    compliance.submit_purpose(actor=writer, purpose_id=purpose.uid)
    compliance.approve_purpose(actor=reader, purpose_id=purpose.uid)
    return purpose


def dataset(
    at: Place,
    prefix: str | None = "ds/a/",
    *,
    sensitivity: str = "open",
    columns: Sequence[str] = ("depth", "porosity"),
    bucket: str = BUCKET,
    lake: Lake | None = None,
    is_about_nobody: bool = True,
) -> Asset:
    """Published, with one version at the prefix; unless told otherwise a steward says it is about nobody."""
    asset: Asset = catalog.register_asset(
        actor=at.steward.actor,
        domain_id=at.domain.uid,
        kind=AssetKind.DATASET,
        name=f"Dataset {next(_numbers)}",
    )
    version = version_at(at, asset, prefix, columns=columns, bucket=bucket, lake=lake)
    if is_about_nobody:
        classified(at, version, sensitivity, columns=columns)
    published: Asset = catalog.publish_asset(actor=at.steward.actor, asset_id=asset.uid)
    return published


def version_at(
    at: Place,
    asset: Asset,
    prefix: str | None,
    *,
    columns: Sequence[str] = ("depth", "porosity"),
    bucket: str = BUCKET,
    lake: Lake | None = None,
) -> AssetVersion:
    """A further version, not classified; without a prefix it lies nowhere."""
    place_id = None
    if prefix is not None:
        place_id = catalog.register_location(
            actor=at.steward.actor,
            asset_id=asset.uid,
            lake_id=(lake or at.lake).uid,
            bucket=bucket,
            prefix=prefix,
        ).uid
    version: AssetVersion = catalog.register_version(
        actor=at.steward.actor,
        asset_id=asset.uid,
        location_id=place_id,
        columns=[ColumnDraft(name=name, data_type="double") for name in columns],
    )
    return version


def classified(
    at: Place,
    version: AssetVersion,
    sensitivity: str,
    *,
    columns: Sequence[str] = ("depth", "porosity"),
    identifiability: Identifiability = Identifiability.NOT_PERSONAL,
    categories: tuple[str, ...] = (),
) -> None:
    items = [
        ColumnClassification(
            column=name,
            sensitivity_class_code=sensitivity,
            category_codes=categories,
            identifiability=identifiability,
            reason=NOT_PERSONAL_REASON,
        )
        for name in columns
    ]
    classification.classified(version, at.steward.actor, *items)


def customers(at: Place) -> tuple[Asset, Purpose]:
    """A dataset about people, and a purpose under which it may be read: every record in place."""
    asset = dataset(at, columns=("customer_id",), is_about_nobody=False)
    version = asset.versions.get()
    about_customers(at, version)
    content = PurposeContent(
        name=f"Predict who will leave {next(_numbers)}",
        concept_code="CustomerRelationshipManagement",
        description="Train a model on orders of the past year, to call customers before they leave.",
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        lia_ref="LIA-0001",
    )
    with_interests_weighed(at.organization)
    purpose = approved_purpose(at.organization, content, at.officer.actor, at.officer2.actor)
    permitted(at, version)
    _activity(at, asset, purpose)
    sheeted(asset)
    return asset, purpose


def about_customers(at: Place, version: AssetVersion) -> None:
    classified(
        at,
        version,
        "internal",
        columns=("customer_id",),
        identifiability=Identifiability.IDENTIFIED,
        categories=("UID",),
    )


def permitted(at: Place, version: AssetVersion) -> None:
    """The officer permits the purpose of `customers` and states where the data come from."""
    concept, officer = "CustomerRelationshipManagement", at.officer.actor
    compliance.permit_purpose(actor=officer, asset_version_id=version.uid, concept_code=concept)
    origin = compliance.Origin(
        original_basis=LawfulBasis.CONTRACT,
        original_purpose_code=concept,
        source="Collected from the people themselves.",
        retention_ends_on=date(2036, 1, 1),
    )
    compliance.state_origin(actor=officer, asset_version_id=version.uid, origin=origin)


def _activity(at: Place, asset: Asset, purpose: Purpose) -> None:
    content = ActivityContent(
        name=f"Churn prediction {next(_numbers)}",
        purpose_ids=(purpose.uid,),
        asset_ids=(asset.uid,),
        data_subject_categories=frozenset({DataSubjectCategory.CUSTOMER}),
        no_recipients_confirmed=True,
        no_transfers_confirmed=True,
        security_measures=frozenset({SecurityMeasure.ENCRYPTION, SecurityMeasure.CONFIDENTIALITY}),
        particulars=particulars(),
    )
    draft = compliance.draft_activity(
        actor=at.officer.actor, organization_id=at.organization.uid, content=content
    )
    activity_id = draft.activity.uid
    compliance.submit_activity(actor=at.officer.actor, processing_activity_id=activity_id)
    compliance.approve_activity(actor=at.officer2.actor, processing_activity_id=activity_id)
    screened(draft.activity)


def ask(
    at: Place, asset: Asset, *others: Asset, by: Player | None = None, days: int = 30, **given: Any
) -> Request:
    """Sent; with an open dataset it is granted at once."""
    sent = access.ask_for_access(
        actor=(by or at.scientist).actor, draft=draft(at, asset, *others, days=days, **given)
    )
    return Request.objects.select_related("revision").get(pk=sent.pk)


def draft(at: Place, asset: Asset, *others: Asset, days: int = 30, **given: Any) -> RequestDraft:
    items = [ItemDraft(asset_id=asset.uid, columns=tuple(given.pop("columns", ())))]
    items += [ItemDraft(asset_id=other.uid) for other in others]
    service: Account | None = given.pop("service_account", None)
    made: dict[str, Any] = {
        "items": items,
        "purpose_id": at.purpose.uid,
        "actions": ("read",),
        "ends_on": database_now().date() + timedelta(days=days),
        "service_account_id": service.uid if service else None,
        "place_of_processing": "DE",
        "justification": "Rock types for the spring campaign.",
        "mode": GrantMode.PINNED,
        **given,
    }
    return RequestDraft(**made)


def grant(at: Place, asset: Asset, **given: Any) -> Grant:
    """A live grant, approved by the owner where it is not given at once."""
    request = ask(at, asset, **given)
    revision = request.revision
    assert revision is not None
    for stage in current_decision(revision).stages.order_by("position"):
        approve(request, at.owner.actor if "data_owner" in stage.roles else at.officer.actor)
    return Grant.objects.select_related("person", "service_account").get(revision=revision)


def approve(request: Request, actor: Actor) -> Request:
    revision = request.revision
    assert revision is not None
    approved: Request = access.approve_request(
        actor=actor,
        request_id=request.uid,
        revision_sha256=revision.sha256,
        decision_id=current_decision(revision).uid,
    )
    return approved

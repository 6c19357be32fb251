"""The demo shows a model that may not be released for its labels, and one that may."""

from __future__ import annotations

import pytest

from apps.catalog.models import AssetKind, AssetVersion
from apps.labeling.releases import release_sheet
from apps.lakes.commands import connect_lake
from portal.demo.catalog import register_assets
from portal.demo.labels import label_photographs
from portal.demo.lake import NAME, REGION, ROLE_ARN
from portal.demo.objects import objects
from portal.demo.people import found_company
from portal.demo.records import keep_labeling_policy, keep_records
from portal.demo.systems import keep_systems

pytestmark = pytest.mark.django_db


def test_of_the_models_of_the_demo_one_is_held_by_its_labels_alone() -> None:
    company = found_company("only for this test")
    lake = connect_lake(
        actor=company["admin"],
        organization_id=company.organization.uid,
        name=NAME,
        flavor="demo",
        endpoint="http://127.0.0.1:9",
        region=REGION,
        country="DE",
        role_arn=ROLE_ARN,
        secret_ref="DEMO",
        roots=sorted({bucket for bucket, _key, _content in objects()}),
    )
    assets = register_assets(company, lake)
    purposes = keep_records(company, assets)
    photographs = assets["Core photographs"]
    policy = keep_labeling_policy(company, purposes["rock"], photographs)
    keep_systems(company, assets, purposes, label_photographs(company, lake, photographs, policy))
    models = AssetVersion.objects.filter(asset__kind=AssetKind.MODEL).order_by("asset__name", "number")
    unmet = [
        [
            str(each.demand)
            for each in release_sheet(company["owner"], version.uid).conditions
            if not each.is_met
        ]
        for version in models
    ]
    assert unmet == [[], [], ["quality"], []]

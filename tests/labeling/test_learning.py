"""What the labels are good for that somebody would learn from, as it goes into decisions."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Domain
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.models import LegalRecord
from apps.kernel.clock import database_now
from apps.labeling.checks.terms import Verdict
from apps.labeling.learning import labels_of
from apps.labeling.models import LabelSet
from tests.factories import accounts, catalog, labels, occurrences

pytestmark = pytest.mark.django_db


@pytest.fixture
def domain() -> Domain:
    return accounts.world().domain


def purpose_of(version: AssetVersion) -> UUID:
    record = LegalRecord.objects.get(ref=labels.policy_of(version), organization=version.asset.organization)
    purpose: UUID = record.versions.get().said.purposes[0]
    return purpose


def found(*versions: AssetVersion, purpose: UUID) -> list[tuple[str, int, Verdict | None]]:
    data = [(version.asset, version) for version in versions]
    told = labels_of(data, purpose, on=database_now().date())
    assert {each.asset for each in told} <= {str(version.asset.uid) for version in versions}
    return [(each.asset, each.number, each.verdict) for each in told]


def as_version(label_set: LabelSet) -> AssetVersion:
    assert label_set.asset_version is not None
    return label_set.asset_version


def test_of_a_dataset_the_newest_set_counts_and_none_is_said(domain: Domain) -> None:
    version = labels.labeled_version(domain)
    asset, purpose = str(version.asset.uid), purpose_of(version)
    assert found(version, purpose=purpose) == [(asset, 0, None)]
    labels.brought(version, labels.sound(wrong=60))
    assert found(version, purpose=purpose) == [(asset, 1, Verdict.BLOCKED)]
    labels.brought(version)
    assert found(version, purpose=purpose) == [(asset, 2, Verdict.RELEASE)]


def test_policies_for_other_purposes_and_before_anybody_labels_say_nothing(domain: Domain) -> None:
    version = labels.labeled_version(domain)
    assert found(version, purpose=UUID(int=1)) == []
    tried = labels.labeled_version(domain, stage="piloted")
    assert found(tried, purpose=purpose_of(tried)) == []


def test_a_label_set_speaks_for_itself_and_a_model_for_what_it_learned_from(domain: Domain) -> None:
    version = labels.labeled_version(domain)
    blocked = as_version(labels.brought(version, labels.sound(wrong=60)))
    sound = as_version(labels.brought(version))
    model = occurrences.made_from(catalog.asset(domain, AssetKind.MODEL), blocked, role=InputRole.TRAINING)
    tuned = occurrences.made_from(catalog.asset(domain, AssetKind.MODEL), model, role=InputRole.BASE_MODEL)
    nobody = UUID(int=1)
    assert found(sound, purpose=nobody) == [(str(sound.asset.uid), 2, Verdict.RELEASE)]
    for each in (model, tuned):
        assert found(each, purpose=nobody) == [(str(each.asset.uid), 1, Verdict.BLOCKED)]


def test_of_two_sets_of_one_number_the_worse_counts(domain: Domain) -> None:
    first = labels.labeled_version(domain)
    second = catalog.version(first.asset)
    sets = [labels.brought(first), labels.brought(second, labels.sound(wrong=60))]
    assert [each.number for each in sets] == [1, 1]
    model = occurrences.made_from(
        catalog.asset(domain, AssetKind.MODEL), *map(as_version, sets), role=InputRole.TRAINING
    )
    assert found(model, purpose=UUID(int=1)) == [(str(model.asset.uid), 1, Verdict.BLOCKED)]


def test_it_asks_as_often_for_many_as_for_few(domain: Domain) -> None:
    versions = [labels.labeled_version(domain) for _ in range(3)]
    sets = [as_version(labels.brought(version)) for version in versions]
    models = [
        occurrences.made_from(catalog.asset(domain, AssetKind.MODEL), each, role=InputRole.TRAINING)
        for each in sets
    ]

    def asked(count: int) -> int:
        data = [(each.asset, each) for each in (*versions[:count], *sets[:count], *models[:count])]
        with CaptureQueriesContext(connection) as statements:
            labels_of(data, purpose_of_first, on=today)
        return len(statements)

    purpose_of_first, today = purpose_of(versions[0]), database_now().date()
    assert asked(1) == asked(3) <= 4

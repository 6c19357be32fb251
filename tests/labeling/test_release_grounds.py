"""Releases of models stand on what records say of their data: purpose, law, retention, agreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.commands import Origin, state_origin
from apps.compliance.lifecycle import DataSubjectCategory
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.use_agreements import (
    USE_AGREEMENTS,
    Modifier,
    Permission,
    UseAgreementContent,
)
from apps.compliance.lifecycle.uses import USES, ResearchUse, UseContent
from apps.compliance.models import LegalRecord, Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.labeling.checks.demands import Demand
from apps.labeling.models import ModelRelease
from apps.labeling.releases import NOT_SHOWN, conditions_for
from apps.labeling.tasks import keep_releases_in_step
from apps.policy.vocabulary import LawfulBasis
from tests.factories import access, accounts, catalog, labels, occurrences, records
from tests.factories.access import AccessWorld
from tests.factories.compliance import ORDINARY, approved_activity

pytestmark = pytest.mark.django_db
LATER = date(2099, 12, 31)


@pytest.fixture
def world() -> AccessWorld:
    return access.world()


def trained(world: AccessWorld, *data: AssetVersion) -> AssetVersion:
    return occurrences.made_from(catalog.asset(world.domain, AssetKind.MODEL), *data, role=InputRole.TRAINING)


def used_for(world: AccessWorld, model: AssetVersion, *purposes: Purpose, **given: Any) -> LegalRecord:
    made = {"model_versions": (model.uid,), **given}
    return records.kept(
        world.organization, AI_SYSTEMS, records.system(*(each.uid for each in purposes), **made)
    )


def unmet(model: AssetVersion, actor: Actor = SYSTEM) -> Mapping[Demand, list[str]]:
    found = conditions_for(actor, model, on=database_now().date())
    return {each.demand: [reason.code for reason in each.obstacles] for each in found if not each.is_met}


def own(world: AccessWorld) -> AssetVersion:
    """Readings of rock that somebody stated the origin of."""
    labels.with_origin(world.harmless.version)
    return world.harmless.version


def test_nothing_is_judged_before_somebody_says_what_the_model_is_for(world: AccessWorld) -> None:
    model = trained(world, own(world))
    unjudged = {key: ["RELEASE_NOT_JUDGED"] for key in (Demand.EXPIRY, Demand.BASIS, Demand.LICENSE)}
    assert unmet(model) == {Demand.PURPOSE: ["RELEASE_PURPOSE_UNKNOWN"], **unjudged}
    silent = used_for(world, model)
    assert unmet(model) == {Demand.PURPOSE: ["RELEASE_SYSTEM_WITHOUT_PURPOSE"], **unjudged}
    records.restated(silent, records.system(world.purposes["rock"].uid, model_versions=(model.uid,)))
    assert unmet(model) == {}


def test_a_record_that_names_another_version_says_nothing_of_this_one(world: AccessWorld) -> None:
    first = trained(world, own(world))
    used_for(world, first, world.purposes["rock"])
    first.asset.refresh_from_db()
    second = occurrences.made_from(first.asset, world.harmless.version, role=InputRole.TRAINING)
    assert unmet(first) == {}
    assert "RELEASE_PURPOSE_UNKNOWN" in unmet(second)[Demand.PURPOSE]
    used_for(world, second, world.purposes["rock"], model_versions=(), models=(first.asset.uid,))
    assert unmet(first) == unmet(second) == {}


def test_data_of_patients_are_learned_from_for_the_study_and_for_nothing_else(world: AccessWorld) -> None:
    """The records that let people read them let a model learn from them, too."""
    study = trained(world, world.restricted.version)
    used_for(world, study, world.purposes["study"])
    assert unmet(study) == {}
    other = trained(world, world.restricted.version)
    used_for(world, other, world.purposes["pay"])
    assert unmet(other) == {
        Demand.PURPOSE: ["ASSESSMENT_MISSING"],
        Demand.BASIS: ["NO_ACTIVITY", "NO_ART9_CONDITION"],
    }
    both = trained(world, world.restricted.version)
    used_for(world, both, world.purposes["study"])
    used_for(world, both, world.purposes["pay"])
    assert unmet(both) == unmet(other)


def test_what_is_not_said_of_people_s_data_stands_against_it(world: AccessWorld) -> None:
    bare = access.thing(world.domain, world["steward"], access.about_people("name"))
    model = trained(world, bare.version)
    used_for(world, model, world.purposes["pay"])
    assert unmet(model) == {
        Demand.PURPOSE: ["CONSENT_DOES_NOT_COVER", "ASSESSMENT_MISSING"],
        Demand.EXPIRY: ["RELEASE_RETENTION_UNKNOWN"],
        Demand.BASIS: ["NO_ACTIVITY"],
        Demand.LICENSE: ["RELEASE_LICENSE_UNKNOWN"],
    }
    unclassified = trained(world, catalog.published_asset(world.domain).versions.get())
    used_for(world, unclassified, world.purposes["rock"])
    assert "COLUMN_UNCLASSIFIED" in unmet(unclassified)[Demand.BASIS]


@pytest.mark.parametrize(
    ("stage", "expected"), [("not_required", {Demand.BASIS: ["RELEASE_DPIA_MISSING"]}), ("approved", {})]
)
def test_special_categories_need_an_assessment_that_is_approved(
    world: AccessWorld, stage: str, expected: dict[Demand, list[str]]
) -> None:
    """Also where the screening counts one point alone, which would let people read them."""
    health = access.thing(world.domain, world["steward"], access.about_health("diagnosis"))
    access.permitted_for(world, health, access.RESEARCH)
    model = trained(world, health.version)
    used_for(world, model, world.purposes["study"])
    activity = approved_activity(
        world.purposes["study"],
        health.asset,
        approver=world["officer"],
        particulars=ORDINARY,
        data_subject_categories=frozenset({DataSubjectCategory.CUSTOMER}),
    )
    records.kept(world.organization, DPIAS, records.screening(activity), stage=stage)
    assert unmet(model) == expected


def test_data_are_learned_from_for_as_long_as_they_may_be_kept(world: AccessWorld) -> None:
    model = trained(world, world.personal.version)
    used_for(world, model, world.purposes["pay"])
    release = labels.released(model)
    today = database_now().date()
    kept_until(world, today + timedelta(days=1))
    assert unmet(model) == {}
    kept_until(world, today)
    assert unmet(model) == {Demand.EXPIRY: ["RELEASE_RETENTION_OVER"]}
    keep_releases_in_step()
    assert ModelRelease.objects.get(pk=release.pk).fell_at is not None
    kept_until(world, LATER)
    keep_releases_in_step()
    assert ModelRelease.objects.get(pk=release.pk).fell_at is None


def kept_until(world: AccessWorld, day: date, **given: Any) -> None:
    origin = Origin(
        original_basis=LawfulBasis.CONTRACT,
        original_purpose_code=access.PAY,
        retention_ends_on=day,
        source="Asked.",
        **given,
    )
    state_origin(actor=SYSTEM, asset_version_id=world.personal.version.uid, origin=origin)


def agreement(world: AccessWorld, *modifiers: Modifier, **given: Any) -> LegalRecord:
    made: dict[str, Any] = {
        "name": "Rocks of the university",
        "assets": (world.harmless.asset.uid,),
        "purposes": (world.purposes["rock"].uid,),
        "document_ref": "DUA-1",
        "permission": Permission.NRES,
        "modifiers": frozenset(modifiers),
        "forbids_reidentification": True,
        "forbids_sharing": True,
        "needs_destruction_certificate": False,
        "effective_to": LATER,
    }
    return records.kept(
        world.organization, USE_AGREEMENTS, UseAgreementContent(**{**made, **given}), stage="active"
    )


def test_a_license_without_commercial_use_binds_the_model(world: AccessWorld) -> None:
    model = trained(world, world.harmless.version)
    used_for(world, model, world.purposes["rock"])
    assert unmet(model) == {Demand.LICENSE: ["RELEASE_LICENSE_UNKNOWN"]}
    agreed = agreement(world, Modifier.NCU, Modifier.US, users="somebody")
    assert unmet(model) == {Demand.LICENSE: ["AGREEMENT_ASKS"]}
    use = UseContent(
        name="Rocks",
        purpose=world.purposes["rock"].uid,
        use=ResearchUse.GENERAL,
        is_commercial=True,
        is_for_profit=True,
    )
    said = records.kept(world.organization, USES, use)
    assert unmet(model) == {Demand.LICENSE: ["AGREEMENT_FORBIDS"]}
    records.restated(said, replace(use, is_commercial=False))
    assert unmet(model) == {}
    ended = agreed.versions.get().said
    records.restated(agreed, replace(ended, effective_to=database_now().date()))
    assert unmet(model) == {Demand.EXPIRY: ["AGREEMENT_ENDED"]}


def test_an_agreement_that_an_origin_names_has_an_end_and_a_record(world: AccessWorld) -> None:
    model = trained(world, world.harmless.version)
    used_for(world, model, world.purposes["rock"])
    named = Origin(source="The university.", agreement_ref="DUA-7")
    state_origin(actor=SYSTEM, asset_version_id=world.harmless.version.uid, origin=named)
    found = unmet(model)
    assert found[Demand.EXPIRY] == ["RELEASE_AGREEMENT_END_UNKNOWN"]
    assert found[Demand.LICENSE][0] == "AGREEMENT_NOT_IN_FORCE"


def test_what_the_data_themselves_were_made_from_is_not_asked_again(world: AccessWorld) -> None:
    """Only what the model was trained on, through models and label sets in between."""
    view = occurrences.made_from(catalog.asset(world.domain), world.personal.version)
    model = trained(world, own(world), view)
    used_for(world, model, world.purposes["rock"])
    named = {
        reason.facts.get("asset")
        for each in conditions_for(SYSTEM, model, on=database_now().date())
        for reason in each.obstacles
    }
    assert view.asset.name in named
    assert world.personal.asset.name not in named
    tuned = occurrences.made_from(
        catalog.asset(world.domain, AssetKind.MODEL), model, role=InputRole.BASE_MODEL
    )
    used_for(world, tuned, world.purposes["rock"])
    assert unmet(tuned) == unmet(model)


def test_data_that_one_may_not_see_are_not_named(world: AccessWorld) -> None:
    hidden = catalog.version(catalog.asset(world.domain), ["name"])
    model = trained(world, hidden)
    used_for(world, model, world.purposes["pay"])
    stranger = accounts.player(world.organization).actor
    told = str([each.obstacles for each in conditions_for(stranger, model, on=database_now().date())])
    shown = str([each.obstacles for each in conditions_for(SYSTEM, model, on=database_now().date())])
    assert hidden.asset.name in shown
    assert hidden.asset.name not in told
    assert str(hidden.asset.uid) not in told + shown
    assert NOT_SHOWN in told

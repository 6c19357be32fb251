"""For what data may be used, who labels in groups, and what was measured, as Croissant has it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.compliance.commands import permit_purpose
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, Modifier, Permission, UseAgreementContent
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.labeling.rendering.croissant import croissant
from apps.labeling.rendering.sheets import LEAST_PEOPLE, sheet_of
from apps.labeling.rendering.usage import UNTOLD
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.factories.compliance import approved_purpose
from tests.factories.records import kept
from tests.factories.roster import entered, policy_about

pytestmark = pytest.mark.django_db
SOMEBODY = "somebody-named"


@pytest.fixture
def world() -> World:
    return accounts.world()


def told(version: AssetVersion, by: Actor = SYSTEM) -> dict[str, Any]:
    return croissant(sheet_of(by, version.uid))


def agreed(version: AssetVersion, **given: Any) -> LegalRecord:
    today = database_now().date()
    made: dict[str, Any] = {
        "name": "Survey data",
        "parties": (uuid4(),),
        "assets": (version.asset.uid,),
        "document_ref": "D-1",
        "signed_on": today - timedelta(days=30),
        "permission": Permission.HMB,
        "modifiers": frozenset({Modifier.NCU, Modifier.MOR, Modifier.US}),
        "moratorium_until": date(2030, 1, 1),
        "users": SOMEBODY,
        "forbids_reidentification": True,
        "forbids_sharing": True,
        "needs_destruction_certificate": True,
        "effective_from": today - timedelta(days=20),
        "effective_to": today + timedelta(days=900),
    }
    return kept(version.asset.organization, USE_AGREEMENTS, UseAgreementContent(**{**made, **given}))


def test_annotations_per_item_are_those_that_were_measured(world: World) -> None:
    version = labels.labeled_version(world.domain)
    lines = labels.sound(120).decode().splitlines()
    kept_lines = [line for place, line in enumerate(lines) if place % 3 != 2 or place < 181]
    made = labels.brought(version, "\n".join(kept_lines).encode())
    answers = made.figures["answers"]
    assert 120 < answers < 240
    assert told(version)["rai:annotationsPerItem"] == (
        f"{answers / 120:.2f} measured: {answers} annotations of people on 120 labeled items;"
        " 2 asked for by the labeling policy"
    )


def test_an_agreement_is_told_in_terms_of_duo_and_odrl(world: World) -> None:
    version = labels.labeled_version(world.domain)
    record = agreed(version)
    found = told(version)
    (offer,) = found["usageInfo"]
    assert offer["@type"] == ["CreativeWork", "odrl:Offer"] and record.ref in offer["name"]
    assert offer["odrl:permission"]["odrl:action"]["@id"] == "duo:0000006"
    values = {each["name"]: each["odrl:rightOperand"] for each in offer["odrl:permission"]["odrl:constraint"]}
    assert values["No commercial use"] == {"@id": "duo:0000046"}
    assert values["Nothing published before a day"] == "2030-01-01"
    assert values["Named users only"] == {"@id": "duo:0000026"}
    assert offer["odrl:prohibition"]["odrl:action"]["@id"] == "odrl:distribute"
    assert SOMEBODY not in json.dumps(found)
    assert {"duo", "odrl", "mondo"} <= set(found["@context"])


def test_diseases_are_told_in_terms_of_mondo(world: World) -> None:
    version = labels.labeled_version(world.domain)
    agreed(version, permission=Permission.DS, diseases="MONDO:0005070", modifiers=frozenset())
    (offer,) = told(version)["usageInfo"]
    first = offer["odrl:permission"]["odrl:constraint"][0]
    assert first["odrl:leftOperand"] == {"@id": "duo:0000007"}
    assert first["odrl:rightOperand"] == {"@id": "mondo:0005070"}


@pytest.mark.parametrize("given", [{"effective_to": date(2020, 2, 1), "effective_from": date(2020, 1, 1)}])
def test_an_agreement_that_has_ended_permits_nothing(world: World, given: dict[str, Any]) -> None:
    version = labels.labeled_version(world.domain)
    agreed(version, **given)
    assert [each["name"] for each in told(version)["usageInfo"]] == [UNTOLD]


def test_terms_of_agreements_are_told_to_all_who_may_read_records(world: World) -> None:
    version = labels.labeled_version(world.domain)
    record = agreed(version)
    (offer,) = told(version, world[Role.SCIENTIST].actor)["usageInfo"]
    assert record.ref in offer["name"]


def test_an_agreement_about_other_versions_is_not_told(world: World) -> None:
    version = labels.labeled_version(world.domain)
    agreed(version, versions=(uuid4(),))
    assert "usageInfo" not in told(version)


def test_purposes_are_told_in_terms_of_duo_where_no_agreement_is_narrower(world: World) -> None:
    version = labels.labeled_version(world.domain)
    officer = world[Role.COMPLIANCE_OFFICER].actor
    permit_purpose(actor=officer, asset_version_id=version.uid, concept_code="ResearchAndDevelopment")
    codes = [each["termCode"] for each in told(version)["usageInfo"]]
    assert codes == ["ResearchAndDevelopment", "DUO_0000042"]
    agreed(version)
    codes = [each["termCode"] for each in told(version)["usageInfo"] if "termCode" in each]
    assert codes == ["ResearchAndDevelopment"]


def test_groups_are_told_where_nobody_is_singled_out(world: World) -> None:
    version = labels.labeled_version(world.domain)
    policy = policy_about(version)
    for place in range(LEAST_PEOPLE):
        entered(policy, f"5{place}", group="geologists", country="DE")
    for place in range(LEAST_PEOPLE - 1):
        entered(policy, f"6{place}", group="divers", country="FR")
    people = told(version)["rai:annotatorDemographics"]
    assert "Groups of those who label: geologists" in people
    assert "Countries from which they label: DE" in people
    assert "divers" not in json.dumps(people) and "FR" not in json.dumps(people)
    assert "geologists" not in json.dumps(told(version, world[Role.SCIENTIST].actor))


def test_what_a_policy_says_of_people_and_of_its_end_is_told(world: World) -> None:
    version = labels.labeled_version(
        world.domain,
        is_high_risk=True,
        fairness="Paid by the hour.",
        subgroups="By site.",
        visibility="The team of the survey.",
        gold_days=90,
    )
    found = told(version)
    assert "high risk" in found["rai:dataSocialImpact"] and "by the hour" in found["rai:dataSocialImpact"]
    assert found["rai:dataBiases"] == ["Groups that are compared: By site."]
    assert "Gold is renewed after 90 days." in found["rai:dataReleaseMaintenancePlan"]
    assert "Who sees the labels: The team of the survey." in found["rai:dataReleaseMaintenancePlan"]
    plain = told(labels.labeled_version(accounts.world().domain))
    assert not {"rai:dataSocialImpact", "rai:dataBiases", "rai:dataImputationProtocol"} & set(plain)


def test_the_purposes_that_labels_serve_are_use_cases(world: World) -> None:
    purpose = approved_purpose(world.organization, world[Role.COMPLIANCE_OFFICER].actor)
    found = told(labels.labeled_version(world.domain, purposes=(purpose.uid,)))
    (case,) = (each for each in found["rai:dataUseCases"] if each.startswith("The labels serve: "))
    assert purpose.ref in case

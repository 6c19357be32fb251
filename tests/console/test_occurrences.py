"""Recording what happened, seeing what it would reach, and doing what has to be done."""

from __future__ import annotations

from uuid import uuid4

from apps.access.commands import recall_grant
from apps.access.models import Recall
from apps.catalog.models import AssetKind, VersionInput
from apps.catalog.models.version import InputRole
from apps.classification.models import DataCategory
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty, ModelAssessment, Occurrence, PurposeConcept
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.factories import catalog
from tests.factories.access import AccessWorld, granted
from tests.factories.occurrences import in_effect, made_from


def test_a_draft_shows_what_it_would_reach_before_it_does_anything(
    world: AccessWorld, browse: Browse
) -> None:
    granted(world)
    client = browse("officer")
    form = {
        "key": str(uuid4()),
        "happening": "unlawful_collection",
        "said": "Nobody was told.",
        "versions": f"{world.harmless.asset.name}, v1",
        "country": "",
        "source_id": "",
        "has_other_ground": "",
    }
    answer = client.post("/occurrences/new/", {**form, "versions": "Nothing of the kind"})
    assert answer.status_code == 400 and "Well logs, v2" in answer.text
    assert client.post("/occurrences/new/", {**form, "versions": "Nothing, v9"}).status_code == 400
    first = client.post("/occurrences/new/", form)
    assert client.post("/occurrences/new/", form).headers["Location"] == first.headers["Location"]
    path = first.headers["Location"]
    page = client.get(path)
    assert "1 live grant" in page.text and "Quarantined" in page.text
    stale = client.post(path, {"act": "effect", "seen_impact": "0" * 64})
    assert stale.status_code == 412
    digest = page.context["impact"].digest
    assert client.post(path, {"act": "effect", "seen_impact": digest}).status_code == 302
    assert Occurrence.objects.get().state == "in_effect"
    assert client.post(path, {"act": "lift", "reason": ""}).status_code == 400
    assert client.post(path, {"act": "lift", "reason": "A mistake."}).status_code == 302
    assert Occurrence.objects.get().state == "lifted"


def test_what_waits_for_somebody_stands_on_their_first_page(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    model = made_from(
        catalog.asset(world.domain, AssetKind.MODEL), world.harmless.version, role=InputRole.TRAINING
    )
    occurrence = in_effect(
        world.organization,
        Happening.ERASURE_GRANTED,
        world.harmless.version,
        approver=world["second_officer"],
    )
    recall: Recall = recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    duty = Duty.objects.get(occurrence=occurrence, code="delete_rows", asset=world.harmless.asset)
    assessment = ModelAssessment.objects.get(version=model)
    paths = {
        "steward": f"/duties/{duty.uid}/",
        "owner": f"/model-assessments/{assessment.uid}/",
        "scientist": f"/recalls/{recall.uid}/",
    }
    for who, path in paths.items():
        for place in ("/", "/duties/"):
            assert f'href="{path}"' in browse(who).get(place).text, (who, place)
    steward = browse("steward")
    assert steward.post(paths["steward"], {"fail": "1", "why": "Too early."}).status_code == 409
    assert steward.post(paths["steward"], {"begin": "1"}).status_code == 302
    assert steward.post(paths["steward"], {"fail": "1", "why": " "}).status_code == 400
    assert steward.post(paths["steward"], {"fail": "1", "why": "No <mount>"}).status_code == 302
    page = steward.get(paths["steward"]).text
    assert "Deletion failed" in page and "No &lt;mount&gt;" in page and 'name="begin"' in page
    assert browse("steward").post(paths["steward"], {"evidence": " "}).status_code == 400
    assert browse("steward").post(paths["steward"], {"evidence": "Run 12."}).status_code == 302
    leaks = {"is_extractable": "yes", "outcome": "keep", "why": "Useful.", "other_ground": ""}
    assert "no other ground" in browse("owner").post(paths["owner"], leaks).text
    assert browse("owner").post(paths["owner"], {**leaks, "outcome": "retrain"}).status_code == 302
    assert browse("scientist").post(paths["scientist"], {"attestation": "Deleted."}).status_code == 302
    for who, path in paths.items():
        assert f'href="{path}"' not in browse(who).get("/").text, who


def test_an_input_is_named_afterwards_and_the_class_comes_with_its_path(
    world: AccessWorld, browse: Browse
) -> None:
    client, asset = browse("steward"), world.harmless.asset
    path = f"/catalog/{asset.uid}/lineage/"
    source = f"{world.restricted.asset.name}, v1"
    assert client.post(path, {"input": "Nothing", "role": "source"}).status_code == 400
    assert client.post(path, {"input": "Nothing, v7", "role": "source"}).status_code == 400
    assert client.post(path, {"input": f"{asset.name}, v1", "role": "source"}).status_code == 422
    assert client.post(path, {"input": source, "role": "source"}).status_code == 302
    assert VersionInput.objects.filter(version=world.harmless.version).count() == 1
    page = client.get(path).text
    assert "restricted, by what it was made from" in page and world.restricted.asset.name in page
    assert browse("scientist").post(path, {"input": source, "role": "source"}).status_code == 403


def test_terms_of_ones_own_are_added_and_taken_out_of_use(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    form = {
        "act": "add",
        "key": str(uuid4()),
        "code": "WellOwner",
        "label": "Owner of a well",
        "definition": "Whose well it is.",
        "parent_codes": "Ownership",
    }
    assert client.post("/vocabulary/categories/", {**form, "parent_codes": "Nothing"}).status_code == 400
    assert client.post("/vocabulary/categories/", form).status_code == 302
    assert "our own" in client.get("/vocabulary/").text
    concept = {**form, "key": str(uuid4()), "parent_codes": "ScientificResearch"}
    assert client.post("/vocabulary/purposes/", concept).status_code == 302
    gone = {"act": "out-of-use", "term": "WellOwner", "replaced_by_code": "Ownership"}
    assert client.post("/vocabulary/categories/", gone).status_code == 302
    assert DataCategory.objects.get(code="WellOwner").deprecated_on is not None
    assert PurposeConcept.objects.get(code="WellOwner").deprecated_on is None
    assert client.post("/vocabulary/rights/", form).status_code == 404
    assert browse("scientist").post("/vocabulary/categories/", form).status_code == 403


def test_a_withdrawal_is_followed_from_the_data_to_its_last_duty(world: AccessWorld, browse: Browse) -> None:
    """The asset leads to the form, the duty to the version to vouch for; the model stands beside it."""
    officer, steward, data = browse("officer"), browse("steward"), world.harmless.version
    model = made_from(catalog.asset(world.domain, AssetKind.MODEL), data, role=InputRole.TRAINING)
    link = f"/occurrences/new/?asset={data.asset.uid}"
    assert f'href="{link}"' in officer.get(f"/catalog/{data.asset.uid}/").text
    assert f'href="{link}"' not in steward.get(f"/catalog/{data.asset.uid}/").text
    assert f"{data.asset.name}, v{data.number}" in officer.get(link).text
    assert officer.get("/occurrences/new/?asset=nothing&source=nothing").status_code == 200
    occurrence = in_effect(world.organization, Happening.CONSENT_WITHDRAWN, data)
    page = officer.get(f"/occurrences/{occurrence.uid}/").text
    assert f'href="/model-assessments/{ModelAssessment.objects.get(version=model).uid}/"' in page
    duty = Duty.objects.get(occurrence=occurrence, code="leave_out")
    rows = f"/rows/{data.uid}/"
    assert f'href="{rows}"' in page and f'href="{rows}"' in steward.get(f"/duties/{duty.uid}/").text
    assert "Closed" in steward.get(rows).text
    assert steward.post(rows, {"evidence": " "}).status_code == 400
    assert browse("scientist").post(rows, {"evidence": "Run 12."}).status_code == 403
    assert steward.post(rows, {"evidence": "Run 12 left them out."}).status_code == 302
    vouched = steward.get(rows).text
    assert "Run 12 left them out." in vouched and "Closed" not in vouched
    assert steward.post(f"/duties/{duty.uid}/", {"evidence": "Run 12."}).status_code == 302

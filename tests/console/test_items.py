"""The page of a version's items: bringing the list, noting a check, erasing."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty
from apps.labeling.models import DatasetItem, ItemErasure, RedactionCheck
from tests.console.conftest import Browse
from tests.factories import catalog, labels
from tests.factories.access import AccessWorld
from tests.factories.occurrences import in_effect


def test_a_list_is_brought_a_check_noted_and_an_item_erased(world: AccessWorld, browse: Browse) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    page, steward = f"/versions/{version.uid}/items/", browse("steward")
    file = SimpleUploadedFile("items.csv", b"item,split\na,train\nb,test")
    answer = steward.post(page, {"key": str(uuid4()), "do": "items", "content": file})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert DatasetItem.objects.filter(manifest__version=version).count() == 2
    counts = {"seeds": "381", "seeds_found": "381", "audited": "300", "direct_identifiers": "0"}
    assert steward.post(page, {"key": str(uuid4()), "do": "redaction", **counts}).status_code == 302
    assert RedactionCheck.objects.get(version=version).seeds == 381
    words = {"items": "a\nelsewhere", "why": "Consent was withdrawn.", "demanded_at": "2026-01-02T03:04"}
    assert steward.post(page, {"key": str(uuid4()), "do": "erase", **words}).status_code == 302
    assert ItemErasure.objects.get(version=version).is_late
    assert list(DatasetItem.objects.values_list("name", flat=True)) == ["b"]
    assert "later than a day" in browse("scientist").get(page).text


def test_what_is_refused_is_told_in_its_form(world: AccessWorld, browse: Browse) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    page, steward = f"/versions/{version.uid}/items/", browse("steward")
    file = SimpleUploadedFile("items.csv", b"item,sha256\na,abc")
    answer = steward.post(page, {"key": str(uuid4()), "do": "items", "content": file})
    assert answer.status_code in (400, 422)
    assert "The cell «sha256» is missing or not of the right kind." in answer.text
    answer = steward.post(page, {"key": str(uuid4()), "do": "erase", "why": "Consent was withdrawn."})
    assert answer.status_code in (400, 422)
    assert "Neither items nor people are named." in answer.text
    assert steward.post(page, {"key": str(uuid4()), "do": "anything"}).status_code == 400
    assert (
        browse("scientist")
        .post(page, {"key": str(uuid4()), "do": "erase", "items": "a", "why": "So."})
        .status_code
        == 403
    )
    assert not ItemErasure.objects.exists()


def test_that_none_are_here_is_said_knowingly_and_answers_the_duty(
    world: AccessWorld, browse: Browse
) -> None:
    version = labels.labeled_version(world.domain)
    given = {"approver": world["second_officer"], "has_other_ground": False}
    occurred = in_effect(world.organization, Happening.ERASURE_GRANTED, version, **given)
    duty = Duty.objects.filter(occurrence=occurred, asset=version.asset).earliest("pk")
    page, steward = f"/versions/{version.uid}/items/", browse("steward")
    words = {"items": "core-of-nobody", "duty_id": str(duty.uid), "why": "They took part in no survey."}
    answer = steward.post(page, {"key": str(uuid4()), "do": "erase", **words})
    assert answer.status_code in (400, 409, 422)
    assert "that would answer no duty" in answer.text
    assert not ItemErasure.objects.exists()
    answer = steward.post(page, {"key": str(uuid4()), "do": "erase", **words, "none_here": "on"})
    assert answer.status_code == 302
    assert ItemErasure.objects.get().none_here
    assert "None of their items were here" in browse("scientist").get(page).text

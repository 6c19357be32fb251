"""Bringing a file of labels on its page, and how far it is."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.compliance.lifecycle.labeling import LabelTask
from apps.labeling.models import LabelImport
from apps.labeling.work.job import worked
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld
from tests.labeling.exports import in_coco


def test_a_file_is_brought_refused_for_its_faults_and_brought_again_without_them(
    world: AccessWorld, browse: Browse
) -> None:
    version = labels.labeled_version(world.domain)
    owner, page = browse("owner"), f"/versions/{version.uid}/labels/"
    policy = labels.policy_of(version)
    assert f"{policy} · Kinds of rock" in owner.get(page).text
    form = {
        "key": str(uuid4()),
        "policy": policy,
        "content": SimpleUploadedFile("export.csv", labels.FAULTY),
    }
    answer = owner.post(page, form)
    made = LabelImport.objects.get(version=version)
    at = f"/label-imports/{made.uid}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, at)
    assert 'hx-trigger="every 2s"' in owner.get(at).text
    worked(made.uid)
    text = owner.get(at).text
    assert "Line 3" in text and "granite" in text
    assert "hx-trigger" not in text
    assert "Bring it again" not in browse("scientist").get(at).text
    assert owner.post(at, {}).status_code == 302
    worked(made.uid)
    text = owner.get(at).text
    assert "2 annotations were kept." in text and "2 were left out as faulty." in text
    assert "What was left out" in text
    assert "Line 3" in text and "granite" in text and "Line 4" in text
    made.refresh_from_db()
    assert f'href="{at}"' in owner.get(f"/label-sets/{made.label_set.uid}/").text
    assert at in owner.get(page).text


def test_what_is_missing_is_told_beside_its_field(world: AccessWorld, browse: Browse) -> None:
    version = labels.labeled_version(world.domain)
    answer = browse("owner").post(f"/versions/{version.uid}/labels/", {"key": str(uuid4())})
    assert answer.status_code == 400
    for said in ("Choose a labeling policy.", "Choose a file first."):
        assert said in answer.text
    assert not LabelImport.objects.exists()


def test_where_no_policy_is_in_force_nothing_can_be_brought(world: AccessWorld, browse: Browse) -> None:
    version = labels.labeled_version(world.domain, stage="paused")
    text = browse("owner").get(f"/versions/{version.uid}/labels/").text
    assert "No labeling policy is in force for this dataset" in text
    assert 'type="file"' not in text


def test_two_exports_that_name_nobody_become_one_set(world: AccessWorld, browse: Browse) -> None:
    names = {"are_raw_kept": True, "raw_activity": world.domain.uid, "raw_retention": world.domain.uid}
    version = labels.labeled_version(world.domain, task=LabelTask.BOX, **names)
    owner, page = browse("owner"), f"/versions/{version.uid}/labels/"
    assert 'name="together_with"' not in owner.get(page).text
    one = labels.brought(version, in_coco(), labeled_by="7")
    assert "Labels 1, " in owner.get(page).text
    form = {
        "key": str(uuid4()),
        "policy": labels.policy_of(version),
        "content": SimpleUploadedFile("export.json", in_coco(wrong=2)),
        "labeled_by": labels.ADDRESS,
        "all_items_seen": "on",
        "together_with": str(one.uid),
    }
    assert owner.post(page, form).status_code == 302
    made = LabelImport.objects.get(version=version)
    worked(made.uid)
    made.refresh_from_db()
    assert made.label_set is not None and made.label_set.together_with == one
    for at in (f"/label-imports/{made.uid}/", f"/label-sets/{made.label_set.uid}/"):
        text = owner.get(at).text
        for said in ("Who labeled it", "All its items were looked at", f'href="/label-sets/{one.uid}/"'):
            assert said in text
        assert labels.ADDRESS not in text


def test_what_cannot_be_put_together_is_told_beside_its_field(world: AccessWorld, browse: Browse) -> None:
    version = labels.labeled_version(world.domain)
    owner, page = browse("owner"), f"/versions/{version.uid}/labels/"
    form = {
        "key": str(uuid4()),
        "policy": labels.policy_of(version),
        "content": SimpleUploadedFile("export.json", in_coco()),
        "all_items_seen": "on",
    }
    answer = owner.post(page, form)
    assert answer.status_code == 400
    assert "All items were looked at, and it is not said by whom." in answer.text

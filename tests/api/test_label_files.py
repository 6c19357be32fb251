"""Large files of labels: taken at once, and refused before they are read where that can be known."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import UnreadablePostError

from apps.accounts.models import ApiToken
from apps.accounts.roles import Role, TokenScope
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LabelTask
from apps.labeling.imports.source import LARGEST
from apps.labeling.models import LabelImport, LabelSet
from apps.labeling.work.job import worked
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import labels
from tests.factories.accounts import World
from tests.labeling.exports import in_coco

FILE = "application/octet-stream"


@pytest.fixture
def version(place: World) -> AssetVersion:
    return labels.labeled_version(place.domain)


def send(caller: Caller, version: AssetVersion, content: bytes, **given: Any) -> Any:
    query = given.pop("query", {"policy": labels.policy_of(version)})
    given = {"content_type": FILE, "query": query, **given}
    return caller.send("POST", f"asset-versions/{version.uid}/label-imports", content, **given)


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert all(reason["remedy"] for reason in answer.json()["reasons"])
    return str(answer.json()["code"])


def test_a_file_is_taken_at_once_and_becomes_labels_later(as_: As, version: AssetVersion) -> None:
    content = labels.sound()
    answer = send(as_(Role.STEWARD), version, content)
    assert answer.status_code == 202
    said = answer.json()
    assert (said["state"], said["size"], said["leave_out_faults"]) == ("queued", len(content), False)
    assert answer.headers["Location"] == f"/api/v1/label-imports/{said['id']}"
    worked(LabelImport.objects.get().uid)
    then = as_(Role.STEWARD).get(answer.headers["Location"]).json()
    assert (then["state"], then["read"]) == ("done", len(content))
    assert LabelSet.objects.get().labels.count() == 360


def test_faults_are_left_out_where_that_is_wanted(as_: As, version: AssetVersion) -> None:
    query = {"policy": labels.policy_of(version), "leave_out_faults": "true"}
    assert send(as_(Role.STEWARD), version, labels.FAULTY, query=query).status_code == 202
    worked(LabelImport.objects.get().uid)
    made = LabelSet.objects.get()
    assert (made.annotations, made.left_out) == (2, 2)
    told = as_(Role.STEWARD).get("label-imports", label_set=str(made.uid)).json()["results"]
    assert [(each["state"], each["label_set_id"]) for each in told] == [("done", str(made.uid))]
    assert [reason["field"] for reason in told[0]["reasons"]] == ["content.4.label", "content.3.a"]


def test_a_repeated_request_makes_one_import(as_: As, version: AssetVersion) -> None:
    caller, content, key = as_(Role.STEWARD), labels.sound(), {"Idempotency-Key": "7f"}
    first = send(caller, version, content, headers=key)
    again = send(caller, version, content, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert again.headers["Location"] == first.headers["Location"]
    assert LabelImport.objects.count() == 1
    assert code(send(caller, version, labels.sound(), headers=key), 409) == "IDEMPOTENCY_KEY_REUSED"
    assert code(send(caller, version, content), 409) == "LABEL_IMPORT_UNDER_WAY"


@pytest.mark.parametrize(
    ("given", "status", "expected"),
    [
        ({"content_type": "application/json"}, 415, "BODY_NO_FILE"),
        ({"content_type": "multipart/form-data; boundary=x"}, 415, "BODY_NO_FILE"),
        ({"headers": {"Content-Encoding": "gzip"}}, 415, "BODY_NO_FILE"),
        ({"query": {"policy": "LP-9999"}}, 404, "LABELING_POLICY_NOT_IN_FORCE"),
        ({"query": {}}, 400, "FIELD_INVALID"),
        ({"query": {"policy": "LP-0001", "content": "x"}}, 400, "PARAMETER_UNKNOWN"),
        ({"query": {"policy": "LP-0001", "leave_out_faults": "perhaps"}}, 400, "FIELD_INVALID"),
    ],
    ids=str,
)
def test_what_its_head_says_is_refused_before_it_is_read(
    as_: As,
    version: AssetVersion,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    status: int,
    expected: str,
) -> None:
    _must_not_be_read(monkeypatch)
    assert code(send(as_(Role.STEWARD), version, b"item,label", **given), status) == expected


def _must_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_about: object) -> bytes:
        raise AssertionError("the body was read")

    monkeypatch.setattr("django.http.HttpRequest.read", read)


def test_one_that_is_too_large_is_refused_before_it_is_read(
    as_: As, version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    _must_not_be_read(monkeypatch)
    caller = as_(Role.STEWARD)
    caller.client.defaults["CONTENT_LENGTH"] = str(LARGEST + 1)
    answer = caller.client.generic(
        "POST",
        f"/api/v1/asset-versions/{version.uid}/label-imports?policy={labels.policy_of(version)}",
        content_type=FILE,
        headers={"Authorization": f"Bearer {caller.token}", "Content-Type": FILE},
    )
    assert code(answer, 413) == "BODY_FILE_TOO_LARGE"
    assert answer.json()["reasons"][0]["facts"] == {"size": LARGEST + 1, "limit": LARGEST}


def test_whoever_may_not_bring_them_is_refused_before_it_is_read(
    as_: As, place: World, version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    _must_not_be_read(monkeypatch)
    assert code(send(as_(Role.SCIENTIST), version, b"item,label"), 403) == "NOT_PERMITTED"
    caller = as_(Role.STEWARD)
    ApiToken.objects.update(scopes=[TokenScope.READ.value])
    assert code(send(caller, version, b"item,label"), 403) == "TOKEN_SCOPE_MISSING"


def test_a_body_without_a_length_is_refused(as_: As, version: AssetVersion) -> None:
    assert code(send(as_(Role.STEWARD), version, b"", headers={"Content-Type": FILE}), 411) == (
        "BODY_LENGTH_MISSING"
    )


def test_an_empty_file_is_refused(as_: As, version: AssetVersion) -> None:
    empty = {"Content-Type": FILE, "Content-Length": "0"}
    assert code(send(as_(Role.STEWARD), version, b"", headers=empty), 422) == "LABEL_IMPORT_EMPTY"


@pytest.mark.parametrize("breaks", [True, False], ids=["breaks off", "ends too soon"])
def test_half_a_file_is_not_taken(
    as_: As, version: AssetVersion, monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    pieces = iter([labels.sound()[:100]])

    def read(*_about: object) -> bytes:
        piece = next(pieces, b"")
        if breaks and not piece:
            raise UnreadablePostError
        return piece

    monkeypatch.setattr("django.http.HttpRequest.read", read)
    answer = send(as_(Role.STEWARD), version, labels.sound())
    assert code(answer, 400) == "BODY_CUT_OFF"
    assert answer.json()["reasons"][0]["facts"]["came"] == 100
    assert not LabelImport.objects.exists()


def test_a_file_that_is_too_large_for_the_command_is_refused_by_it(
    as_: As, version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.labeling.commands.importing.LARGEST", 10)
    assert code(send(as_(Role.STEWARD), version, labels.sound()), 422) == "LABELS_TOO_LARGE"


def test_files_that_name_nobody_are_put_together(as_: As, place: World) -> None:
    names = {"are_raw_kept": True, "raw_activity": place.domain.uid, "raw_retention": place.domain.uid}
    version = labels.labeled_version(place.domain, task=LabelTask.BOX, **names)
    caller, policy = as_(Role.STEWARD), {"policy": labels.policy_of(version)}
    given = {**policy, "content": labels.in_base64(in_coco()), "labeled_by": "7"}
    one = caller.post(f"asset-versions/{version.uid}/label-sets", given)
    assert (one.status_code, one.json()["labeled_by"], one.json()["together_with_id"]) == (201, "7", None)
    query = {**policy, "labeled_by": "8", "together_with": one.json()["id"], "all_items_seen": "true"}
    answer = send(caller, version, in_coco(wrong=2), query=query)
    assert answer.status_code == 202, answer.content
    said = answer.json()
    assert (said["labeled_by"], said["all_items_seen"]) == ("8", True)
    assert said["together_with_id"] == one.json()["id"]
    worked(LabelImport.objects.get().uid)
    two = caller.get("label-sets", version=str(version.uid)).json()["results"][0]
    assert (two["labeled_by"], two["annotations"], two["is_gold"]) == ("8", 240, False)
    query = {**policy, "is_gold": "true", "together_with": two["id"]}
    assert send(caller, version, in_coco(wrong=1), query=query).json()["is_gold"] is True
    query = {**policy, "together_with": str(version.uid)}
    assert code(send(caller, version, in_coco(), query=query), 404) == "NOT_FOUND"
    query = {**policy, "all_items_seen": "true"}
    assert code(send(caller, version, in_coco(), query=query), 400) == "LABELS_SEEN_BY_NOBODY"
    assert code(send(caller, version, in_coco(), query={**policy, "together_with": "x"}), 400)

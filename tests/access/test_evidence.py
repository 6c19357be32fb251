"""Evidence can be verified outside of the house, and every change to it is caught and named."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from apps.access.commands import evidence, export_evidence, revoke_grant
from apps.access.models import Grant, Request, Revision
from apps.access.packs import Pack
from apps.audit.models import AuditEvent
from apps.kernel.errors import InvalidState, NotFound, NotPermitted
from apps.kernel.signatures import sign
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, approved, asked, draft, granted

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_pack.py"
Files = dict[str, bytes]


def decided(world: AccessWorld) -> Request:
    """By an owner and an officer; the grant was revoked since."""
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    request = approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision=request.revision)
    revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="The review is over.")
    return request


@pytest.fixture(scope="module")
def kept() -> dict[str, Pack]:
    return {}


@pytest.fixture
def pack(world: AccessWorld, kept: dict[str, Pack]) -> Pack:
    """Made once: what is done to it is done to bytes."""
    if not kept:
        kept["pack"] = export_evidence(actor=world["auditor"], request_id=decided(world).uid)
    return kept["pack"]


def files_in(pack: Pack) -> Files:
    with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def verified(content: bytes, place: Path, *words: str) -> tuple[int, str]:
    """By a bare Python, away from the project."""
    (place / "evidence.zip").write_bytes(content)
    (place / "verify_pack.py").write_bytes(VERIFIER.read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_pack.py", *words, "evidence.zip"],
        cwd=place,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_pack_holds_outside_of_the_house(pack: Pack, tmp_path: Path) -> None:
    status, said = verified(pack.content, tmp_path, "--key", pack.key.hex)
    assert (status, "FAILED" in said) == (0, False)
    assert said.endswith("Everything holds.\n")
    assert verified(pack.content, tmp_path, "--fingerprint", pack.key.fingerprint)[0] == 0
    assert "Whose key it is has not been looked at" in verified(pack.content, tmp_path)[1]


def a_changed_byte(files: Files) -> str:
    files["facts.json"] = files["facts.json"].replace(b"DE", b"DK", 1)
    return "facts.json: was changed"


def a_swapped_file(files: Files) -> str:
    files["facts.json"], files["trace.json"] = files["trace.json"], files["facts.json"]
    return "trace.json: was changed"


def a_removed_file(files: Files) -> str:
    del files["keys.json"]
    return "keys.json: was removed"


def an_added_file(files: Files) -> str:
    files["records/PUR-9999-v1.json"] = b"{}"
    return "records/PUR-9999-v1.json: is in the pack and not in the manifest"


def an_entry_of_the_trail_left_out(files: Files) -> str:
    files["trail/entries.jsonl"] = files["trail/entries.jsonl"].split(b"\n", 1)[1]
    return "trail/entries.jsonl: was changed"


def a_hash_mended_after_a_change(files: Files) -> str:
    before = hashlib.sha256(files["grants.json"]).hexdigest().encode()
    files["grants.json"] = files["grants.json"].replace(b"revoked", b"expired")
    after = hashlib.sha256(files["grants.json"]).hexdigest().encode()
    files["manifest.json"] = files["manifest.json"].replace(before, after)
    return "manifest.json: the signature is not of this key, or the manifest was changed"


CHANGES = [
    a_changed_byte,
    a_swapped_file,
    a_removed_file,
    an_added_file,
    an_entry_of_the_trail_left_out,
    a_hash_mended_after_a_change,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_is_caught_and_named(change: Callable[[Files], str], pack: Pack, tmp_path: Path) -> None:
    files = files_in(pack)
    fault = change(files)
    status, said = verified(zipped(files), tmp_path, "--key", pack.key.hex)
    assert status == 1
    assert f"FAILED   {fault}" in said
    assert verified(zipped(files_in(pack)), tmp_path, "--key", pack.key.hex)[0] == 0


def signed_by_another(files: Files) -> str:
    """As somebody would who changes a pack and signs it with a key of their own."""
    signature = sign(files["manifest.json"], use="another")
    files["manifest.sig"] = signature.hex.encode()
    files["public-key.txt"] = signature.key.hex.encode()
    return signature.key.hex


def test_one_bit_of_any_file_is_enough_and_its_file_is_named(pack: Pack, tmp_path: Path) -> None:
    """By the same script, without a process for each file. Unchanged, it finds nothing: the control."""
    script: dict[str, Any] = {"__name__": "verifier"}
    exec(compile(VERIFIER.read_text(), str(VERIFIER), "exec"), script)  # noqa: S102 - the script that ships
    files = files_in(pack)

    def faults_of(changed: Files) -> list[str]:
        place = tmp_path / "changed.zip"
        place.write_bytes(zipped(changed))
        found: list[str] = script["verify"](str(place), key=pack.key.hex).faults
        return found

    assert faults_of(files) == []
    unseen = []
    for name, content in files.items():
        middle = len(content) // 2
        spoilt = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        called = "manifest.json" if name == "manifest.sig" else name
        if not any(called in fault for fault in faults_of({**files, name: spoilt})):
            unseen.append(name)
    assert unseen == []


def test_a_wrong_key_is_caught_and_named(pack: Pack, tmp_path: Path) -> None:
    files = files_in(pack)
    other = signed_by_another(files)
    status, said = verified(zipped(files), tmp_path, "--key", pack.key.hex)
    assert status == 1
    assert "FAILED   public-key.txt: another key than yours" in said
    assert "FAILED   manifest.json: the signature is not of this key" in said
    status, said = verified(zipped(files), tmp_path, "--fingerprint", pack.key.fingerprint)
    assert (status, "FAILED   public-key.txt: the key has another fingerprint" in said) == (1, True)
    assert verified(pack.content, tmp_path, "--key", other)[0] == 1


def rewritten(files: Files, name: str, before: bytes, after: bytes) -> None:
    """By the house itself: changed, hashed anew and signed, so that only what lies deeper can tell."""
    old = hashlib.sha256(files[name]).hexdigest().encode()
    assert before in files[name]
    files[name] = files[name].replace(before, after)
    new = hashlib.sha256(files[name]).hexdigest().encode()
    files["manifest.json"] = files["manifest.json"].replace(old, new)
    signature = sign(files["manifest.json"], use="evidence packs")
    files["manifest.sig"] = signature.hex.encode()


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        (
            "trail/entries.jsonl",
            b'"outcome":"done"',
            b'"outcome":"gone"',
            "entries that do not lead to the root",
        ),
        (
            "trail/personal.json",
            b"The review is over.",
            b"The review goes on.",
            "trail/personal.json: other texts",
        ),
        ("decision.json", b'"revision_sha256": "', b'"revision_sha256": "f', "verdicts on another request"),
        ("keys.json", b"[]", b'[{"lease": "a", "grant": "b"}]', "keys of no grant in the pack: ['a']"),
        ("grants.json", b'"uid": "', b'"uid": "f', "grants.json, keys.json: the trail tells of more"),
    ],
)
def test_what_does_not_fit_together_is_caught_though_it_is_signed(
    name: str, before: bytes, after: bytes, fault: str, pack: Pack, tmp_path: Path
) -> None:
    files = files_in(pack)
    rewritten(files, name, before, after)
    status, said = verified(zipped(files), tmp_path, "--key", pack.key.hex)
    assert (status, fault in said) == (1, True)


@pytest.mark.parametrize("content", [b"", b"PK", zipped({"a": b"b"}), b"\0" * 1000])
def test_what_is_no_pack_is_called_so(content: bytes, tmp_path: Path) -> None:
    status, said = verified(content, tmp_path)
    assert (status, said.startswith("This is no evidence pack.")) == (2, True)


def test_a_name_that_stands_twice_is_caught(pack: Pack, tmp_path: Path) -> None:
    buffer = io.BytesIO(pack.content)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("keys.json", b"[]")
    status, said = verified(buffer.getvalue(), tmp_path, "--key", pack.key.hex)
    assert (status, "keys.json: stands in the pack twice" in said) == (1, True)


def test_a_pack_says_who_decided_what_on_which_grounds(pack: Pack) -> None:
    files = files_in(pack)
    told: dict[str, Any] = {name: json.loads(files[name]) for name in files if name.endswith(".json")}
    decision = told["decision.json"]
    assert [each["verdict"] for each in decision["verdicts"]] == ["approve", "approve"]
    assert {each["role"] for each in decision["verdicts"]} == {"data_owner", "compliance_officer"}
    assert all(each["proved_by"] for each in decision["verdicts"])
    assert [each["holds"] for each in told["checks.json"]["checks"]] == [True] * 7
    assert {each["kind"] for each in told["records.json"]} >= {"purposes", "processing-activities"}
    assert {each["ref"] for each in told["records.json"]} >= {"LIA-0001"}
    assert all(each["file"] in files for each in told["records.json"])
    assert [each["state"] for each in told["grants.json"]] == ["revoked"]
    assert told["keys.json"] == told["reviews.json"] == []
    assert files["rules.csv"].startswith(b"rule,kind,result,effect,articles,")
    names = {json.loads(line)["name"] for line in files["trail/entries.jsonl"].splitlines()}
    assert names >= {"access.request.submitted", "access.request.approved", "access.grant.revoked"}


def test_the_summary_is_one_page(pack: Pack) -> None:
    reader = PdfReader(io.BytesIO(files_in(pack)["summary.pdf"]))
    assert len(reader.pages) == 1
    told = reader.pages[0].extract_text()
    assert "Evidence on AR-" in told
    assert "DOES NOT HOLD" not in told


def test_the_export_stands_in_the_trail(world: AccessWorld) -> None:
    made = granted(world)
    request = made.revision.request
    pack = export_evidence(actor=world["dpo"], request_id=request.uid)
    entry = AuditEvent.objects.filter(name="access.request.evidence_exported").latest("pk")
    assert entry.subject_uid == request.uid
    assert entry.data["manifest_sha256"] == pack.manifest_sha256
    assert entry.data["signing_key_sha256"] == pack.key.sha256
    manifest = json.loads(files_in(pack)["manifest.json"])
    assert entry.data["trail_root_hash"] == manifest["about"]["trail_root"]


def test_tampering_in_store_is_told_by_the_pack(
    world: AccessWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the checks: facts that policy never saw, read as if they had been stored."""
    request = granted(world).revision.request
    stored = evidence.decided_on(Revision.objects.get(pk=request.revision_key))
    assert stored is not None
    stored.facts = {**stored.facts, "actions": ["export"]}
    monkeypatch.setattr(evidence, "decided_on", lambda revision: stored)
    pack = export_evidence(actor=world["auditor"], request_id=request.uid)
    status, said = verified(pack.content, tmp_path, "--key", pack.key.hex)
    assert status == 1
    assert "facts.json: is not what the decision rests on" in said
    assert "checks.json: did not hold when it was made: replay" in said


def test_who_may_not_take_evidence_out_is_refused(world: AccessWorld) -> None:
    request = granted(world).revision.request
    with refused(NotPermitted):
        export_evidence(actor=world["scientist"], request_id=request.uid)
    with refused(NotFound):
        export_evidence(actor=world["colleague"], request_id=request.uid)
    assert export_evidence(actor=world["officer"], request_id=request.uid).content


def test_what_is_not_decided_has_no_evidence_yet(world: AccessWorld) -> None:
    """Verdicts that are kept from one another would be in it."""
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    with refused(InvalidState, "EVIDENCE_NOTHING_DECIDED"):
        export_evidence(actor=world["officer"], request_id=request.uid)

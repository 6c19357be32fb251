"""A pack leads from the records by the decision and the grant to every key, and holds no part of one."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from apps.access.commands import export_evidence
from apps.access.models import Grant
from apps.audit.models import AuditEvent
from apps.credentials.commands import take_credential
from tests.factories import lakes
from tests.factories.lakes import Place

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_pack.py"


def verified(content: bytes, place: Path, key: str) -> str:
    (place / "evidence.zip").write_bytes(content)
    words = [sys.executable, "-I", "-S", str(VERIFIER), "--key", key, str(place / "evidence.zip")]
    return subprocess.run(words, env={}, capture_output=True, text=True, check=False).stdout


def test_record_verdict_grant_and_key_are_one_chain(place: Place, tmp_path: Path) -> None:
    grant: Grant = lakes.grant(place, lakes.dataset(place))
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    request = grant.revision.request
    pack = export_evidence(actor=place.officer.actor, request_id=request.uid)
    with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = {name: json.loads(raw) for name, raw in files.items() if name.endswith(".json")}
    about = told["manifest.json"]["about"]
    assert about["request_uid"] == str(request.uid)
    assert any(each["uid"] == str(place.purpose.uid) for each in told["records.json"])
    assert told["decision.json"]["answer_of_policy"]["uid"] == about["decision_uid"]
    assert all(each["decision"] == about["decision_uid"] for each in told["decision.json"]["verdicts"])
    assert [each["uid"] for each in told["grants.json"]] == [str(grant.uid)]
    [key] = told["keys.json"]
    assert (key["lease"], key["grant"]) == (str(taken.lease.uid), str(grant.uid))
    names = {json.loads(line)["name"] for line in files["trail/entries.jsonl"].splitlines()}
    assert names >= {"access.request.submitted", "access.grant.created", "credentials.lease.issued"}
    said = verified(pack.content, tmp_path, pack.key.hex)
    assert "1 keys, each by a grant in the pack" in said and said.endswith("Everything holds.\n")
    parts = taken.secret.reveal().values()
    assert len(parts) > 1 and not any(part.encode() in raw for part in parts for raw in files.values())
    exported = AuditEvent.objects.get(name="access.request.evidence_exported")
    assert exported.data["manifest_sha256"] == pack.manifest_sha256

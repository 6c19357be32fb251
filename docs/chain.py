"""The chain, walked with REST and boto3 only, while `python3 manage.py up` runs.

    .venv/bin/python docs/chain.py [FILE.csv]

Register, classify, record the purpose, ask, two verdicts, take a key, read, revoke, be refused, see the
trail.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parent.parent
PORTAL = os.environ.get("LAKEWARDEN_URL", "http://127.0.0.1:8000")
STATE = Path(os.environ.get("LAKEWARDEN_VAR", ROOT / "var"))
SCOPES = ("read", "write", "decide", "credentials")
BUCKET = "people"
RUN = f"walk-{int(time.time())}"
PREFIX = f"chain/{RUN}/v1/"
SCREENED = (
    *("is_evaluation", "is_automated_decision", "is_monitoring", "is_sensitive", "is_large_scale"),
    *("is_matching", "is_vulnerable", "is_innovative", "prevents_right", "is_systematic_evaluation"),
    *("is_large_scale_sensitive", "is_public_monitoring", "is_on_authority_list"),
)
"""What a screening for an impact assessment answers."""
EXAMPLE = "employee_number,full_name,salary_eur\n1001,Employee 001,52000\n1002,Employee 002,61000\n"


def main() -> None:
    expect_a_portal()
    text = Path(sys.argv[1]).read_text() if len(sys.argv) > 1 else EXAMPLE
    columns = next(csv.reader(io.StringIO(text)))
    steward, officer, officer2, owner, scientist, auditor = (
        Caller(name) for name in ("steward", "officer", "officer2", "owner", "scientist", "auditor")
    )
    put_into_the_lake(f"{PREFIX}data.csv", text)
    put_into_the_lake(f"chain/{RUN}-other/v1/data.csv", "not for this grant\n")

    asset, version = register(steward, columns)
    purpose = record_purpose(officer, officer2, asset, version)
    request = ask(scientist, asset, purpose)
    decide(owner, request)
    decide(officer, request)

    say("scientist", "takes a key, shown once")
    grant = scientist.get(f"grants?request={request}")["results"][0]
    key = scientist.post(f"grants/{grant['id']}/credentials")
    s3 = client_with(key)
    body = s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}data.csv")["Body"].read()
    say("scientist", f"reads {len(body)} bytes of s3://{BUCKET}/{PREFIX} with boto3")
    assert body.decode() == text
    refused(s3.get_object, Bucket=BUCKET, Key=f"chain/{RUN}-other/v1/data.csv")
    refused(s3.get_object, Bucket=BUCKET, Key="hr/employees/v1/employees.csv")
    refused(s3.list_objects_v2, Bucket=BUCKET)
    refused(s3.put_object, Bucket=BUCKET, Key=f"{PREFIX}more.csv", Body=b"x")
    say("lake", "refuses a look-alike prefix, another dataset, the whole bucket, and a write")

    owner.post(f"grants/{grant['id']}/revoke", {"comment": "The walk is over."})
    say("owner", "revokes the grant")
    refused(s3.get_object, Bucket=BUCKET, Key=f"{PREFIX}data.csv")
    lease = scientist.get(f"leases/{key['lease_id']}")
    say("lake", f"refuses the key; the lease is {lease['state']}")

    say("auditor", "reads the trail:")
    for subject in (asset, purpose, request, grant["id"], key["lease_id"]):
        events = auditor.get(f"audit/events?subject={subject}")["results"]
        for event in reversed(events):
            print(f"    {event['at'][:19]}  {event['outcome']:7}  {event['name']}")


class Caller:
    """Somebody with a token."""

    def __init__(self, name: str) -> None:
        self.name = name
        command = [sys.executable, str(ROOT / "manage.py"), "create_token", name]
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        made = subprocess.run([*command, *scopes], capture_output=True, text=True, check=True)
        self._token = made.stdout.split()[-1]

    def get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def post(self, path: str, body: object | None = None) -> Any:
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: object | None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the portal's own address
            f"{PORTAL}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as fault:
            problem = json.loads(fault.read())
            told = "; ".join(f"{r['field']} {r['sentence']} {r['remedy']}" for r in problem["reasons"])
            where = f"{self.name}: {method} {path}: {fault.code} {problem['code']}"
            raise SystemExit(f"{where}: {told}") from None


def expect_a_portal() -> None:
    """Ends with what to do where nobody answers at the address."""
    try:
        with urllib.request.urlopen(f"{PORTAL}/healthz", timeout=10):  # noqa: S310
            return
    except (urllib.error.URLError, OSError) as fault:
        sys.exit(
            f"No portal answers at {PORTAL} ({fault}). Start it with `python3 manage.py up`, or say in"
            " LAKEWARDEN_URL where it is."
        )


def register(steward: Caller, columns: list[str]) -> tuple[str, str]:
    """The steward registers the dataset and says what each column is."""
    domain = steward.get("domains?q=People")["results"][0]["id"]
    lake = steward.get("lakes")["results"][0]["id"]
    asset = steward.post("assets", {"domain_id": domain, "kind": "dataset", "name": f"Pay {RUN}"})["id"]
    location = steward.post(
        "storage-locations", {"asset_id": asset, "lake_id": lake, "bucket": BUCKET, "prefix": PREFIX}
    )["id"]
    version = steward.post(
        f"assets/{asset}/versions",
        {"location_id": location, "columns": [{"name": name, "data_type": "text"} for name in columns]},
    )["id"]
    say("steward", f"registers a dataset of {len(columns)} columns at s3://{BUCKET}/{PREFIX}")
    items = [
        {
            "column": name,
            "sensitivity_class_code": "confidential",
            "category_codes": ["PersonalData"],
            "identifiability": "identified",
        }
        for name in columns
    ]
    steward.post(f"asset-versions/{version}/classify", {"items": items})
    steward.post(f"assets/{asset}/publish")
    say("steward", "classifies every column as confidential, about identified people, and publishes")
    return asset, version


def record_purpose(officer: Caller, officer2: Caller, asset: str, version: str) -> str:
    """One officer writes the records that make it lawful, another approves them."""
    organization = officer.get("organizations")["results"][0]["id"]

    def sign(kind: str, content: dict[str, object]) -> str:
        named = {"organization_id": organization, "content": {"name": f"Pay review ({RUN})", **content}}
        record = officer.post(f"{kind}", named)["id"]
        officer.post(f"{kind}/{record}/submit")
        officer2.post(f"{kind}/{record}/approve")
        return str(record)

    purpose = officer.post(
        "purposes",
        {
            "organization_id": organization,
            "name": f"Review whether pay is fair ({RUN})",
            "concept_code": "PersonnelPayment",
            "description": "Compare salaries between departments, and report gaps.",
            "lawful_basis": "6(1)(f)",
            "lia_ref": "LIA-0001",
        },
    )["id"]
    officer.post(f"purposes/{purpose}/submit")
    officer2.post(f"purposes/{purpose}/approve")
    officer.post(f"asset-versions/{version}/permit-purpose", {"concept_code": "PersonnelPayment"})
    origin = {
        "original_basis": "6(1)(b)",
        "original_purpose_code": "PersonnelPayment",
        "retention_ends_on": "2036-01-01",
    }
    officer.post(f"asset-versions/{version}/state-origin", origin)
    kept = sign(
        "retention-schedules",
        {
            "data": "What is kept about employees, with their pay.",
            "trigger": "contract_end",
            "duration": "P6Y",
            "max_cap": "P50Y",
            "action": "erase",
        },
    )
    activity = officer.post(
        "processing-activities",
        {
            "organization_id": organization,
            "name": f"Pay review ({RUN})",
            "purpose_ids": [purpose],
            "asset_ids": [asset],
            "data_subject_categories": ["Employee"],
            "no_recipients_confirmed": True,
            "no_transfers_confirmed": True,
            "security_measures": ["encryption", "confidentiality"],
            "particulars": {
                "business_function": "Personnel",
                "dpo": "Data protection officer, dpo@example.org",
                "personal_data": [{"category": "PersonalData", "columns": "*", "retention": kept}],
                "identifiability": "identified",
                "sources": ["data_subject"],
                "privacy_notice": "Notice for employees, version 3",
                "automation": "none",
                "places": [{"country": "DE", "use": "storage_and_compute"}],
                "subjects_band": "under_100",
            },
        },
    )["id"]
    officer.post(f"processing-activities/{activity}/submit")
    officer2.post(f"processing-activities/{activity}/approve")
    screened = sign(
        "impact-assessments",
        {"activities": [activity], **dict.fromkeys(SCREENED, False), "is_vulnerable": True},
    )
    officer2.post(f"impact-assessments/{screened}/step", {"step": "not-needed"})
    sign(
        "data-sheets",
        {
            "assets": [asset],
            "countries": "DE",
            "is_pinned": False,
            "direct_identifiers": "full_name",
            "has_pseudonymised_view": False,
            "is_revealing": False,
        },
    )
    say("officers", "record a purpose with its lawful basis and a processing activity; another approves")
    return str(purpose)


def ask(scientist: Caller, asset: str, purpose: str) -> str:
    """The scientist looks what is needed, and asks."""
    draft = {
        "items": [{"asset_id": asset}],
        "purpose_id": purpose,
        "actions": ["read"],
        "ends_on": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86400)),
        "justification": "Yearly review of pay.",
    }
    preview = scientist.post("access-requests/preview", draft)
    stages = ", then ".join(stage["name"] for stage in preview["stages"])
    say("scientist", f"sees before asking: {preview['effect']}, decided by {stages}")
    request = scientist.post("access-requests", {**draft, "submit": True})
    say("scientist", f"asks: {request['ref']}")
    return str(request["id"])


def decide(approver: Caller, request: str) -> None:
    """Approve exactly what was read: this revision, this evaluation."""
    assert request in {waiting["id"] for waiting in approver.get("access-requests/inbox")["results"]}
    seen = approver.get(f"access-requests/{request}")
    named = {"revision_sha256": seen["revision_sha256"], "decision_id": seen["decision"]["id"]}
    answer = approver.post(f"access-requests/{request}/approve", {**named, "reason": "Agreed."})
    say(approver.name, f"finds it in the inbox, reads it and approves; the request is {answer['state']}")


def put_into_the_lake(key: str, text: str) -> None:
    """What a pipeline does in real life: the files come to lie in the lake."""
    keys = json.loads((STATE / "demo-lake.json").read_text())
    loader = boto3.client(
        "s3",
        endpoint_url=keys["URL"],
        region_name="us-east-1",
        aws_access_key_id=keys["LOADER_KEY"],
        aws_secret_access_key=keys["LOADER_SECRET"],
    )
    loader.put_object(Bucket=BUCKET, Key=key, Body=text.encode())


def client_with(key: dict[str, str]) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=key["endpoint"],
        region_name=key["region"],
        aws_access_key_id=key["access_key_id"],
        aws_secret_access_key=key["secret_access_key"],
        aws_session_token=key["session_token"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def refused(operation: Any, **arguments: Any) -> None:
    try:
        operation(**arguments)
    except ClientError as refusal:
        assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 403, refusal
    else:
        raise SystemExit(f"The lake let through what it had to refuse: {arguments}")


def say(who: str, what: str) -> None:
    print(f"{who:>10}  {what}")


if __name__ == "__main__":
    main()

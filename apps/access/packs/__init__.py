"""Evidence of a decision, for somebody who trusts nobody: every file hashed, the whole signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from apps.access.facts import revision_content
from apps.access.models import Decision, Request
from apps.access.packs import contents, trail
from apps.access.packs.checks import Checked, checks_of
from apps.access.packs.files import USE, File, Pack, as_json, as_table, packed
from apps.access.packs.readme import README
from apps.access.packs.summary import summary_of
from apps.compliance.queries.behind import Behind, records_behind
from apps.kernel.contributions import Exhibit, Question, exhibits_of
from apps.policy.snapshot import canonical_bytes, moment

SHOWING_EVIDENCE = Question(name="access.export_evidence", about="request")
"""Floors above show what they know of the grants of the request."""
KEYS = "keys"


def pack_of(request: Request, decision: Decision, *, at: datetime) -> tuple[Pack, str]:
    """The pack, and the root of the tree of trail entries in it. Reads only."""
    case = contents.case_of(request, decision)
    assets = [item.asset for item in case.revision.asked]
    records = records_behind(
        case.revision.purpose,
        [each.uid for each in assets],
        [each.pk for each in assets],
        at=decision.created_at,
    )
    exhibits = exhibits_of(SHOWING_EVIDENCE, request.uid)
    subjects: set[UUID] = case.subjects.union(*(exhibit.subjects for exhibit in exhibits))
    extract = trail.extract_of(request.organization_id, subjects)
    checks = checks_of(decision, case.verdicts, records, extract)
    keys = next((len(exhibit.rows) for exhibit in exhibits if exhibit.name == KEYS), 0)
    files = (
        File(name="README.txt", content=README.encode(), told="What this is, and how to verify it."),
        File(
            name="summary.pdf",
            content=summary_of(case, records, checks, keys, at=at),
            told="One page for people.",
        ),
        *_decided(case, extract),
        *_recorded(records),
        *(_exhibited(exhibit) for exhibit in exhibits),
        *trail.files_of(extract, case.people),
        as_json("checks.json", _checked(checks, extract), "What was looked at when the pack was made."),
    )
    about = {
        "request": request.ref,
        "request_uid": str(request.uid),
        "decision_uid": str(decision.uid),
        "decided_at": moment(decision.created_at),
        "organization": request.organization.name,
        "revision_sha256": case.revision.sha256,
        "facts_sha256": decision.facts_sha256,
        "rulebook_sha256": decision.rulebook.sha256,
        "trail_root": extract.root,
        "trail_entries": len(extract.events),
    }
    name = f"evidence-{request.ref}-{at:%Y%m%dT%H%M%S}Z.zip"
    return packed(name, files, about, at=at), extract.root


def _decided(case: contents.Case, extract: trail.Extract) -> tuple[File, ...]:
    decision = case.decision
    rules = contents.rule_rows(decision)
    return (
        as_json(
            "decision.json",
            contents.decision_of(case, contents.proofs_in(extract.events)),
            "The answer of policy, the route, who said what, and by what they had proved themselves.",
        ),
        File(
            name="request.json",
            content=canonical_bytes(revision_content(case.revision)),
            told="The request as it was submitted; its SHA-256 is the hash that every verdict names.",
        ),
        File(
            name="facts.json",
            content=canonical_bytes(decision.facts),
            told="What policy saw; its SHA-256 stands in the decision.",
        ),
        as_table("rules.csv", contents.RULE_COLUMNS, rules, "Every rule with its result."),
        File(
            name="trace.json",
            content=canonical_bytes(decision.trace),
            told="Everything that policy found.",
        ),
        File(
            name="rulebook.json",
            content=canonical_bytes(decision.rulebook.document),
            told="The rules in force; its SHA-256 stands in the decision.",
        ),
        as_json(
            "grants.json", contents.grants_of(case), "The grants, what they oblige to, and how they stand."
        ),
        as_json("conditions.json", contents.conditions_of(case), "Conditions, and what was shown for them."),
        as_json("agreements.json", contents.agreements_of(case), "Agreements that stand on the data."),
    )


def _recorded(records: tuple[Behind, ...]) -> tuple[File, ...]:
    files = {
        contents.record_file(each): File(
            name=contents.record_file(each), content=each.content, told=f"{each.ref}, {each.name}"
        )
        for each in records
    }
    listed = as_json(
        "records.json",
        contents.records_in(records),
        "The records in force when it was decided, and who approved.",
    )
    return (listed, *files.values())


def _exhibited(exhibit: Exhibit) -> File:
    return as_json(f"{exhibit.name}.json", list(exhibit.rows), exhibit.told)


def _checked(checks: tuple[Checked, ...], extract: trail.Extract) -> dict[str, Any]:
    return {
        "checks": [
            {"check": each.code, "says": str(each.says), "holds": each.holds, "detail": list(each.detail)}
            for each in checks
        ],
        "trail": {
            "entries": len(extract.events),
            "root": extract.root,
            "what_it_proves": (
                "That the entries are those of the moment of the export. The export itself stands in the "
                "trail with this root, so that a trail that is sealed later covers it."
            ),
        },
    }


__all__ = ["SHOWING_EVIDENCE", "USE", "Pack", "pack_of"]

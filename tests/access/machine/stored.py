"""What is stored, read past the code under test."""

from __future__ import annotations

from typing import Any

from django.db import connection

STATE_AFTER = {
    "access.request.drafted": None,
    "access.request.amended": None,
    "access.request.asked": None,
    "access.request.answered": None,
    "access.grant.extension_drafted": None,
    "access.grant.superseded": "superseded",
    "access.request.reevaluated": None,
    "access.request.decided": None,
    "access.request.submitted": "in_review",
    "access.request.approved": "approved",
    "access.request.rejected": "rejected",
    "access.request.returned": "returned",
    "access.request.withdrawn": "withdrawn",
    "access.request.awaits_conditions": "awaiting_conditions",
    "access.request.reopened": "in_review",
    "access.condition.met": None,
    "access.glass.broken": None,
    "access.glass.reviewed": None,
    "access.request.lapsed": "lapsed",
    "access.request.recused": None,
    "access.request.reassigned": None,
    "access.request.reminded": None,
    "access.request.unroutable": None,
    "access.request.routable": None,
    "access.grant.created": None,
    "access.grant.activated": "active",
    "access.grant.revoked": "revoked",
    "access.grant.given_back": "given_back",
    "access.grant.expired": "expired",
    "access.grant.suspended": "suspended",
    "access.grant.resumed": "as it says",
}
"""The state that an entry of the trail tells of."""
STORED = """
SELECT 'request', id, uid, state, '' FROM access_request
UNION ALL SELECT 'grant', id, uid, state, '' FROM access_grant
UNION ALL SELECT 'trail', id, subject_uid, name, data->>'state' FROM audit_auditevent
WHERE id > %s AND outcome = 'done' AND name LIKE 'access.%%'
ORDER BY 1, 2
"""
FAULTS = """
SELECT 'a grant without a complete route', g.uid::text FROM access_grant g
JOIN access_revision v ON v.id = g.revision_id JOIN access_request r ON r.id = v.request_id
JOIN access_decision d ON d.id = g.decision_id
WHERE g.uid <> ALL(%s) AND NOT g.is_break_glass AND NOT (
    r.state = 'approved' AND d.effect IN ('permit', 'refer')
    AND d.id = (SELECT max(newer.id) FROM access_decision newer WHERE newer.revision_id = v.id)
    AND NOT EXISTS (SELECT FROM access_stage t WHERE t.decision_id = d.id AND t.closed_at IS NULL)
    AND NOT EXISTS (
        SELECT FROM access_stage t JOIN access_slot s ON s.stage_id = t.id
        LEFT JOIN access_verdict y ON y.slot_id = s.id
        WHERE t.decision_id = d.id AND coalesce(y.kind, '') NOT IN ('approve', 'opinion')))
UNION ALL
SELECT 'two grants of the same', g.revision_id::text FROM access_grant g
GROUP BY g.revision_id, g.person_id, g.service_account_id, g.asset_id HAVING count(*) > 1
UNION ALL
SELECT 'a verdict of a party, or on another text', y.uid::text FROM access_verdict y
JOIN access_revision v ON v.id = y.revision_id JOIN access_request r ON r.id = v.request_id
WHERE y.person_id IN (v.person_id, v.edited_by_id, r.requester_id) OR y.revision_sha256 <> v.sha256
UNION ALL
SELECT 'two verdicts of one person', y.decision_id::text FROM access_verdict y
GROUP BY y.decision_id, y.person_id HAVING count(*) > 1
UNION ALL
SELECT 'an entry in the trail of nobody', e.name FROM audit_auditevent e
WHERE e.organization_id IS NULL AND e.name ~ '^access[.](request|grant|condition|glass)[.]'
"""


def answered(question: str, *given: Any) -> list[tuple[Any, ...]]:
    """Read past the code under test, in as few statements as there are questions."""
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())

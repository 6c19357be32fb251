"""Whether anything was done since a moment: what was read then can be relied on for as long as nothing was.

A moment is a snapshot of the database. What was committed later is not visible in it, whatever its number:
ids of the trail are drawn before their transactions are committed. Of its own transaction it says nothing,
since a snapshot does not list that among those at work: there the ids tell, which are drawn in order.
"""

from __future__ import annotations

from django.db import connection

from apps.kernel.questions import planned_once

_NOW = "SELECT pg_current_snapshot()::text, (SELECT coalesce(max(id), 0) FROM audit_auditevent)"
_DONE_SINCE = """
SELECT EXISTS (
    SELECT FROM audit_auditevent
    WHERE xid >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
      AND CASE WHEN xid IS NOT DISTINCT FROM pg_current_xact_id_if_assigned() THEN id > %(newest)s
               ELSE NOT pg_visible_in_snapshot(xid, %(snapshot)s::pg_snapshot) END
      AND outcome = 'done'
      AND name NOT LIKE %(besides)s
)
"""


def this_moment() -> str:
    """To be taken before reading what it is to vouch for. One statement."""
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_NOW)
        snapshot, newest = cursor.fetchone()
    return f"{snapshot} {newest}"


def was_anything_done(since: str, *, besides: str) -> bool:
    """Whether a command of any app but this one was committed after the moment, or came after it in this
    transaction. One statement."""
    snapshot, _, newest = since.partition(" ")
    given: dict[str, int | str] = {
        "snapshot": snapshot,
        "newest": int(newest),
        "besides": f"{besides}.%",
    }
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_DONE_SINCE, given)
        return bool(cursor.fetchone()[0])

"""Everything that versions were made from, and everything that was made from them, without an end."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection

from apps.catalog.models.version import InputRole

HANDED_DOWN = (InputRole.SOURCE, InputRole.TRAINING, InputRole.BASE_MODEL)
"""What a version was validated with is not in it: it counts for access, not for erasure."""
EVERY_ROLE = tuple(InputRole)

# UNION removes what was met before: it ends, also in a circle, which the database does not let in.
_DOWN = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%(versions)s::bigint[])
    UNION SELECT i.version_id FROM reached r JOIN catalog_versioninput i ON i.input_id = r.id
    WHERE i.role = ANY(%(roles)s)
)
SELECT i.input_id, i.version_id FROM catalog_versioninput i
JOIN reached r ON r.id = i.input_id WHERE i.role = ANY(%(roles)s) ORDER BY i.id
"""
_UP = """
WITH RECURSIVE reached(id) AS (
    SELECT unnest(%(versions)s::bigint[])
    UNION SELECT i.input_id FROM reached r JOIN catalog_versioninput i ON i.version_id = r.id
    WHERE i.role = ANY(%(roles)s)
)
SELECT i.version_id, i.input_id FROM catalog_versioninput i
JOIN reached r ON r.id = i.version_id WHERE i.role = ANY(%(roles)s) ORDER BY i.id
"""


def made_from(
    versions: Collection[int], roles: Collection[InputRole] = HANDED_DOWN
) -> Mapping[int, int | None]:
    """Every version that holds something of these, with the one it came through; these come through none.

    The shortest way is kept. One query, whoever looks.
    """
    return _walked(_DOWN, versions, roles)


def inputs_of(
    versions: Collection[int], roles: Collection[InputRole] = EVERY_ROLE
) -> Mapping[int, int | None]:
    """Every version that these were made from, with the one that it is an input of; one query."""
    return _walked(_UP, versions, roles)


def _walked(walk: str, versions: Collection[int], roles: Collection[InputRole]) -> Mapping[int, int | None]:
    with connection.cursor() as cursor:
        named = [role.value for role in roles]
        cursor.execute(walk, {"versions": list(versions), "roles": named})
        edges: list[tuple[int, int]] = cursor.fetchall()
    return _shortest(versions, edges)


def _shortest(versions: Collection[int], edges: Collection[tuple[int, int]]) -> dict[int, int | None]:
    further: dict[int, list[int]] = {}
    for near, far in edges:
        further.setdefault(near, []).append(far)
    through: dict[int, int | None] = dict.fromkeys(versions)
    front = list(versions)
    while front:
        met = []
        for near in front:
            for far in further.get(near, ()):
                if far not in through:
                    through[far] = near
                    met.append(far)
        front = met
    return through

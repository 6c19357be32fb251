"""Everything that versions were made from, and everything that was made from them, without an end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, Func, OuterRef, QuerySet

from apps.catalog.models import AssetVersion
from apps.catalog.models.version import InputRole
from apps.kernel.questions import KEYS, Given

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


class InputKeys(Func):
    """Keys of everything that the version of this key was made from, within another statement."""

    template = """ARRAY(
        WITH RECURSIVE up(id) AS (
            SELECT input_id FROM catalog_versioninput WHERE version_id = %(expressions)s
            UNION SELECT i.input_id FROM up JOIN catalog_versioninput i ON i.version_id = up.id
        ) SELECT id FROM up)"""

    def __init__(self, version: F | OuterRef) -> None:
        super().__init__(version, output_field=KEYS)


class KeysWithInputs(Func):
    """These keys of versions and those of everything they were made from, within another statement; `also`
    are the keys that a further query finds."""

    template = """ARRAY(
        WITH RECURSIVE up(id) AS (
            SELECT unnest(%(expressions)s)
            UNION SELECT i.input_id FROM up JOIN catalog_versioninput i ON i.version_id = up.id
        ) SELECT id FROM up)"""
    arg_joiner = " || "

    def __init__(self, versions: Given, also: QuerySet[Any, Any] | None = None) -> None:
        further = () if also is None else (ArraySubquery(also.order_by()),)
        super().__init__(versions, *further, output_field=KEYS)


def made_from(
    versions: Collection[int], roles: Collection[InputRole] = HANDED_DOWN
) -> Mapping[int, int | None]:
    """Every version that holds something of these, with the one it came through; these come through none.

    The shortest way is kept. One query, whoever looks.
    """
    return _walked(_DOWN, versions, roles)


def all_made_from(**about: UUID) -> Collection[int]:
    """Keys of the versions of which this holds, and of everything made from them. Two queries."""
    named = AssetVersion.objects.filter(**about).values_list("pk", flat=True)
    return made_from(list(named), EVERY_ROLE).keys()


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

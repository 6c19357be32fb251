"""What a version was made from, and what was made from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from apps.catalog.lifecycle import AssetState
from apps.catalog.models import AssetVersion, VersionInput
from apps.kernel.actor import Actor
from apps.kernel.contributions import Affected

MOST_STEPS = 4
MOST_EDGES = 200

# UNION removes what was met before, so that a circle, which the commands do not let in, would end as well.
_WALK = """
WITH RECURSIVE up(id, depth) AS (
    SELECT %(version)s::bigint, 0
    UNION SELECT i.input_id, up.depth + 1 FROM up JOIN catalog_versioninput i ON i.version_id = up.id
    WHERE up.depth < %(steps)s
), down(id, depth) AS (
    SELECT %(version)s::bigint, 0
    UNION SELECT i.version_id, down.depth + 1 FROM down JOIN catalog_versioninput i ON i.input_id = down.id
    WHERE down.depth < %(steps)s
)
SELECT i.input_id, i.version_id, i.role FROM catalog_versioninput i
WHERE i.version_id IN (SELECT id FROM up WHERE depth < %(steps)s)
   OR i.input_id IN (SELECT id FROM down WHERE depth < %(steps)s)
ORDER BY i.id LIMIT %(edges)s
"""

_DOWN = """
WITH RECURSIVE down(id) AS (
    SELECT version_id FROM catalog_versioninput WHERE input_id IN ({versions})
    UNION SELECT i.version_id FROM down JOIN catalog_versioninput i ON i.input_id = down.id
)
SELECT v.uid, v.row_version FROM down JOIN catalog_assetversion v ON v.id = down.id
"""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """`role` is what the input was used for."""

    input: AssetVersion
    output: AssetVersion
    role: str


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """Seen from `version`: every edge between what it was made from and what was made from it."""

    version: AssetVersion
    edges: tuple[Edge, ...]


def lineage_of(actor: Actor, version: AssetVersion) -> Lineage:
    """As far as the actor may see, four steps in both directions; what is hidden is not walked through.

    Two queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WALK, {"version": version.pk, "steps": MOST_STEPS, "edges": MOST_EDGES})
        rows = cursor.fetchall()
    met = {version.pk} | {key for row in rows for key in row[:2]}
    visible = AssetVersion.objects.visible_to(actor).filter(pk__in=met).select_related("asset")
    seen = {row.pk: row for row in visible}
    edges = [(source, target, role) for source, target, role in rows if source in seen and target in seen]
    reached = _reached(version.pk, edges)
    return Lineage(
        version=version,
        edges=tuple(
            Edge(input=seen[source], output=seen[target], role=role)
            for source, target, role in edges
            if source in reached and target in reached
        ),
    )


def views_holding(actor: Actor, versions: Collection[int], columns: Collection[str]) -> list[AssetVersion]:
    """What the house made of these versions, is published and seen, and holds these columns and no others;
    the newest first. Two queries."""
    edges = VersionInput.objects.filter(input__in=versions, carried__isnull=False).order_by("-pk")
    fitting = [
        key for key, carried in edges.values_list("version", "carried") if set(carried or ()) == set(columns)
    ]
    found = AssetVersion.objects.visible_to(actor).filter(pk__in=fitting, asset__state=AssetState.PUBLISHED)
    return list(found.select_related("asset").order_by("-pk"))


def made_from_asset(asset_uid: UUID) -> Iterator[Affected]:
    """Every version that was made from one of the asset, however many steps on, whoever looks. One query."""
    yield from derived_from(AssetVersion.objects.filter(asset__uid=asset_uid))


def derived_from(versions: QuerySet[AssetVersion]) -> Iterator[Affected]:
    """The same, of any versions. One query."""
    of_them, given = versions.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_DOWN.format(versions=of_them), given)
        for uid, row_version in cursor.fetchall():
            yield Affected(kind="version", uid=uid, row_version=row_version)


def _reached(start: int, edges: list[tuple[int, int, str]]) -> set[int]:
    """What hangs together with the start, going only up from it and only down from it."""
    reached = {start}
    for is_up in (True, False):
        front = {start}
        while front:
            near = {
                (source if is_up else target)
                for source, target, _ in edges
                if (target if is_up else source) in front
            }
            front = near - reached
            reached |= near
    return reached

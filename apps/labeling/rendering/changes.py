"""What is answered otherwise in one label set than in another: counted, and listed item by item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from apps.labeling.models import LabelSet

MOST_ROWS = 100
MOST_LABELS = 10

_ONE = """
    SELECT item, jsonb_object_agg(label, given) AS said
    FROM (
        SELECT item, label, count(*) AS given FROM labeling_label
        WHERE label_set_id = %s AND NOT was_cancelled AND NOT is_gold AND NOT is_machine
        GROUP BY item, label
    ) AS counted GROUP BY item
"""
_CHANGES = f"""
WITH first AS ({_ONE}), second AS ({_ONE}),
both_sets AS MATERIALIZED (
    SELECT coalesce(first.item, second.item) AS item, first.said AS first, second.said AS second
    FROM first FULL JOIN second ON first.item = second.item
),
counted AS (
    SELECT count(*) FILTER (WHERE first = second),
        count(*) FILTER (WHERE first IS NOT NULL AND second IS NOT NULL AND first <> second),
        count(*) FILTER (WHERE second IS NULL), count(*) FILTER (WHERE first IS NULL)
    FROM both_sets
),
listed AS (
    SELECT item, first, second FROM both_sets
    WHERE first IS DISTINCT FROM second AND item COLLATE "C" > %s
    ORDER BY item COLLATE "C" LIMIT %s
)
SELECT * FROM counted LEFT JOIN listed ON true ORDER BY item COLLATE "C"
"""  # noqa: S608 - put together from nothing that was given


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Of items: `changed` are in both sets and answered otherwise."""

    same: int
    changed: int
    only_first: int
    only_second: int

    @property
    def differing(self) -> int:
        return self.changed + self.only_first + self.only_second


@dataclass(frozen=True, kw_only=True)
class Change:
    """How many people gave which label; nothing, where the item is not in the set."""

    item: str
    first: Mapping[str, int] | None
    second: Mapping[str, int] | None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """`next` is the item after which the list goes on, empty at its end."""

    counts: Counts
    rows: tuple[Change, ...]
    next: str


def changes_between(first: LabelSet, second: LabelSet, *, after: str = "") -> Changes:
    """By what people answered, whoever they were, and not by where on an item they drew it. One query, which
    puts the answers together once."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [first.pk, second.pk, after, MOST_ROWS + 1])
        found = cursor.fetchall()
    same, changed, only_first, only_second = found[0][:4]
    rows = tuple(
        Change(item=item, first=_said(one), second=_said(other))
        for *_counts, item, one, other in found
        if item is not None
    )
    return Changes(
        counts=Counts(same=same, changed=changed, only_first=only_first, only_second=only_second),
        rows=rows[:MOST_ROWS],
        next=rows[MOST_ROWS - 1].item if len(rows) > MOST_ROWS else "",
    )


def _said(told: str | Mapping[str, int] | None) -> Mapping[str, int] | None:
    """Those that most gave, as many as a line has room for."""
    if told is None:
        return None
    counted: Mapping[str, int] = json.loads(told) if isinstance(told, str) else told
    most = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return dict(most[:MOST_LABELS])

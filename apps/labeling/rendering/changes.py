"""What is answered otherwise in one label set than in another: counted, and listed item by item."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from apps.kernel.actor import Actor
from apps.labeling.models import LabelSet
from apps.labeling.rendering.readers import reader_of

MOST_ROWS = 100
MOST_LABELS = 10

_PLACE = """
    CASE WHEN is_region THEN concat_ws(' ',
        round("left"::numeric, 2), round(top::numeric, 2), round(width::numeric, 2),
        round(height::numeric, 2), md5(area)) ELSE '' END
"""
"""In hundredths of whatever the file counts in; an area, as it covers it."""
_ONE = f"""
    SELECT item, jsonb_object_agg(label, given) FILTER (WHERE kind = 'people') AS people,
        jsonb_object_agg(label, given) FILTER (WHERE kind = 'gold') AS gold,
        jsonb_object_agg(label, given) FILTER (WHERE kind = 'machine') AS machine,
        string_agg(places, '|' ORDER BY kind, label) AS places
    FROM (
        SELECT item, kind, label, count(*) AS given, string_agg(place, ';' ORDER BY place) AS places
        FROM (
            SELECT item, label, {_PLACE} AS place,
                CASE WHEN is_gold THEN 'gold' WHEN is_machine THEN 'machine' ELSE 'people' END AS kind
            FROM labeling_label WHERE label_set_id = %s AND NOT was_cancelled
        ) AS placed GROUP BY item, kind, label
    ) AS counted GROUP BY item
"""  # noqa: S608 - put together from nothing that was given
_CHANGES = f"""
WITH first AS ({_ONE}), second AS ({_ONE}),
both_sets AS MATERIALIZED (
    SELECT coalesce(first.item, second.item) AS item,
        first.people AS first, second.people AS second,
        jsonb_build_array(first.gold, second.gold) AS gold,
        jsonb_build_array(first.machine, second.machine) AS machine,
        first.places IS DISTINCT FROM second.places AS is_moved,
        first.item IS NOT NULL AS in_first, second.item IS NOT NULL AS in_second,
        (first.people, first.gold, first.machine, first.places)
            IS NOT DISTINCT FROM (second.people, second.gold, second.machine, second.places) AS is_same
    FROM first FULL JOIN second ON first.item = second.item
),
counted AS (
    SELECT count(*) FILTER (WHERE is_same), count(*) FILTER (WHERE in_first AND in_second AND NOT is_same),
        count(*) FILTER (WHERE NOT in_second), count(*) FILTER (WHERE NOT in_first)
    FROM both_sets
),
listed AS (
    SELECT item, first, second, gold, machine, is_moved, in_first, in_second FROM both_sets
    WHERE NOT is_same AND item COLLATE "C" > %s
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


Pair = tuple[Mapping[str, int], Mapping[str, int]]
"""By label, of the first set and of the second."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """How many people gave which label; nothing, where the item is not in the set. What is true by gold and
    what a machine said are told as a pair where they differ. `is_moved`: the labels are the same, and
    something was drawn elsewhere."""

    item: str
    first: Mapping[str, int] | None
    second: Mapping[str, int] | None
    gold: Pair | None = None
    machine: Pair | None = None
    is_moved: bool = False


@dataclass(frozen=True, kw_only=True)
class Changes:
    """`next` is the item after which the list goes on, empty at its end. `are_listed`: single items are."""

    counts: Counts
    rows: tuple[Change, ...]
    next: str
    are_listed: bool = True


def changes_shown_to(actor: Actor, first: LabelSet, second: LabelSet, *, after: str = "") -> Changes:
    """Whoever may see the data reads how many. What was said of single items, and what is true of them, is
    for readers of labels."""
    are_listed = bool(reader_of(actor, first.version.asset))
    return changes_between(first, second, after=after, are_listed=are_listed)


def changes_between(
    first: LabelSet, second: LabelSet, *, after: str = "", are_listed: bool = True
) -> Changes:
    """By what people answered, whoever they were, and where they drew it, what is true by gold, and what
    machines said. One query, which puts the answers together once."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [first.pk, second.pk, after, MOST_ROWS + 1 if are_listed else 0])
        found = cursor.fetchall()
    same, changed, only_first, only_second = found[0][:4]
    rows = tuple(_change(*row[4:]) for row in found if row[4] is not None)
    return Changes(
        counts=Counts(same=same, changed=changed, only_first=only_first, only_second=only_second),
        rows=rows[:MOST_ROWS],
        next=rows[MOST_ROWS - 1].item if len(rows) > MOST_ROWS else "",
        are_listed=are_listed,
    )


def _change(
    item: str,
    first: Told,
    second: Told,
    gold: str | Sequence[Told],
    machine: str | Sequence[Told],
    is_moved: bool,
    in_first: bool,
    in_second: bool,
) -> Change:
    in_both = in_first and in_second
    one, other = _said(first) if in_first else None, _said(second) if in_second else None
    truth, by_machine = _pair(gold), _pair(machine)
    return Change(
        item=item,
        first=one,
        second=other,
        gold=truth,
        machine=by_machine,
        is_moved=in_both and is_moved and one == other and truth is None and by_machine is None,
    )


Told = str | Mapping[str, int] | None


def _pair(told: str | Sequence[Told]) -> Pair | None:
    one, other = json.loads(told) if isinstance(told, str) else told
    return None if one == other else (_said(one), _said(other))


def _said(told: Told) -> Mapping[str, int]:
    """Those that most gave, as many as a line has room for."""
    counted: Mapping[str, int] = json.loads(told) if isinstance(told, str) else told or {}
    most = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return dict(most[:MOST_LABELS])

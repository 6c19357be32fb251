"""What to ask for instead: the shortest edits of a request after which less stands in its way.

Every edit asks for less, or for the same otherwise; the engine itself says what would come of it, so that no
edit is offered that would not help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from itertools import combinations
from typing import Any

from apps.policy.decision import Decision, Effect
from apps.policy.engine import decide
from apps.policy.facts import Action, RequestFacts
from apps.policy.house.matches import Comparison
from apps.policy.rulebook import Rulebook

MOST_EVALUATIONS = 40
MOST_OFFERED = 3
USUAL_DAYS = (365, 180, 90, 30, 7)
MILDER = {Action.EXPORT: Action.READ, Action.SHARE: Action.READ, Action.DEPLOY: Action.INVOKE}


class EditKind(StrEnum):
    SHORTEN = "shorten"
    OTHER_ACTION = "other_action"
    DROP_ACTION = "drop_action"
    DROP_COLUMNS = "drop_columns"
    DROP_ASSET = "drop_asset"
    OTHER_PLACE = "other_place"
    OTHER_PURPOSE = "other_purpose"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """`what` names what is left out, or taken instead: columns, an action, days, a country, a purpose."""

    kind: EditKind
    what: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Edits that together help, and what policy would say then."""

    edits: tuple[Edit, ...]
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class _Possible:
    edit: Edit
    apply: Callable[[RequestFacts], RequestFacts | None]


def offers_for(
    facts: RequestFacts,
    decision: Decision,
    rulebook: Rulebook,
    *,
    other_purposes: Iterable[RequestFacts] = (),
    other_places: Iterable[str] = (),
) -> tuple[Offer, ...]:
    """At most three, those of one edit first, and of these the laxest. None where nothing stands in the way.

    `other_purposes` are the facts of the same wish for other purposes, which only the caller can look up.
    """
    if decision.effect is Effect.PERMIT:
        return ()
    possible = list(_possible(facts, decision, rulebook, tuple(other_purposes), tuple(other_places)))
    found: list[Offer] = []
    left = MOST_EVALUATIONS
    for size in (1, 2):
        for chosen in combinations(possible, size):
            if left == 0 or (size > 1 and found):
                break
            if size > 1 and chosen[0].edit.kind is chosen[1].edit.kind:
                continue
            changed = _applied(facts, chosen)
            if changed is None:
                continue
            left -= 1
            answer = decide(changed, rulebook)
            if _is_better(answer, decision):
                found.append(Offer(edits=tuple(each.edit for each in chosen), decision=answer))
    found.sort(
        key=lambda offer: (len(offer.edits), -offer.decision.effect.laxness, len(offer.decision.stages))
    )
    return tuple(found[:MOST_OFFERED])


def _applied(facts: RequestFacts, chosen: Iterable[_Possible]) -> RequestFacts | None:
    changed: RequestFacts | None = facts
    for each in chosen:
        changed = each.apply(changed) if changed is not None else None
    return None if changed == facts else changed


def _is_better(answer: Decision, before: Decision) -> bool:
    """A denial or a missing record is gone, nobody has to be asked, or one stage less."""
    if answer.effect.laxness != before.effect.laxness:
        return answer.effect.laxness > before.effect.laxness
    if answer.effect is not before.effect:
        return before.effect is Effect.DENY
    asked, now = ({stage.name for stage in each.stages} for each in (before, answer))
    return answer.effect is Effect.REFER and now < asked


def _possible(
    facts: RequestFacts,
    decision: Decision,
    rulebook: Rulebook,
    others: tuple[RequestFacts, ...],
    places: tuple[str, ...],
) -> Iterator[_Possible]:
    yield from _other_actions(facts)
    yield from _fewer_columns(facts, decision)
    yield from _shorter(facts, rulebook)
    for asset in facts.assets if len(facts.assets) > 1 else ():
        yield _Possible(
            edit=Edit(kind=EditKind.DROP_ASSET, what=(asset.uid,)),
            apply=partial(_without_asset, uid=asset.uid),
        )
    for place in places:
        if place != facts.place_of_processing:
            yield _Possible(
                edit=Edit(kind=EditKind.OTHER_PLACE, what=(place,)),
                apply=partial(_with, place_of_processing=place),
            )
    for other in others:
        yield _Possible(
            edit=Edit(kind=EditKind.OTHER_PURPOSE, what=(other.purpose.uid,)),
            apply=partial(_for_purpose, facts=facts, other=other),
        )


def _with(facts: RequestFacts, **changed: Any) -> RequestFacts:
    return replace(facts, **changed)


def _ending_after(facts: RequestFacts, days: int) -> RequestFacts:
    return replace(facts, ends_at=facts.starts_at + timedelta(days=days))


def _for_purpose(changed: RequestFacts, facts: RequestFacts, other: RequestFacts) -> RequestFacts | None:
    """Assets look otherwise for another purpose, so this is only tried on the request as it stands."""
    return other if changed is facts else None


def _other_actions(facts: RequestFacts) -> Iterator[_Possible]:
    for action in sorted(facts.actions):
        rest = facts.actions - {action}
        if action in MILDER:
            instead = rest | {MILDER[action]}
            yield _Possible(
                edit=Edit(kind=EditKind.OTHER_ACTION, what=(action.value, MILDER[action].value)),
                apply=partial(_with, actions=instead),
            )
        elif rest:
            yield _Possible(
                edit=Edit(kind=EditKind.DROP_ACTION, what=(action.value,)),
                apply=partial(_with, actions=rest),
            )


def _shorter(facts: RequestFacts, rulebook: Rulebook) -> Iterator[_Possible]:
    """The usual spans, and one below each that a rule of the house looks at. The longest first."""
    rules = rulebook.house.rules if rulebook.house is not None else ()
    days = [match for rule in rules for match in rule.when if match.fact == "days"]
    looked_at = {each.level - (each.test is Comparison.AT_LEAST) for each in days}
    asked = facts.ends_at - facts.starts_at
    for span in sorted(looked_at | set(USUAL_DAYS), reverse=True):
        if span > 0 and timedelta(days=span) < asked:
            yield _Possible(
                edit=Edit(kind=EditKind.SHORTEN, what=(str(span),)),
                apply=partial(_ending_after, days=span),
            )


def _fewer_columns(facts: RequestFacts, decision: Decision) -> Iterator[_Possible]:
    """Sets of columns that have something in common, each tried as one edit."""
    for names in dict.fromkeys(_column_sets(facts, decision)):
        yield _Possible(
            edit=Edit(kind=EditKind.DROP_COLUMNS, what=names),
            apply=partial(_without_columns, names=frozenset(names)),
        )


def _column_sets(facts: RequestFacts, decision: Decision) -> Iterator[tuple[str, ...]]:
    named = [(f"{asset.uid}/{column.name}", column) for asset in facts.assets for column in asset.columns]
    ranks = [column.class_rank for _, column in named if column.class_rank is not None]
    highest = max(ranks, default=0)
    sets = (
        frozenset(decision.droppable_columns),
        *(frozenset(finding.columns) for finding in decision.findings if finding.effect is Effect.BLOCK),
        frozenset(name for name, column in named if column.special_kinds),
        frozenset(name for name, column in named if column.is_criminal is not False),
        frozenset(name for name, column in named if column.class_rank == highest),
        frozenset(name for name, column in named if column.is_personal is not False),
    )
    for names in sets:
        if 0 < len(names) < len(named):
            yield tuple(sorted(names))


def _without_columns(facts: RequestFacts, names: frozenset[str]) -> RequestFacts | None:
    """An asset of which no column is left is dropped with them."""
    assets = []
    for asset in facts.assets:
        kept = tuple(column for column in asset.columns if f"{asset.uid}/{column.name}" not in names)
        if kept:
            assets.append(replace(asset, columns=kept))
    return replace(facts, assets=tuple(assets)) if assets else None


def _without_asset(facts: RequestFacts, uid: str) -> RequestFacts | None:
    assets = tuple(asset for asset in facts.assets if asset.uid != uid)
    return replace(facts, assets=assets) if assets else None

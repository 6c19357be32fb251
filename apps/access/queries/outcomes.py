"""What a request of several assets would come to for each of them alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apps.access.facts import Ask, Item
from apps.access.queries.evaluation import Answer, policy_of
from apps.policy.decision import Decision
from apps.policy.engine import decide


@dataclass(frozen=True, kw_only=True)
class AssetOutcome:
    item: Item
    decision: Decision


def outcomes_of(ask: Ask, answered: Answer) -> tuple[AssetOutcome, ...]:
    """From the facts that were read for the whole; nothing is read again. Empty for a single asset."""
    if len(ask.items) < 2:
        return ()
    rulebook = policy_of(answered.rulebook)
    by_uid = {facts.uid: facts for facts in answered.facts.assets}
    return tuple(
        AssetOutcome(
            item=item,
            decision=decide(replace(answered.facts, assets=(by_uid[str(item.asset.uid)],)), rulebook),
        )
        for item in ask.items
    )

"""What the portal finds by itself: automatic conditions, each a question to facts that are recorded.

What is not recorded is not met. The codes stand in `policy.conditions`, so that rules can name no others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext_noop

from apps.access.facts import Ask, ask_of, members_of, request_facts
from apps.access.models import Condition, TicketCheck
from apps.access.queries.agreements import missing_for
from apps.access.queries.grants import ask_again
from apps.accounts.models import Person
from apps.catalog.models import AssetKind, AssetVersion
from apps.policy.conditions import AutomaticCheck
from apps.policy.facts import NO_LIMIT, RequestFacts

AGREED = gettext_noop("Everybody who receives has accepted every agreement that stands on the data.")
COVERED = gettext_noop("An approved processing activity covers the purpose and every asset.")
CLEARED = gettext_noop("Who receives is cleared for the class of every column.")
UNDER_CONTRACT = gettext_noop("The contract of who receives is recorded and runs.")
SAID_OPEN = gettext_noop("The ticket system said again that the ticket is open.")
REGISTERED = gettext_noop("A model made from the data is registered, with the data as its input.")

Check = Callable[[Condition, Ask, datetime], bool]


def evidence_for(condition: Condition, *, at: datetime) -> str:
    """What shows that an automatic condition is met now; empty where it is not, or nobody knows."""
    if condition.code not in CHECKS:
        return ""
    check, evidence = CHECKS[AutomaticCheck(condition.code)]
    return evidence if check(condition, _ask(condition, at=at), at) else ""


def _ask(condition: Condition, *, at: datetime) -> Ask:
    """What is left of it in the grant, or the whole of what was decided."""
    if condition.grant is None:
        return ask_of(condition.decision.revision)
    return ask_again(condition.grant, condition.grant.version, at=min(at, condition.grant.not_before))


def _receivers(ask: Ask, at: datetime) -> list[Person]:
    return members_of(ask.project, at=at) if ask.project else [ask.person]


def _is_agreed(condition: Condition, ask: Ask, at: datetime) -> bool:
    return not missing_for(ask.items, _receivers(ask, at))


def _by_facts(holds: Callable[[RequestFacts], bool]) -> Check:
    return lambda condition, ask, at: holds(request_facts(ask, now=at))


def _is_covered(facts: RequestFacts) -> bool:
    purpose = facts.purpose.uid
    return all(any(purpose in each.purposes for each in asset.activities) for asset in facts.assets)


def _is_cleared(facts: RequestFacts) -> bool:
    ranks = [column.class_rank for asset in facts.assets for column in asset.columns]
    cleared = facts.subject.cleared_rank
    return cleared is not None and all(rank is not None and rank <= cleared for rank in ranks)


def _is_under_contract(facts: RequestFacts) -> bool:
    ends_on = facts.subject.contract_ends_on
    return ends_on is NO_LIMIT or (isinstance(ends_on, date) and ends_on > facts.now.date())


def _is_registered(condition: Condition, ask: Ask, at: datetime) -> bool:
    """Since the grant was made, and from any version of its asset."""
    if condition.grant is None:
        return False
    models = AssetVersion.objects.filter(asset__kind=AssetKind.MODEL, created_at__gte=condition.created_at)
    return models.filter(inputs__input__asset=condition.grant.asset_id).exists()


def _is_ticket_open(condition: Condition, ask: Ask, at: datetime) -> bool:
    """Every system that was asked anew has answered since; what it said is a fact of its own."""
    return not TicketCheck.objects.pending(condition.decision.revision_id).exists()


CHECKS: dict[str, tuple[Check, str]] = {
    AutomaticCheck.AGREEMENTS_ACCEPTED: (_is_agreed, AGREED),
    AutomaticCheck.ACTIVITY_APPROVED: (_by_facts(_is_covered), COVERED),
    AutomaticCheck.CLEARED_FOR_CLASS: (_by_facts(_is_cleared), CLEARED),
    AutomaticCheck.UNDER_CONTRACT: (_by_facts(_is_under_contract), UNDER_CONTRACT),
    AutomaticCheck.REGISTER_MODEL: (_is_registered, REGISTERED),
    AutomaticCheck.TICKET_OPEN: (_is_ticket_open, SAID_OPEN),
}

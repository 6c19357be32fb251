"""Asking policy, under the rulebook in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from apps.access.errors import RULEBOOK_MISSING
from apps.access.facts import Ask, request_facts, substance_of
from apps.access.models import Rulebook
from apps.accounts.models import Organization
from apps.kernel.errors import invalid_state
from apps.kernel.questions import Given, Question
from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.rulebook import Rulebook as PolicyRulebook


@dataclass(frozen=True)
class _Stored:
    """A rulebook that never changes, by the hash of its document."""

    sha256: str
    rulebook: Rulebook = field(compare=False)


@lru_cache(maxsize=64)
def _read(stored: _Stored) -> PolicyRulebook:
    return PolicyRulebook.from_dict(stored.rulebook.document)


def policy_of(rulebook: Rulebook) -> PolicyRulebook:
    """The rules of a stored rulebook, read once in each process."""
    return _read(_Stored(rulebook.sha256, rulebook))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A decision with what it was made from, not yet written down."""

    facts: RequestFacts
    decision: Decision
    rulebook: Rulebook
    substance: str


def current_rulebook(organization: Organization | int, *, at: datetime) -> Rulebook:
    """In force for the organization.  Raises: InvalidState; nothing is decided without rules."""
    key = organization.pk if isinstance(organization, Organization) else organization
    newest = _IN_FORCE.first(organization=key, at=at)
    if newest is None:
        raise invalid_state(RULEBOOK_MISSING)
    return newest


_IN_FORCE: Question[Rulebook] = Question(
    lambda: Rulebook.objects.in_force(Given("organization"), at=Given("at")).defer("document")[:1]
)


def answer(ask: Ask, *, at: datetime) -> Answer:
    """What policy says to this ask now. Reads, and writes nothing."""
    rulebook = current_rulebook(ask.requester.organization_id, at=at)
    facts = request_facts(ask, now=at)
    decision = decide(facts, policy_of(rulebook))
    return Answer(
        facts=facts,
        decision=decision,
        rulebook=rulebook,
        substance=substance_of(facts, decision),
    )

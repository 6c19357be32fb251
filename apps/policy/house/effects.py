"""What a rule of the house adds to an answer, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.policy.conditions import ConditionSpec
from apps.policy.decision import Decision, Effect, Limit, Unknown
from apps.policy.facts import Action, ColumnFacts, TicketStanding
from apps.policy.house.readings import CRIMINAL, PERSONAL, SPECIAL
from apps.policy.house.tickets import TicketForm
from apps.policy.reason import Reason, declare
from apps.policy.route import StageSpec
from apps.policy.rules.case import Case, names

HOUSE_RULE_DENIES = declare(
    "HOUSE_RULE_DENIES",
    "The rule %(rule)s of your organization refuses this (%(named)s): %(about)s",
    "%(fix)s",
)
HOUSE_RULE_BLOCKS = declare(
    "HOUSE_RULE_BLOCKS",
    "By the rule %(rule)s of your organization something is missing (%(named)s): %(about)s",
    "%(fix)s",
)
HOUSE_RULE_UNDECIDED = declare(
    "HOUSE_RULE_UNDECIDED",
    "Whether the rule %(rule)s of your organization refuses this is not known, for lack of: %(missing)s.",
    "Have them recorded; the request is then evaluated anew.",
)
HOUSE_RULE_ADDS = declare(
    "HOUSE_RULE_ADDS",
    "By the rule %(rule)s of your organization: %(about)s",
    "Nothing to do; or ask for less, so that the rule does not apply.",
)
HOUSE_RULE_GRANTS = declare(
    "HOUSE_RULE_GRANTS",
    "The rule %(rule)s of your organization grants this at once: %(about)s",
    "Nothing to do.",
)
BEYOND_CAP = declare(
    "BEYOND_CAP",
    "The rule %(rule)s of your organization does not reach as far as what is asked: %(beyond)s. %(about)s",
    "Leave these out of the request.",
)
TICKET_MISSING = declare(
    "TICKET_MISSING",
    "The rule %(rule)s of your organization asks for a ticket of %(system)s, and none is named.",
    "Name a ticket of the form %(form)s in the request.",
)
TICKET_MALFORMED = declare(
    "TICKET_MALFORMED",
    "«%(ticket)s» is no ticket of %(system)s, as the rule %(rule)s of your organization asks for.",
    "Name a ticket of the form %(form)s.",
)
TICKET_SYSTEM_MISSING = declare(
    "TICKET_SYSTEM_MISSING",
    "The rule %(rule)s of your organization has %(system)s asked about the ticket, and no system of that "
    "name is connected.",
    "Ask an administrator to connect %(system)s; the request then goes on by itself.",
)
TICKET_UNCHECKED = declare(
    "TICKET_UNCHECKED",
    "The ticket «%(ticket)s» has not been checked yet, as the rule %(rule)s of your organization asks for.",
    "Nothing to do: %(system)s is asked when the request is sent, and the request goes on when it answers.",
)
TICKET_UNANSWERED = declare(
    "TICKET_UNANSWERED",
    "%(system)s does not answer about the ticket «%(ticket)s», and the rule %(rule)s asks for its word.",
    "Nothing to do: it is asked again by itself, ever more slowly. If this lasts, tell an administrator.",
)
TICKET_NOT_FOUND = declare(
    "TICKET_NOT_FOUND",
    "%(system)s knows no ticket «%(ticket)s», and the rule %(rule)s of your organization asks for one.",
    "Correct the ticket in the request, or open it in %(system)s and have it asked again.",
)
TICKET_CLOSED = declare(
    "TICKET_CLOSED",
    "The ticket «%(ticket)s» of %(system)s is closed, and the rule %(rule)s asks for an open one.",
    "Name an open ticket, or have it opened again in %(system)s and asked again.",
)
TICKET_OF_ANOTHER = declare(
    "TICKET_OF_ANOTHER",
    "The ticket «%(ticket)s» of %(system)s is about somebody else, and the rule %(rule)s asks for your own.",
    "Name a ticket about who asks or who receives, or have it corrected in %(system)s and asked again.",
)
UNVERIFIED = {
    TicketStanding.UNASKED: TICKET_UNCHECKED,
    TicketStanding.UNANSWERED: TICKET_UNANSWERED,
    TicketStanding.NOT_FOUND: TICKET_NOT_FOUND,
    TicketStanding.CLOSED: TICKET_CLOSED,
    TicketStanding.OF_ANOTHER: TICKET_OF_ANOTHER,
}
UNSAID = frozenset({TICKET_SYSTEM_MISSING, *UNVERIFIED.values()})


@dataclass(frozen=True, kw_only=True)
class TicketRule:
    """A reference of the form is enough, unless the system has to say that the ticket is open and theirs.

    What the system has not said counts as unsaid: the request waits.
    """

    system: str
    form: TicketForm
    is_verified: bool = False

    def fault(self, case: Case) -> Reason | None:
        ticket = case.facts.ticket_reference
        facts = {"rule": case.rule, "system": self.system, "form": self.form.text, "ticket": ticket}
        if not ticket:
            return case.reason(TICKET_MISSING, field="ticket", **facts)
        if not self.form.matches(ticket):
            return case.reason(TICKET_MALFORMED, field="ticket", **facts)
        code = self._unverified(case) if self.is_verified else ""
        return case.reason(code, field="ticket", **facts) if code else None

    def unknown(self, case: Case) -> tuple[Unknown, ...]:
        """What nobody has stated of it."""
        if case.facts.ticket_reference is None:
            return (Unknown(fact="ticket_reference", counted_as="none"),)
        is_unsaid = self.is_verified and case.facts.tickets is None
        return (Unknown(fact="tickets", counted_as="not verified"),) if is_unsaid else ()

    def _unverified(self, case: Case) -> str:
        """The code of what is missing; empty where the system has said yes."""
        known = case.facts.tickets
        if known is None:
            return TICKET_UNCHECKED
        standing = next((each.standing for each in known if each.system == self.system), None)
        return UNVERIFIED.get(standing, "") if standing else TICKET_SYSTEM_MISSING


def unsaid_of_ticket(decision: Decision) -> tuple[Reason, ...]:
    """What rules of the house miss of the word of ticket systems."""
    return tuple(
        reason for finding in decision.findings for reason in finding.reasons if reason.code in UNSAID
    )


def systems_to_ask(decision: Decision) -> frozenset[str]:
    """The ticket systems whose word is missing, or was no yes."""
    return frozenset(
        str(reason.facts["system"])
        for reason in unsaid_of_ticket(decision)
        if reason.code in UNVERIFIED.values()
    )


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The most that is granted. Time is shortened; other actions, and columns of the categories `without`,
    are refused: who asked for two things never receives one of them unasked."""

    days: int | None = None
    ttl_minutes: int | None = None
    actions: frozenset[Action] | None = None
    without: frozenset[str] = frozenset()

    def limits(self, case: Case) -> tuple[Limit, ...]:
        if self.days is None:
            return ()
        ends_at = case.facts.starts_at + timedelta(days=self.days)
        return (Limit(ends_at=ends_at, factor="house_rule", about=case.rule),)

    def columns_beyond(self, case: Case) -> tuple[str, ...]:
        return names(pair for pair in case.columns if self.without and self._is_without(pair[1]))

    def actions_beyond(self, case: Case) -> tuple[str, ...]:
        beyond = case.facts.actions - self.actions if self.actions is not None else frozenset()
        return tuple(sorted(action.value for action in beyond))

    def _is_without(self, column: ColumnFacts) -> bool:
        """Unknown counts as being of the category."""
        tests = {
            SPECIAL: bool(column.special_kinds) or not column.is_confirmed,
            CRIMINAL: column.is_criminal is not False,
            PERSONAL: column.is_personal is not False or not column.is_confirmed,
        }
        named = (column.categories | column.special_kinds) & self.without
        return bool(named) or any(tests[word] for word in tests.keys() & self.without)


@dataclass(frozen=True, kw_only=True)
class Then:
    """`deny` and `block` are codes of the organization; `fix` is their remedy."""

    deny: str = ""
    block: str = ""
    fix: str = ""
    stages: tuple[StageSpec, ...] = ()
    conditions: tuple[ConditionSpec, ...] = ()
    cap: Cap = Cap()
    notify: frozenset[str] = frozenset()
    ticket: TicketRule | None = None
    auto_ok: bool = False

    @property
    def is_adding(self) -> bool:
        more = (self.deny, self.block, self.stages, self.conditions, self.notify, self.ticket)
        return any(more) or self.cap != Cap()

    @property
    def effect(self) -> Effect | None:
        if self.auto_ok:
            return Effect.PERMIT
        if self.deny:
            return Effect.DENY
        return Effect.BLOCK if self.block else Effect.REFER if self.stages else None

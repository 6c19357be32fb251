"""What a rule of the house adds to an answer, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.policy.conditions import ConditionSpec
from apps.policy.decision import Effect, Limit
from apps.policy.facts import Action, ColumnFacts
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


@dataclass(frozen=True, kw_only=True)
class TicketRule:
    """A reference of the form is enough; that the system knows it is not asked."""

    system: str
    form: TicketForm

    def fault(self, case: Case) -> Reason | None:
        ticket = case.facts.ticket_reference
        facts = {"rule": case.rule, "system": self.system, "form": self.form.text, "ticket": ticket}
        if not ticket:
            return case.reason(TICKET_MISSING, field="ticket", **facts)
        if not self.form.matches(ticket):
            return case.reason(TICKET_MALFORMED, field="ticket", **facts)
        return None


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

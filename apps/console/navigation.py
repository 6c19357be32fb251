"""The rail on the left: where one can go, and how much waits there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access.queries import inbox_of, policy_sets_to_publish, without_blocked
from apps.accounts.authorization import standing_of
from apps.accounts.operations import OPERATIONS, Operation
from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.classification.queries import ladder_changes_to_answer
from apps.kernel.actor import Actor
from apps.notifications.queries import unread_of
from apps.reviews.queries import waiting_for

WATCHING = frozenset({Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR})
KEEPING_RECORDS = frozenset({Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})
KEEPING_AGREEMENTS = KEEPING_RECORDS | {Role.OWNER}
REVIEWING = frozenset({Role.OWNER, Role.STEWARD, Role.COMPLIANCE_OFFICER})
DECIDING = ASKED_BY_ROUTES | {Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO}
KEEPING = frozenset({Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER})
"""Stewards classify; a lowering is decided by any of them who did not propose it."""
STEWARDING = frozenset({Role.STEWARD})
ADMINISTERING = frozenset({Role.ADMINISTRATOR})
MANAGING_LAKES = OPERATIONS[Operation.MANAGE_LAKE].roles
READING_POLICY = OPERATIONS[Operation.READ_POLICY].roles
MANAGING_TICKET_SYSTEMS = OPERATIONS[Operation.MANAGE_TICKET_SYSTEM].roles
MANAGING_WEBHOOKS = OPERATIONS[Operation.MANAGE_WEBHOOK].roles
READING_TRAIL = OPERATIONS[Operation.READ_TRAIL].roles
MOST_COUNTED = 99


@dataclass(frozen=True, kw_only=True)
class Place:
    """`section` is also the name of the address. `roles`: for whom it stands in the rail, empty for all.
    `about`: what it is for, said to those whose work it is."""

    section: str
    text: Any
    icon: str
    roles: frozenset[Role] = frozenset()
    about: Any = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    text: Any
    icon: str
    url: str
    is_current: bool
    count: str = ""
    about: Any = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    title: Any
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Rail:
    groups: tuple[Group, ...]
    roles: tuple[str, ...]
    waiting: int
    reviews: str

    @property
    def work(self) -> tuple[Entry, ...]:
        """What the reader does here beside asking for access."""
        return tuple(entry for group in self.groups for entry in group.entries if entry.about)


IN_EMERGENCIES = frozenset({Role.ON_CALL, Role.COMPLIANCE_OFFICER})

GROUPS: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(section="home", text=_("Home"), icon="home"),
            Place(section="notices", text=_("Notices"), icon="bell"),
            Place(section="inbox", text=_("Inbox"), icon="inbox", roles=DECIDING),
            Place(section="reviews", text=_("Reviews"), icon="review", roles=REVIEWING),
        ),
    ),
    (
        _("Use data"),
        (
            Place(section="catalog", text=_("Catalog"), icon="catalog"),
            Place(section="requests", text=_("My requests"), icon="request"),
            Place(section="grants", text=_("My access"), icon="key"),
            Place(section="projects", text=_("Projects"), icon="project"),
        ),
    ),
    (
        _("Look after data"),
        (
            Place(
                section="classification",
                text=_("Classification"),
                icon="classify",
                roles=KEEPING,
                about=_("Say how sensitive each column is, with the evidence beside it."),
            ),
            Place(
                section="label-sets",
                text=_("Labels"),
                icon="publish",
                roles=KEEPING,
                about=_("Label sets of datasets, and whether models may learn from them."),
            ),
            Place(
                section="register-asset",
                text=_("Register an asset"),
                icon="add",
                roles=STEWARDING,
                about=_("A dataset or a model, its versions and where they lie."),
            ),
        ),
    ),
    (
        _("Records and rules"),
        (
            Place(
                section="purposes",
                text=_("Purposes"),
                icon="purpose",
                roles=KEEPING_RECORDS,
                about=_("What data may be used for, and the reason the law accepts."),
            ),
            Place(
                section="processing-activities",
                text=_("Processing activities"),
                icon="activity",
                roles=KEEPING_RECORDS,
                about=_("The record of Art. 30 GDPR: what is done, with which data, by whom."),
            ),
            Place(
                section="register",
                text=_("Register"),
                icon="archive",
                roles=KEEPING_RECORDS,
                about=_(
                    "Assessments, transfers, requests of people, breaches: all that the law wants in writing."
                ),
            ),
            Place(
                section="occurrences",
                text=_("Occurrences"),
                icon="alert",
                roles=KEEPING_RECORDS,
                about=_("What happened to data, such as a withdrawal or an erasure, and all that follows."),
            ),
            Place(
                section="vocabulary",
                text=_("Vocabulary"),
                icon="law",
                roles=KEEPING_RECORDS,
                about=_("The words that records and classifications are made of, and our own."),
            ),
            Place(
                section="agreements",
                text=_("Agreements"),
                icon="agreement",
                roles=KEEPING_AGREEMENTS,
                about=_("What people accept before they take a key."),
            ),
            Place(
                section="deadlines",
                text=_("Deadlines"),
                icon="deadline",
                roles=KEEPING_RECORDS,
                about=_("Everything that is due, the most urgent first, with who answers for it."),
            ),
            Place(
                section="regulator",
                text=_("Regulator"),
                icon="question",
                roles=KEEPING_RECORDS,
                about=_("What an authority would ask, where the answer stands, and what it lacks."),
            ),
            Place(
                section="rulebook",
                text=_("Rulebook"),
                icon="law",
                roles=READING_POLICY,
                about=_("The rules of the organization, what they did, and who could decide."),
            ),
            Place(
                section="campaigns",
                text=_("Review campaigns"),
                icon="review",
                roles=KEEPING_RECORDS,
                about=_("Ask those who own data whether access is still needed."),
            ),
        ),
    ),
    (
        _("Watch"),
        (
            Place(
                section="overview",
                text=_("Overview"),
                icon="chart",
                roles=WATCHING,
                about=_("Who has access to which class, what ends, how swiftly was decided."),
            ),
            Place(
                section="trail",
                text=_("Trail"),
                icon="trail",
                roles=READING_TRAIL,
                about=_("Everything that was done and refused, by whom and when."),
            ),
            Place(
                section="glasses",
                text=_("Emergency access"),
                icon="alert",
                roles=IN_EMERGENCIES,
                about=_("Who used it, why, and what the review said."),
            ),
        ),
    ),
    (
        _("Administration"),
        (
            Place(
                section="people",
                text=_("People"),
                icon="person",
                roles=ADMINISTERING,
                about=_("Accounts, roles and clearance; who joins and who leaves."),
            ),
            Place(
                section="teams",
                text=_("Teams and domains"),
                icon="people",
                roles=ADMINISTERING,
                about=_("Who sees which area of the catalog."),
            ),
            Place(
                section="organization",
                text=_("Organization"),
                icon="organization",
                roles=ADMINISTERING,
                about=_("Its country, time zone, public holidays and waiting times."),
            ),
            Place(
                section="lakes",
                text=_("Lakes"),
                icon="lake",
                roles=MANAGING_LAKES,
                about=_("Connections to storage, each with a test."),
            ),
            Place(
                section="ticket-systems",
                text=_("Ticket systems"),
                icon="ticket",
                roles=MANAGING_TICKET_SYSTEMS,
                about=_("They are asked about tickets where a rule wants it."),
            ),
            Place(
                section="webhooks",
                text=_("Webhooks"),
                icon="webhook",
                roles=MANAGING_WEBHOOKS,
                about=_("Programs and chat rooms that are told what happens."),
            ),
        ),
    ),
)


def rail_of(actor: Actor, *, section: str) -> Rail:
    """What a role has no use for does not stand there, unless something waits in it."""
    roles = tuple(dict.fromkeys(held.role for held in standing_of(actor).roles))
    counts = _waiting(actor)

    def entries(places: tuple[Place, ...]) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                text=place.text,
                icon=place.icon,
                url=reverse(f"console:{place.section}"),
                is_current=place.section == section,
                count=_shown(counts[place.section]),
                about=place.about,
            )
            for place in places
            if not place.roles or not place.roles.isdisjoint(roles) or counts[place.section]
        )

    groups = (Group(title=title, entries=entries(places)) for title, places in GROUPS)
    return Rail(
        groups=tuple(group for group in groups if group.entries),
        roles=tuple(role.value for role in roles),
        waiting=counts["inbox"],
        reviews=_shown(counts["reviews"]),
    )


def _waiting(actor: Actor) -> Counter[str]:
    """By section, how much waits there: one more than is shown is all that is counted. One query."""
    waiting: tuple[tuple[str, Any], ...] = (
        ("inbox", without_blocked(inbox_of(actor))),
        ("reviews", waiting_for(actor, at=timezone.now())),
        ("notices", unread_of(actor)),
        ("rulebook", policy_sets_to_publish(actor)),
        ("rulebook", ladder_changes_to_answer(actor)),
    )
    first, *others = (
        rows.order_by()
        .annotate(waits_in=Value(section, TextField()))
        .values_list("waits_in", flat=True)[: MOST_COUNTED + 1]
        for section, rows in waiting
    )
    return Counter(first.union(*others, all=True))


def _shown(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")

"""One shape for all records of compliance: a kind names its reads, its commands, its form and its words.

What a kind can do is its table of acts. The screens in views/records.py are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.access.queries import grants_resting_on, requests_resting_on
from apps.accounts.queries import organizations_visible_to
from apps.catalog.queries import assets_visible_to
from apps.compliance import commands, queries
from apps.compliance.queries import Outlook, PurposeStanding
from apps.console.forms.activities import ActivityForm
from apps.console.forms.purposes import PurposeForm
from apps.console.forms.record import MOST_FOUND, Line, Names, RecordForm
from apps.console.legal import Term
from apps.console.page import uid_of
from apps.kernel.actor import Actor

LONGEST_SEARCH = 200
MOST_COUNTED = 100
"""Of what rests on a record, no more than this many are read."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something one may do with a record as a whole. `asks`: a page of its own shows first what it would
    change. `is_possible` is a courtesy; the command decides."""

    slug: str
    verb: Any
    icon: str
    command: Callable[..., Any]
    is_possible: Callable[[Any, Outlook], bool]
    told: Any
    title: Any = ""
    lead: Any = ""
    asks: bool = True
    has_reason: bool = False
    is_harsh: bool = False


@dataclass(frozen=True, kw_only=True)
class Rests:
    """What rests on a record: live grants, open requests, other records."""

    grants: list[Any]
    requests: list[Any]
    activities: list[Any]
    most: int = MOST_COUNTED

    @property
    def kind(self) -> RecordKind:
        """Of the other records."""
        return ACTIVITIES

    @property
    def is_nothing(self) -> bool:
        return not (self.grants or self.requests or self.activities)


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """`slug` stands in addresses, and is the section of the rail. `id_name` is how commands call the record.

    `sentence` is the template that sums a version up. Every command takes `actor` and the record's id.
    """

    slug: str
    one: Any
    many: Any
    new: Any
    lead: Any
    empty: Any
    icon: str
    id_name: str
    sentence: str
    states: tuple[str, ...]
    rows: Callable[[Actor], Any]
    record: Callable[[Actor, UUID], tuple[Any, tuple[Any, ...]]]
    to_review: Callable[[Actor], Any]
    outlook: Callable[[Actor, Any, tuple[Any, ...]], Outlook]
    content: Callable[[Any], Any]
    names: Callable[[Actor, Iterable[Any], Iterable[Any]], Names]
    rests: Callable[[Actor, Any, Any], Rests]
    form: type[RecordForm]
    choices: Callable[[Actor, Any, dict[str, Any]], dict[str, Any]]
    draft: Callable[..., Any]
    edit: Callable[..., Any]
    submit: Callable[..., Any]
    approve: Callable[..., Any]
    send_back: Callable[..., Any]
    acts: tuple[Act, ...] = field(default=())

    @property
    def home(self) -> str:
        return f"console:{self.slug}"

    @property
    def identity(self) -> str:
        """How versions call their record."""
        return self.id_name.removesuffix("_id").removeprefix("processing_")


def in_force(versions: tuple[Any, ...]) -> Any:
    """The version that counts: the approved one, else the newest."""
    return next((each for each in versions if each.record_status == "approved"), versions[0])


def _purpose(actor: Actor, record_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    sheet = queries.purpose_sheet(actor, record_id)
    return sheet.purpose, sheet.versions


def _activity(actor: Actor, record_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    sheet = queries.activity_sheet(actor, record_id)
    return sheet.activity, sheet.versions


def _purpose_names(actor: Actor, contents: Iterable[Any], versions: Iterable[Any]) -> Names:
    """Of what the versions name, without a query; one more for what only the contents name."""
    lines: dict[UUID | str, Line] = {
        version.concept.code: Line(text=version.concept.label) for version in versions
    }
    if unnamed := {content.concept_code for content in contents} - set(lines):
        concepts = queries.concepts_in_use(actor).prefetch_related(None).filter(code__in=unnamed)
        lines |= {concept.code: Line(text=concept.label) for concept in concepts}
    return Names(lines=lines)


def _purpose_choices(actor: Actor, content: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {"concepts": queries.concepts_in_use(actor).prefetch_related(None)}


def _rests_on_purpose(actor: Actor, purpose: Any, version: Any) -> Rests:
    asked = requests_resting_on(actor, [purpose.pk]).prefetch_related("revision__items__asset")
    return Rests(
        grants=list(grants_resting_on(actor, [purpose.pk])[:MOST_COUNTED]),
        requests=list(asked[:MOST_COUNTED]),
        activities=list(queries.activities_naming(actor, purpose).prefetch_related(None)[:MOST_COUNTED]),
    )


def _activity_names(actor: Actor, contents: Iterable[Any], versions: Iterable[Any]) -> Names:
    """Of what the versions name, without a query; three more for what only the contents name."""
    versions, contents = list(versions), list(contents)
    lines: dict[UUID | str, Line] = {}
    for version in versions:
        lines[version.controller.uid] = Line(text=version.controller.name)
        lines |= _lines(version.purposes.all(), version.assets.all())
    typed = {uid for each in contents for uid in (*each.purpose_ids, *each.asset_ids, each.controller_id)}
    unnamed = set() if versions else typed - {None}
    if unnamed:
        purposes: Any = queries.purposes(actor).prefetch_related(None).filter(uid__in=unnamed)
        lines |= _lines(purposes, assets_visible_to(actor).filter(uid__in=unnamed))
        organizations = organizations_visible_to(actor).filter(uid__in=unnamed)
        lines |= {row.uid: Line(text=row.name) for row in organizations}
    return Names(lines=lines)


def _lines(purposes: Iterable[Any], assets: Iterable[Any]) -> dict[UUID | str, Line]:
    named: dict[UUID | str, Line] = {
        row.uid: Line(text=row.name, note=row.ref, url=_url("purposes", row)) for row in purposes
    }
    return named | {
        row.uid: Line(text=row.name, note=row.domain.name, url=reverse("console:asset", args=[row.uid]))
        for row in assets
    }


def _url(slug: str, row: Any) -> str:
    return reverse("console:record", args=[KINDS[slug], row.uid])


def _activity_choices(actor: Actor, content: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What is chosen, in `given`, and what the two searches found. Five queries."""
    purposes: Any = queries.purposes(actor).prefetch_related(None)
    organizations = [(str(row.uid), row.name) for row in organizations_visible_to(actor).order_by("name")]
    return {
        "controllers": organizations,
        "purposes": _picks(
            purposes.order_by("name"),
            given.get("purpose_ids", ()),
            given.get("purpose_ids_q", ""),
            lambda row: Term(name=row.name, article=row.ref),
        ),
        "assets": _picks(
            assets_visible_to(actor).order_by("name"),
            given.get("asset_ids", ()),
            given.get("asset_ids_q", ""),
            lambda row: Term(name=row.name, article=row.domain.name),
        ),
    }


def _picks(
    rows: Any, chosen: Iterable[str], words: str, shown: Callable[[Any], Term]
) -> list[tuple[str, Term]]:
    uids = {uid for text in chosen if (uid := uid_of(text))}
    words = words.replace("\0", "").strip()[:LONGEST_SEARCH]
    found = rows.exclude(uid__in=uids)
    found = found.filter(name__icontains=words) if words else found
    picked = list(rows.filter(uid__in=uids)) if uids else []
    return [(str(row.uid), shown(row)) for row in (*picked, *found[:MOST_FOUND])]


def _rests_on_activity(actor: Actor, activity: Any, version: Any) -> Rests:
    purposes = [row.pk for row in version.purposes.all()]
    assets = [row.pk for row in version.assets.all()]
    asked = requests_resting_on(actor, purposes, assets).prefetch_related("revision__items__asset")
    return Rests(
        grants=list(grants_resting_on(actor, purposes, assets)[:MOST_COUNTED]),
        requests=list(asked[:MOST_COUNTED]),
        activities=[],
    )


def _stands(record: Any, outlook: Outlook) -> bool:
    return outlook.approved is not None and record.standing == PurposeStanding.STANDING


def _is_kept(record: Any, outlook: Outlook) -> bool:
    return outlook.approved is not None and record.standing != PurposeStanding.WITHDRAWN


PURPOSES = RecordKind(
    slug="purposes",
    one=_("Purpose"),
    many=_("Purposes"),
    new=_("New purpose"),
    lead=_("Why data may be used, and the reason the law accepts for it. Every access names one purpose."),
    empty=_("A compliance officer records the first purpose; another one approves it."),
    icon="purpose",
    id_name="purpose_id",
    sentence="console/records/purpose_sentence.html",
    states=("active", "in_review", "draft", "suspended", "withdrawn", "expired"),
    rows=queries.purposes,
    record=_purpose,
    to_review=queries.purposes_to_review,
    outlook=queries.purpose_outlook,
    content=queries.purpose_content,
    names=_purpose_names,
    rests=_rests_on_purpose,
    form=PurposeForm,
    choices=_purpose_choices,
    draft=commands.draft_purpose,
    edit=commands.edit_purpose,
    submit=commands.submit_purpose,
    approve=commands.approve_purpose,
    send_back=commands.return_purpose,
    acts=(
        Act(
            slug="suspend",
            verb=_("Suspend"),
            icon="pause",
            command=commands.suspend_purpose,
            is_possible=_stands,
            told=_("The purpose is suspended. Access that rests on it stops at its next use."),
            title=_("Suspend this purpose?"),
            lead=_("Nobody can ask for access with it, and no key is given for it, until it is resumed."),
            has_reason=True,
            is_harsh=True,
        ),
        Act(
            slug="resume",
            verb=_("Resume"),
            icon="approve",
            command=commands.resume_purpose,
            is_possible=lambda record, outlook: record.standing == PurposeStanding.SUSPENDED,
            told=_("The purpose can be relied on again."),
            title=_("Resume this purpose?"),
            lead=_("Requests can name it again, and the access that rests on it works again."),
        ),
        Act(
            slug="withdraw",
            verb=_("Withdraw for good"),
            icon="cross",
            command=commands.withdraw_purpose,
            is_possible=_is_kept,
            told=_("The purpose is withdrawn for good."),
            title=_("Withdraw this purpose for good?"),
            lead=_("This cannot be taken back: whoever needs it again records a new purpose."),
            has_reason=True,
            is_harsh=True,
        ),
        Act(
            slug="retire",
            verb=_("Retire"),
            icon="archive",
            command=commands.retire_purpose,
            is_possible=_is_kept,
            told=_("The purpose is retired."),
            title=_("Retire this purpose?"),
            lead=_("It is no longer used. The approved version ends and stays in the history."),
            is_harsh=True,
        ),
    ),
)

ACTIVITIES = RecordKind(
    slug="processing-activities",
    one=_("Processing activity"),
    many=_("Processing activities"),
    new=_("New processing activity"),
    lead=_(
        "What is done with data about people, with whom and where: the record that Art. 30 GDPR asks for."
    ),
    empty=_("A compliance officer records the first one; another one approves it."),
    icon="activity",
    id_name="processing_activity_id",
    sentence="console/records/activity_sentence.html",
    states=("approved", "in_review", "draft", "retired"),
    rows=queries.activities,
    record=_activity,
    to_review=queries.activities_to_review,
    outlook=queries.activity_outlook,
    content=queries.activity_content,
    names=_activity_names,
    rests=_rests_on_activity,
    form=ActivityForm,
    choices=_activity_choices,
    draft=commands.draft_activity,
    edit=commands.edit_activity,
    submit=commands.submit_activity,
    approve=commands.approve_activity,
    send_back=commands.return_activity,
    acts=(
        Act(
            slug="reassess",
            verb=_("Assess anew"),
            icon="shield",
            command=commands.reassess_activity,
            is_possible=lambda record, outlook: outlook.approved is not None and outlook.may_edit,
            told=_("Whether it may run was derived anew, from its purposes and data as they are now."),
            asks=False,
        ),
        Act(
            slug="retire",
            verb=_("Retire"),
            icon="archive",
            command=commands.retire_activity,
            is_possible=lambda record, outlook: outlook.approved is not None,
            told=_("The processing activity is retired."),
            title=_("Retire this processing activity?"),
            lead=_("The processing has stopped. The approved version ends and stays in the history."),
            is_harsh=True,
        ),
    ),
)

KINDS = {kind.slug: kind for kind in (PURPOSES, ACTIVITIES)}


def records_to_review(actor: Actor, most: int) -> list[tuple[RecordKind, Any, Any]]:
    """Kind, record and version of what waits for this reviewer, the oldest first. One query a kind."""
    found = [
        (kind, getattr(version, kind.identity), version)
        for kind in KINDS.values()
        for version in kind.to_review(actor)[:most]
    ]
    return sorted(found, key=lambda each: each[2].submitted_at)[:most]


class KindConverter:
    """A kind of record in an address."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> RecordKind:
        return KINDS[value]

    def to_url(self, kind: RecordKind) -> str:
        return kind.slug


__all__ = [
    "ACTIVITIES",
    "KINDS",
    "PURPOSES",
    "Act",
    "KindConverter",
    "RecordKind",
    "Rests",
    "records_to_review",
]

"""Processing activities, as a kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.access.queries import grants_resting_on, requests_resting_on
from apps.accounts.queries import organizations_visible_to
from apps.catalog.queries import assets_visible_to
from apps.classification.queries import categories_in_use, categories_visible_to
from apps.compliance import commands, queries
from apps.compliance.queries import CATEGORY, PARTIES, RETENTIONS, TRANSFERS
from apps.console.forms.activities import PICKED, SPECS, ActivityForm
from apps.console.forms.record import MOST_FOUND, Line, Names
from apps.console.legal import Term
from apps.console.page import uid_of
from apps.console.records.legal import MOST_CHOICES, record_lines
from apps.console.records.shape import LONGEST_SEARCH, MOST_COUNTED, Act, RecordKind, Rests
from apps.kernel.actor import Actor


def _activity(actor: Actor, record_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    sheet = queries.activity_sheet(actor, record_id)
    return sheet.activity, sheet.versions


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
    return Names(lines=lines | _named_beside(actor, [*contents, *map(queries.described_alone, versions)]))


def _named_beside(actor: Actor, contents: Iterable[Any]) -> dict[UUID | str, Line]:
    """Records and kinds of data that the particulars name. Two queries, where there are any."""
    contents = list(contents)
    uids = {uid for each in contents for _, _, uid in queries.references_of_activity(each)}
    codes = {row.category for each in contents for row in each.particulars.personal_data}
    lines: dict[UUID | str, Line] = dict(record_lines(actor, uids)) if uids else {}
    if codes:
        found = categories_visible_to(actor).filter(code__in=codes)
        lines |= {row.code: Line(text=row.label) for row in found}
    return lines


def _lines(purposes: Iterable[Any], assets: Iterable[Any]) -> dict[UUID | str, Line]:
    named: dict[UUID | str, Line] = {
        row.uid: Line(text=row.name, note=row.ref, url=reverse("console:record", args=["purposes", row.uid]))
        for row in purposes
    }
    return named | {
        row.uid: Line(text=row.name, note=row.domain.name, url=reverse("console:asset", args=[row.uid]))
        for row in assets
    }


def _activity_choices(actor: Actor, content: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What is chosen, in `given`, and what the searches found, those chosen first. Five queries."""
    kept = _records_to_choose(actor)
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
        "picks": {
            name: _found(kept[SPECS[name].of], given.get(name) or (), given.get(f"{name}_q", ""))
            for name in PICKED
        },
        "options_of": {**kept, CATEGORY: _categories(actor)},
    }


def _records_to_choose(actor: Actor) -> dict[str, list[tuple[str, Term]]]:
    """By kind. One query."""
    found: dict[str, list[tuple[str, Term]]] = {kind: [] for kind in (PARTIES, RETENTIONS, TRANSFERS)}
    for row in queries.records_to_choose(actor, *found)[:MOST_CHOICES]:
        found[row.kind].append((str(row.uid), Term(name=row.name, article=row.ref)))
    return found


def _categories(actor: Actor) -> list[tuple[str, Term]]:
    rows = categories_in_use(actor).prefetch_related(None).filter(is_personal=True)
    return sorted(
        ((row.code, Term(name=row.label)) for row in rows), key=lambda each: str(each[1]).casefold()
    )


def _found(rows: list[tuple[str, Term]], chosen: Iterable[Any], words: str) -> list[tuple[str, Term]]:
    """Those chosen, and after them the first that the words fit."""
    kept, words = set(map(str, chosen)), words.strip().casefold()
    picked = [row for row in rows if row[0] in kept]
    others = [row for row in rows if row[0] not in kept and words in str(row[1]).casefold()]
    return [*picked, *others[:MOST_FOUND]]


def _picks(
    rows: Any, chosen: Iterable[str], words: str, shown: Callable[[Any], Term]
) -> list[tuple[str, Term]]:
    uids = {uid for text in chosen if (uid := uid_of(text))}
    words = words.replace("\0", "").strip()[:LONGEST_SEARCH]
    is_chosen = Case(When(uid__in=uids, then=0), default=1) if uids else Value(1)
    fitting = rows.filter(Q(uid__in=uids) | Q(name__icontains=words)) if words else rows
    found = fitting.order_by(is_chosen, "name")[: len(uids) + MOST_FOUND]
    return [(str(row.uid), shown(row)) for row in found]


def _rests_on_activity(actor: Actor, activity: Any, version: Any) -> Rests:
    purposes = [row.pk for row in version.purposes.all()]
    assets = [row.pk for row in version.assets.all()]
    asked = requests_resting_on(actor, purposes, assets).prefetch_related("revision__items__asset")
    return Rests(
        grants=list(grants_resting_on(actor, purposes, assets)[:MOST_COUNTED]),
        requests=list(asked[:MOST_COUNTED]),
        activities=[],
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
    aspect=_("Clearance"),
    aspect_part="console/records/activity_aspect.html",
    states=("approved", "in_review", "draft", "rejected", "retired"),
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
    turn_down=commands.reject_activity,
    measure=queries.completeness_of,
    clearances=("cleared", "blocked", "not_assessed"),
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

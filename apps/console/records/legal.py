"""Every declared kind of record, as a kind of the console: made from its declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.compliance import commands, queries
from apps.compliance.queries import Kind, Shape, Spec, Step, specs_of
from apps.console.forms.legal import form_of, step_form_of
from apps.console.forms.record import MOST_FOUND, Line, Names
from apps.console.legal import Term
from apps.console.page import uid_of
from apps.console.records.held import (
    grant_lines,
    grant_term,
    grants_to_choose,
    lease_lines,
    lease_term,
    leases_to_choose,
)
from apps.console.records.shape import LONGEST_SEARCH, MOST_COUNTED, Act, RecordKind, Rests
from apps.kernel.actor import Actor
from apps.labeling.queries import label_sets_in_brief

MOST_CHOICES = 500
LABELING = "labeling-policies"
SHOWN_OF_HASH = 12


def kind_of_console(kind: Kind) -> RecordKind:
    return RecordKind(
        slug=kind.slug,
        section="register",
        one=kind.one,
        many=kind.many,
        new=kind.new,
        lead=kind.lead,
        empty=kind.empty,
        icon=kind.icon,
        id_name="legal_record_id",
        sentence="console/records/legal_sentence.html",
        aspect=kind.specs[kind.aspect].label,
        aspect_part="console/records/legal_aspect.html",
        states=("approved", "in_review", "draft", "rejected", "superseded", "retired"),
        rows=partial(_rows, kind),
        record=partial(_record, kind),
        to_review=lambda actor: queries.legal_to_review(actor, kind.slug),
        outlook=queries.legal_outlook,
        content=lambda version: version.said,
        names=partial(_names, kind),
        rests=_rests,
        form=form_of(kind),
        choices=partial(_choices, kind),
        draft=partial(commands.draft_record, kind=kind.slug),
        edit=commands.edit_record,
        submit=commands.submit_record,
        approve=commands.approve_record,
        send_back=commands.return_record,
        turn_down=commands.reject_record,
        acts=(*_steps(kind), RETIRE),
        steps=queries.log_of_record if kind.cycle else _no_steps,
        period=queries.period_of_record,
        stage=queries.stage_of_record,
        look=lambda actor, content, *, organization_id: queries.findings_while_writing(
            actor, kind, content, organization_id=organization_id
        ),
    )


def _no_steps(record: Any) -> list[Any]:
    return []


def _steps(kind: Kind) -> tuple[Act, ...]:
    """Every step of the cycle is an act."""
    return tuple(_act(kind, step) for step in kind.cycle.steps) if kind.cycle else ()


def _act(kind: Kind, step: Step) -> Act:
    asks = bool(specs_of(step.said))

    def is_possible(record: Any, outlook: Any) -> bool:
        return record.stage in step.before and (not step.needs_description or outlook.approved is not None)

    return Act(
        slug=step.slug,
        verb=step.verb,
        icon=step.icon,
        command=partial(commands.take_step, step=step.slug),
        is_possible=is_possible,
        is_theirs=lambda actor, record: queries.may_take(actor, record, step),
        told=_("Done. It stands in the log of the record."),
        title=step.verb,
        lead=step.lead,
        asks=asks,
        form=step_form_of(kind, step) if asks else None,
    )


RETIRE = Act(
    slug="retire",
    verb=_("Retire"),
    icon="archive",
    command=commands.retire_record,
    is_possible=lambda record, outlook: outlook.approved is not None,
    told=_("The record is retired."),
    title=_("Retire this record?"),
    lead=_("It no longer holds. The approved version ends and stays in the history."),
    is_harsh=True,
)


def _rows(kind: Kind, actor: Actor, *, as_of: date | None = None) -> Any:
    return queries.legal_records(actor, kind.slug, as_of=as_of)


def _record(kind: Kind, actor: Actor, record_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    found: Any = queries.legal_records(actor, kind.slug).one(record_id)
    return found, tuple(found.seen_versions)


def _named(kind: Kind, contents: Iterable[Any]) -> dict[str, set[Any]]:
    """What contents name, by the kind of thing; tables name nothing."""
    found: dict[str, set[Any]] = {}
    for content in contents:
        for name, spec in kind.specs.items():
            value = getattr(content, name)
            if spec.shape is Shape.CONCEPT and value:
                found.setdefault("concept", set()).add(value)
            elif spec.shape is Shape.ONE and value:
                found.setdefault(spec.of, set()).add(value)
            elif spec.shape is Shape.SOME:
                found.setdefault(spec.of, set()).update(value)
    return found


def _names(kind: Kind, actor: Actor, contents: Iterable[Any], versions: Iterable[Any]) -> Names:
    """One query a kind of thing that is named."""
    named = _named(kind, [*contents, *(version.said for version in versions)])
    lines: dict[UUID | str, Line] = {}
    for of, keys in named.items():
        lines |= {key: line for key, line in _LINES.get(of, record_lines)(actor, keys) if keys}
    return Names(lines=lines)


Lines = Iterable[tuple[UUID | str, Line]]


def _concept_lines(actor: Actor, codes: set[Any]) -> Lines:
    found = queries.concepts_in_use(actor).prefetch_related(None).filter(code__in=codes)
    return [(row.code, Line(text=row.label)) for row in found]


def _purpose_lines(actor: Actor, uids: set[Any]) -> Lines:
    rows: Any = queries.purposes(actor).prefetch_related(None).filter(uid__in=uids)
    return [
        (row.uid, Line(text=row.name, note=row.ref, url=page_of_record("purposes", row.uid))) for row in rows
    ]


def _activity_lines(actor: Actor, uids: set[Any]) -> Lines:
    rows: Any = queries.activities(actor).prefetch_related(None).filter(uid__in=uids)
    return [
        (row.uid, Line(text=row.name, note=row.ref, url=page_of_record("processing-activities", row.uid)))
        for row in rows
    ]


def _asset_lines(actor: Actor, uids: set[Any]) -> Lines:
    rows = assets_visible_to(actor).filter(uid__in=uids)
    return [
        (row.uid, Line(text=row.name, note=row.domain.name, url=reverse("console:asset", args=[row.uid])))
        for row in rows
    ]


def _version_lines(actor: Actor, uids: set[Any]) -> Lines:
    rows = versions_visible_to(actor).prefetch_related(None).filter(uid__in=uids)
    return [
        (
            row.uid,
            Line(
                text=f"{row.asset.name} v{row.number}",
                note=row.content_sha256[:SHOWN_OF_HASH],
                url=reverse("console:asset", args=[row.asset.uid]),
            ),
        )
        for row in rows
    ]


def record_lines(actor: Actor, uids: set[Any]) -> Lines:
    rows = queries.records_by_uid(actor, uids)
    return [
        (row.uid, Line(text=row.name, note=row.ref, url=page_of_record(row.kind, row.uid))) for row in rows
    ]


def page_of_record(slug: str, uid: UUID) -> str:
    return reverse("console:record", args=[slug, uid])


_LINES: dict[str, Callable[[Actor, set[Any]], Lines]] = {
    "concept": _concept_lines,
    "purpose": _purpose_lines,
    "activity": _activity_lines,
    "asset": _asset_lines,
    "version": _version_lines,
    "grant": grant_lines,
    "lease": lease_lines,
}


def _choices(kind: Kind, actor: Actor, content: Any, given: dict[str, Any]) -> dict[str, Any]:
    """One query a reference, one more where something is chosen already, and one for the concepts."""
    picks = {
        name: _picks(actor, spec, name, given)
        for name, spec in kind.specs.items()
        if spec.shape in (Shape.ONE, Shape.SOME)
    }
    concepts: list[tuple[str, Any]] = []
    if any(spec.shape is Shape.CONCEPT for spec in kind.specs.values()):
        rows = queries.concepts_in_use(actor).prefetch_related(None)
        concepts = sorted(((row.code, row.label) for row in rows), key=lambda each: each[1].casefold())
    return {"picks": picks, "concepts": concepts}


def _picks(actor: Actor, spec: Spec, name: str, given: dict[str, Any]) -> list[tuple[str, Any]]:
    rows, shown = _to_choose(actor, spec.of)
    if spec.shape is Shape.ONE:
        return [("", _("Not stated")), *((str(row.uid), str(shown(row))) for row in rows[:MOST_CHOICES])]
    chosen = given.get(name) or ()
    uids = {uid for text in chosen if (uid := uid_of(str(text)))}
    words = str(given.get(f"{name}_q", "")).replace("\0", "").strip()[:LONGEST_SEARCH]
    found = rows.exclude(uid__in=uids)
    found = found.filter(name__icontains=words) if words else found
    picked = list(rows.filter(uid__in=uids)) if uids else []
    return [(str(row.uid), shown(row)) for row in (*picked, *found[:MOST_FOUND])]


def _to_choose(actor: Actor, of: str) -> tuple[Any, Callable[[Any], Term]]:
    """Rows with a name, and how one of them is shown."""
    by_ref: Callable[[Any], Term] = lambda row: Term(name=row.name, article=row.ref)  # noqa: E731
    if of == "asset":
        return assets_visible_to(actor).order_by("name"), lambda row: Term(
            name=row.name, article=row.domain.name
        )
    if of == "version":
        named = versions_visible_to(actor).prefetch_related(None).annotate(name=F("asset__name"))
        named = named.select_related("asset__domain").order_by("name", "-number")
        return named, lambda row: Term(name=f"{row.name} v{row.number}", article=row.asset.domain.name)
    if of == "grant":
        return grants_to_choose(actor), grant_term
    if of == "lease":
        return leases_to_choose(actor), lease_term
    if of == "purpose":
        rows: Any = queries.purposes(actor)
        return rows.prefetch_related(None).order_by("name"), by_ref
    if of == "activity":
        rows = queries.activities(actor)
        return rows.prefetch_related(None).order_by("name"), by_ref
    return queries.records_to_choose(actor, of), by_ref


def _rests(actor: Actor, record: Any, version: Any) -> Rests:
    return Rests(
        grants=[],
        requests=[],
        activities=list(queries.activities_resting_on(actor, record)[:MOST_COUNTED]),
        records=[
            (row, queries.KINDS[row.kind].one)
            for row in queries.records_naming(actor, record.uid)[:MOST_COUNTED]
        ],
        purposes=list(queries.purposes_resting_on(actor, record)[:MOST_COUNTED]),
        label_sets=_label_sets(actor, record),
    )


def _label_sets(actor: Actor, record: Any) -> list[Any]:
    """The newest first, of all versions of a labeling policy."""
    if record.kind != LABELING:
        return []
    return list(label_sets_in_brief(actor).filter(policy__legal_record=record)[:MOST_COUNTED])

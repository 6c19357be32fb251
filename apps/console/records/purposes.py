"""Purposes, as a kind of record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.access.queries import grants_resting_on, requests_resting_on
from apps.compliance import commands, queries
from apps.compliance.queries import Outlook, PurposeStanding
from apps.console.forms.purposes import PurposeForm
from apps.console.forms.record import Line, Names
from apps.console.records.shape import MOST_COUNTED, Act, RecordKind, Rests
from apps.kernel.actor import Actor


def _purpose(actor: Actor, record_id: UUID) -> tuple[Any, tuple[Any, ...]]:
    sheet = queries.purpose_sheet(actor, record_id)
    return sheet.purpose, sheet.versions


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
    return replace(
        _named_beside_access(actor, purpose, version),
        grants=list(grants_resting_on(actor, [purpose.pk])[:MOST_COUNTED]),
        requests=list(asked[:MOST_COUNTED]),
    )


def _named_beside_access(actor: Actor, purpose: Any, version: Any) -> Rests:
    """Without what the impact of ending the purpose lists."""
    activities = queries.activities_naming(actor, purpose).prefetch_related(None)[:MOST_COUNTED]
    return Rests(grants=[], requests=[], activities=list(activities))


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
    aspect=_("Lawful basis"),
    aspect_part="console/records/purpose_aspect.html",
    states=("active", "in_review", "draft", "rejected", "suspended", "withdrawn", "expired"),
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
    turn_down=commands.reject_purpose,
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
            impact=commands.impact_of_ending,
            rests=_named_beside_access,
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
            impact=commands.impact_of_ending,
            rests=_named_beside_access,
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

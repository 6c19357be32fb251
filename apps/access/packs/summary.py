"""One page for people: who was given what, why, by whom, and whether the record holds together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from apps.access.models import RejectionCode, VerdictKind
from apps.access.packs.checks import Checked
from apps.access.packs.contents import Case, reasons_of
from apps.compliance.queries.behind import Behind
from apps.kernel.pdf import Block, Document, Heading, Text, pdf_of, table, terms

MOST_LINES = 6


def summary_of(
    case: Case, records: Sequence[Behind], checks: Sequence[Checked], keys: int, *, at: datetime
) -> bytes:
    document = Document(
        title=gettext("Evidence on %(ref)s") % {"ref": case.request.ref},
        subtitle=gettext("%(organization)s, as of %(at)s")
        % {"organization": case.request.organization.name, "at": _moment(at)},
        blocks=[
            terms(*_case(case, records, keys)),
            Heading(text=gettext("Who decided")),
            *_verdicts(case),
            Heading(text=gettext("What the rules said")),
            *_reasons(case),
            Heading(text=gettext("Whether the record holds together")),
            table(
                [gettext("What was looked at"), gettext("Result")],
                [
                    (each.says, gettext("holds") if each.holds else gettext("DOES NOT HOLD"))
                    for each in checks
                ],
                widths=(5, 1),
            ),
            Text(
                text=gettext("How to verify the pack without the portal is told in README.txt."),
                is_faint=True,
            ),
        ],
        language=get_language() or "en",
        footer=f"{case.request.ref} · {case.decision.uid}",
    )
    return pdf_of(document, at=at)


def _case(case: Case, records: Sequence[Behind], keys: int) -> list[tuple[Any, Any]]:
    revision = case.revision
    purpose = next((each for each in records if each.kind == "purposes"), None)
    others = ", ".join(f"{each.ref} v{each.number}" for each in records if each.kind != "purposes")
    subject = revision.person.name
    if revision.service_account:
        subject = f"{revision.service_account.username} ({subject})"
    if revision.project:
        subject = f"{revision.project.name} ({subject})"
    return [
        (gettext("Asked by"), case.request.requester.name),
        (gettext("For whom"), subject),
        (gettext("Which data"), _first([f"{i.asset.name}, v{i.version.number}" for i in revision.asked])),
        (gettext("To do what"), ", ".join(revision.actions)),
        *([(gettext("Labels as"), revision.get_labeling_part_display())] if revision.labeling_part else []),
        (gettext("Purpose"), f"{purpose.ref} v{purpose.number}: {purpose.name}" if purpose else ""),
        (gettext("Records in force"), others),
        (gettext("Outcome"), case.request.state.replace("_", " ")),
        (
            gettext("Period"),
            _first([f"{_moment(g.not_before)} – {_moment(g.not_after)}" for g in case.grants]),
        ),
        (gettext("State now"), _first([grant.state for grant in case.grants])),
        (gettext("Conditions"), _first([f"{each.text} ({each.status})" for each in case.conditions])),
        (gettext("Keys issued"), str(keys)),
    ]


def _verdicts(case: Case) -> list[Block]:
    if not case.verdicts:
        return [Text(text=gettext("Nobody had to: the rules granted it at once."))]
    names = (gettext("Who"), gettext("As"), gettext("Said"), gettext("When"), gettext("Why"))
    rows = [
        (
            each.person.name,
            each.slot.role.replace("_", " "),
            VerdictKind(each.kind).label,
            _moment(each.created_at),
            _shortened(each.reason)
            or (RejectionCode(each.rejection_code).label if each.rejection_code else ""),
        )
        for each in case.verdicts
    ]
    return [table(names, rows, widths=(2, 2, 1.3, 2, 3))]


def _reasons(case: Case) -> list[Block]:
    book = case.decision.rulebook
    told = gettext("%(effect)s, by the rules «%(book)s»") % {
        "effect": case.decision.effect,
        "book": f"{book.name} {book.version}",
    }
    rows = [(reason.rule, ", ".join(reason.articles), words) for reason, words in reasons_of(case.decision)]
    shown = rows[:MOST_LINES]
    if not shown:
        return [Text(text=told)]
    return [
        Text(text=told),
        table((gettext("Rule"), gettext("Law"), gettext("Finding")), shown, widths=(1, 2, 4)),
    ]


def _first(lines: Sequence[str]) -> str:
    """So many as a page has room for."""
    rest = len(lines) - MOST_LINES
    more = [gettext("and %(count)s more") % {"count": rest}] if rest > 0 else []
    return "\n".join([*map(_shortened, lines[:MOST_LINES]), *more])


def _shortened(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y H:i e")

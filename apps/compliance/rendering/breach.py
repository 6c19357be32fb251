"""The draft of what an authority is told of a breach (GDPR Art. 33(3)), to be read before it is sent."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import get_language, gettext

from apps.compliance.lifecycle.breach import authority_deadline, must_tell_people
from apps.compliance.rendering.words import Told, day_or_moment
from apps.kernel.pdf import Block, Document, Heading, Text, pdf_of, table, terms

CONTENT = (
    ("(a)", ("nature", "types", "whose", "people", "records")),
    ("(b)", ("contact",)),
    ("(c)", ("consequences",)),
    ("(d)", ("measures",)),
)
"""By the letters of Art. 33(3)."""
WHEN = ("occurred_from", "occurred_to", "detected_at", "aware_at", "source")
REACHED = ("assets", "versions", "grants", "keys", "access")
TELLING = ("tell-authority-first", "tell-authority")


def breach_notice(told: Told, *, at: datetime) -> bytes:
    """As PDF."""
    document = Document(
        title=gettext("Notification of a personal data breach (draft)"),
        subtitle=f"{told.record.organization.name}, {told.record.ref}, {day_or_moment(at)}",
        blocks=_blocks(told, at=at),
        language=get_language() or "en",
        footer=f"{told.record.ref} v{told.version.number}",
    )
    return pdf_of(document, at=at)


def breach_text(told: Told, *, at: datetime) -> bytes:
    """As plain text, to be pasted into the form of an authority."""
    lines = [gettext("Notification of a personal data breach (draft)"), told.record.organization.name, ""]
    for title, pairs in _sections(told, at=at):
        lines += [title, *(f"- {name.replace(chr(10), ', ')}: {said or '–'}" for name, said in pairs), ""]
    return "\n".join(lines).encode()


def _blocks(told: Told, *, at: datetime) -> list[Block]:
    blocks: list[Block] = []
    for title, pairs in _sections(told, at=at):
        blocks += [Heading(text=title), terms(*pairs)]
    if phases := _phases(told):
        blocks += [
            Heading(text=gettext("What was told before: Art. 33(4)")),
            table([gettext("When"), gettext("Reference"), gettext("By")], phases),
        ]
    blocks.append(Text(text=gettext("A draft from the record: to be read before it is sent."), is_faint=True))
    return blocks


def _sections(told: Told, *, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (gettext("When"), [*(told.pair(name) for name in WHEN), *_deadline(told, at=at)]),
        *((f"Art. 33(3){letter} GDPR", [told.pair(name) for name in names]) for letter, names in CONTENT),
        (gettext("What was reached"), [told.pair(name) for name in REACHED]),
        (gettext("Risk to the people"), [told.pair("risk"), told.pair("rationale"), *_people(told)]),
    ]


def _deadline(told: Told, *, at: datetime) -> list[tuple[str, str]]:
    """In UTC, as the 72 hours run, and whether they are over."""
    due = authority_deadline(told.content)
    if due is None:
        return [(gettext("To be told by"), gettext("nobody has to be told, as assessed"))]
    stated = f"{due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    late = [step for step in told.steps if step.step in TELLING and step.said.get("delay_reasons")]
    if not late and at <= due:
        return [(gettext("To be told by"), stated)]
    reasons = "\n".join(str(step.said["delay_reasons"]) for step in late)
    return [
        (gettext("To be told by"), stated),
        (
            gettext("Why it is late, Art. 33(1)"),
            reasons or gettext("TO BE FILLED IN: the 72 hours are over."),
        ),
    ]


def _people(told: Told) -> list[tuple[str, str]]:
    has_to = gettext("yes") if must_tell_people(told.content) else gettext("no")
    return [(gettext("Do the people have to be told (Art. 34)?"), has_to), told.pair("exemptions")]


def _phases(told: Told) -> list[tuple[str, str, str]]:
    return [
        (
            day_or_moment(datetime.fromisoformat(step.said["at"])) if step.said.get("at") else "",
            str(step.said.get("reference", "")),
            step.taken_by.name if step.taken_by else "",
        )
        for step in told.steps
        if step.step in TELLING
    ]

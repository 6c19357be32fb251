"""The report on an impact assessment (GDPR Art. 35(7)): one document from the record and its log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.html import escape
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import specs_of
from apps.compliance.lifecycle.dpia import DECISIVE, POINTS, ActionItem, DpiaStage, Risk, screening_of
from apps.compliance.lifecycle.dpia.matrix import LEVELS, Matrix, Zone, matrix_of
from apps.compliance.lifecycle.dpia.measures import FINISHING
from apps.compliance.lifecycle.reading import read
from apps.compliance.rendering.words import Told, cells, day_or_moment, said
from apps.kernel.pdf import Block, Document, Heading, Picture, Text, pdf_of, table, terms

FILLS = {Zone.LOW: "#dcefe0", Zone.RAISED: "#fbe8bf", Zone.HIGH: "#f6cdc8"}
SIDE = 60
MARGIN = 92
OPINION_STEPS = ("advise",)
DECISION_STEPS = ("decide", "not-needed")
AUTHORITY_STEPS = ("advice", "period-elapsed", "prohibit")
RISK_COLUMNS = ("harm", "source", "impact", "measures")
LEAD = {
    "a": _("Description, purposes and interests: Art. 35(7)(a)"),
    "b": _("Necessity and proportionality: Art. 35(7)(b)"),
    "c": _("Risks to the rights and freedoms of people: Art. 35(7)(c)"),
    "d": _("Measures, and what remains: Art. 35(7)(d)"),
}


def dpia_report(told: Told, *, at: datetime) -> bytes:
    version = told.version
    document = Document(
        title=f"{gettext('Impact assessment')}: {version.name}",
        subtitle=gettext("%(ref)s, version %(number)s, %(status)s, printed on %(at)s")
        % {
            "ref": told.record.ref,
            "number": version.number,
            "status": version.record_status.replace("_", " "),
            "at": day_or_moment(at),
        },
        blocks=tuple(_blocks(told)),
        language=get_language() or "en",
        footer=f"{told.record.ref} v{version.number} · {version.content_sha256[:16]}",
    )
    return pdf_of(document, at=at)


def _blocks(told: Told) -> Iterator[Block]:
    yield from _scope(told)
    yield from _screening(told)
    yield Heading(text=str(LEAD["a"]))
    yield _prose(told.field("description"))
    yield Heading(text=str(LEAD["b"]))
    yield terms(*(told.pair(name) for name in ("necessity", "proportionality", "rights_controls")))
    yield terms(told.pair("codes_of_conduct"))
    yield from _risks(told)
    yield from _measures(told)
    yield from _steps(told, (FINISHING,), gettext("Measures shown to be done"))
    yield Heading(text=gettext("Views of the people concerned: Art. 35(9)"))
    yield terms(told.pair("views"), told.pair("views_not_sought"))
    yield from _steps(told, OPINION_STEPS, gettext("Advice of the data protection officer: Art. 35(2)"))
    yield from _steps(told, DECISION_STEPS, gettext("Decision of the owner"))
    yield from _steps(told, AUTHORITY_STEPS, gettext("Supervisory authority: Art. 36"))
    yield from _history(told)


def _scope(told: Told) -> Iterator[Block]:
    stage = DpiaStage(told.record.stage) if told.record.stage else None
    yield Heading(text=gettext("What it is about"))
    yield terms(
        told.pair("activities"),
        told.pair("assets"),
        (gettext("Where it stands"), stage.label if stage else ""),
        told.pair("effective_from"),
        told.pair("next_review"),
        told.pair("is_published"),
    )


def _screening(told: Told) -> Iterator[Block]:
    specs = told.record.declared.specs
    found = screening_of(told.content)
    names = (*POINTS, *DECISIVE, "is_on_exempt_list", "is_assessed_in_law")
    yield Heading(text=gettext("Screening"))
    yield table(
        [gettext("Question"), gettext("Rests on"), gettext("Answer")],
        [(specs[name].label, specs[name].article, told.field(name)) for name in names],
        widths=(6, 2, 1),
    )
    needed = gettext("needed") if found.is_required else gettext("not needed")
    by_law = gettext("by law") if found.is_required_by_law else gettext("by guidance")
    yield terms(
        (gettext("Criteria of WP248 that are met"), str(len(found.criteria))),
        (gettext("An assessment is"), f"{needed}, {by_law}" if found.is_required else needed),
        told.pair("reasons_for_not_doing"),
    )


def _risks(told: Told) -> Iterator[Block]:
    risks = told.content.risks
    specs = specs_of(Risk)
    yield Heading(text=str(LEAD["c"]))
    yield terms(told.pair("initial_risk"), told.pair("residual_risk"))
    if not risks:
        yield Text(text=gettext("No risk is recorded."))
        return
    yield table(
        ["", *(specs[name].label for name in RISK_COLUMNS)],
        [(str(n), *cells(risk, told.names, only=RISK_COLUMNS)) for n, risk in enumerate(risks, start=1)],
        widths=(0.5, 3, 2, 3, 3),
    )
    for is_residual, title in (
        (False, gettext("Without the measures")),
        (True, gettext("With the measures")),
    ):
        matrix = matrix_of(risks, is_residual=is_residual)
        yield Heading(text=title, level=2)
        if matrix.is_empty:
            yield Text(text=gettext("Not judged risk by risk."))
            continue
        yield Picture(svg=matrix_svg(matrix), told=in_words(matrix), width=0.55)
        yield Text(text=in_words(matrix), is_faint=True)


def _measures(told: Told) -> Iterator[Block]:
    yield Heading(text=str(LEAD["d"]))
    specs, actions = specs_of(ActionItem), told.content.actions
    if actions:
        yield table(
            [spec.label for spec in specs.values()],
            [cells(action, told.names) for action in actions],
            widths=(4, 2, 1.5),
            caption=gettext("What is still to be done"),
        )
    else:
        yield Text(text=gettext("Nothing is left to be done."))


def _steps(told: Told, slugs: tuple[str, ...], title: str) -> Iterator[Block]:
    """Everything that was said there, word for word, also what was later said again."""
    yield Heading(text=title)
    taken = [step for step in told.steps if step.step in slugs]
    if not taken:
        yield Text(text=gettext("Not yet."))
    cycle = told.record.declared.cycle
    for step in taken:
        declared = next(each for each in cycle.steps if each.slug == step.step) if cycle else None
        if declared is None:
            continue
        answers: Any = read(declared.said, step.said)
        pairs = [
            (str(spec.label), said(spec, getattr(answers, name), told.names))
            for name, spec in specs_of(declared.said).items()
        ]
        by = step.taken_by.name if step.taken_by else ""
        yield Heading(text=f"{declared.verb}, {by}, {day_or_moment(step.created_at)}", level=2)
        yield terms(*(pair for pair in pairs if pair[1]))


def _history(told: Told) -> Iterator[Block]:
    yield Heading(text=gettext("What changed when"))
    cycle = told.record.declared.cycle
    verbs = {each.slug: str(each.verb) for each in cycle.steps} if cycle else {}
    stages = {str(each): str(getattr(each, "label", each)) for each in cycle.stages} if cycle else {}
    yield table(
        [
            gettext("Version"),
            gettext("State"),
            gettext("Approved by"),
            gettext("Approved on"),
            gettext("Ended on"),
        ],
        [
            (
                version.number,
                version.record_status.replace("_", " "),
                version.approved_by.name if version.approved_by else "",
                day_or_moment(version.approved_at),
                day_or_moment(version.ended_at),
            )
            for version in told.versions
        ],
    )
    if told.steps:
        yield table(
            [gettext("When"), gettext("Who"), gettext("What"), gettext("Then it was")],
            [
                (
                    day_or_moment(step.created_at),
                    step.taken_by.name if step.taken_by else "",
                    verbs.get(step.step, step.step),
                    stages.get(step.stage_after, step.stage_after),
                )
                for step in told.steps
            ],
            widths=(2, 2, 3, 2),
        )


def _prose(text: str) -> Text:
    return Text(text=text or gettext("Not written yet."), is_faint=not text)


def in_words(matrix: Matrix) -> str:
    """What the picture shows, for those who do not see it."""
    found = [
        gettext("%(numbers)s: severity %(severity)s, likelihood %(likelihood)s")
        % {
            "numbers": ", ".join(map(str, cell.numbers)),
            "severity": cell.severity.label,
            "likelihood": cell.likelihood.label,
        }
        for row in matrix.rows
        for cell in row
        if cell.numbers
    ]
    if matrix.unplaced:
        found.append(gettext("%(numbers)s: not judged") % {"numbers": ", ".join(map(str, matrix.unplaced))})
    return "; ".join(found)


def matrix_svg(matrix: Matrix) -> str:
    """For print, where no style sheet is at hand."""
    size = len(LEVELS) * SIDE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MARGIN + size} {size + 40}" font-size="10">'
    ]
    for down, row in enumerate(matrix.rows):
        parts.append(_word(MARGIN - 6, down * SIDE + SIDE / 2 + 4, row[0].severity.label, "end"))
        for across, cell in enumerate(row):
            x, y = MARGIN + across * SIDE, down * SIDE
            parts.append(
                f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}"'
                f' fill="{FILLS[cell.zone]}" stroke="#fff"/>'
            )
            parts.append(_word(x + SIDE / 2, y + SIDE / 2 + 4, ", ".join(map(str, cell.numbers)), "middle"))
    for across, level in enumerate(LEVELS):
        parts.append(_word(MARGIN + across * SIDE + SIDE / 2, size + 14, level.label, "middle"))
    parts.append(_word(MARGIN + size / 2, size + 32, gettext("Likelihood"), "middle"))
    parts.append(_word(MARGIN - 6, 12, gettext("Severity"), "end"))
    return "".join((*parts, "</svg>"))


def _word(x: float, y: float, text: Any, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-family="Libertinus Serif">{escape(text)}</text>'
    )

"""The report on a label set as a document to be printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from apps.kernel.pdf import Block, Document, Heading, Text, printed_apart, table, terms
from apps.labeling.checks.terms import Outcome
from apps.labeling.measures.rounding import down, up
from apps.labeling.rendering import words
from apps.labeling.rendering.coverage import coverage_of
from apps.labeling.rendering.report import Check, Report

MOST_ROWS = 200


def printed(report: Report, *, at: datetime) -> bytes:
    label_set = report.label_set
    version = label_set.version
    policy = label_set.policy
    document = Document(
        title=gettext("Labels of %(name)s") % {"name": version.asset.name},
        subtitle=gettext("version %(version)s, label set %(number)s, printed on %(at)s")
        % {"version": version.number, "number": label_set.number, "at": _moment(at)},
        blocks=tuple(_blocks(report)),
        language=get_language() or "en",
        footer=f"{policy.legal_record.ref} v{policy.number} · {label_set.file_sha256[:16]}",
    )
    return printed_apart(document, at=at)


def _blocks(report: Report) -> Iterator[Block]:
    label_set = report.label_set
    yield Heading(text=f"{gettext('What they are good for')}: {report.title}")
    yield Text(text=str(report.sentence))
    yield terms(
        (gettext("Labeling policy"), f"{label_set.policy.legal_record.ref} v{label_set.policy.number}"),
        (gettext("Annotations"), label_set.annotations),
        (gettext("Items"), report.figures.get("items", "")),
        (gettext("Left out"), label_set.left_out),
        (gettext("Addresses"), label_set.addresses_removed),
        (gettext("Brought"), _moment(label_set.created_at)),
        (
            gettext("Measured"),
            gettext("%(at)s, by version %(number)s of the policy")
            % {"at": _moment(report.measured_at), "number": report.policy.number},
        ),
        (gettext("Hash of the file"), label_set.file_sha256),
    )
    for group in report.groups:
        yield Heading(text=str(group.title))
        yield table(
            [gettext("Check"), gettext("What was found"), gettext("Law")],
            [
                (f"{each.title} ({each.code})", _told(each), ", ".join(each.reason.articles))
                for each in group.checks
            ],
            widths=(3, 6, 2),
        )
    for part in report.parts:
        yield from _part(part)
    yield from _annotators(report)
    yield from _coverage(report)
    yield from _groups(report)


def _part(part: Mapping[str, Any]) -> Iterator[Block]:
    title = gettext("Agreement")
    if part.get("is_of_regions"):
        title = gettext("%(title)s, in regions") % {"title": title}
    yield Heading(text=title)
    name = words.COEFFICIENTS.get(part["coefficient"], part["coefficient"])
    beside = [(gettext("Raw agreement"), part.get("raw")), ("AC1", part.get("ac1"))]
    beside += [(words.COEFFICIENTS.get(each, each), value) for each, value in part.get("beside", {}).items()]
    yield terms(
        (name, _bounded(part["agreement"], part["lower"], part["upper"])),
        *((other, _figure(value)) for other, value in beside if value is not None),
    )
    gold = part.get("gold_by_class", {})
    if classes := part.get("classes", [])[:MOST_ROWS]:
        yield table(
            [
                gettext("Class"),
                gettext("Answers"),
                gettext("Share"),
                gettext("Agreement"),
                gettext("Right on gold items"),
            ],
            [
                (
                    each["label"],
                    each["answers"],
                    _figure(each["share"]),
                    _bounded(each["agreement"], each.get("lower"), each.get("upper")),
                    _share(gold.get(each["label"])),
                )
                for each in classes
            ],
            widths=(3, 1.5, 1.5, 3, 3),
            caption=gettext("Agreement by class"),
        )
    if by_label := part.get("by_label", [])[:MOST_ROWS]:
        yield _by_label(by_label)
    confusion = part.get("confusion", {})
    if labels := [each or gettext("All others") for each in confusion.get("labels", [])]:
        yield table(
            ["", *labels],
            [(label, *counts) for label, counts in zip(labels, confusion["counts"], strict=True)],
            caption=gettext("Which classes are confused"),
        )


def _by_label(rows: Sequence[Mapping[str, Any]]) -> Block:
    """Where an item takes any number of labels."""
    return table(
        [
            gettext("Label"),
            gettext("Agreement"),
            gettext("Both"),
            gettext("One alone"),
            gettext("Neither"),
            gettext("Given where it is true"),
        ],
        [
            (
                each["label"],
                _bounded(each["agreement"], each["lower"], each["upper"]),
                each["both"],
                each["one"],
                each["neither"],
                _share(each["found"]),
            )
            for each in rows
        ],
        widths=(3, 3, 1, 1, 1, 3),
        caption=gettext("Agreement label by label"),
    )


def _annotators(report: Report) -> Iterator[Block]:
    rows = report.figures.get("annotators", [])[:MOST_ROWS]
    if rows:
        yield Heading(text=gettext("Annotators"))
        yield table(
            [
                gettext("Annotator"),
                gettext("Answers"),
                gettext("Agreement with the others"),
                gettext("Right on gold items"),
            ],
            [
                (
                    each["annotator"],
                    each["answers"],
                    _with_others(each.get("with_others")),
                    _share(each["gold"]),
                )
                for each in rows
            ],
            widths=(2.5, 1.5, 3, 3.5),
        )


def _coverage(report: Report) -> Iterator[Block]:
    if counts := coverage_of(report.figures):
        yield Heading(text=gettext("Coverage"))
        yield table(
            ["", gettext("Number"), gettext("Of"), gettext("Share")],
            [(each.name, each.part, each.whole, _figure(each.share)) for each in counts],
            widths=(5, 2, 2, 2),
        )


def _groups(report: Report) -> Iterator[Block]:
    if rows := report.figures.get("groups", [])[:MOST_ROWS]:
        yield Heading(text=gettext("Groups of items"))
        yield table(
            [gettext("Name"), gettext("Agreement")],
            [(each["name"], _bounded(each["value"], each.get("lower"), each.get("upper"))) for each in rows],
            widths=(3, 4),
        )
    if rates := report.figures.get("group_rates", [])[:MOST_ROWS]:
        yield table(
            [gettext("Label"), gettext("Name"), gettext("Share")],
            [(each["label"], each["name"], _figure(each["share"])) for each in rates],
            caption=gettext("How often each label was given, by group"),
        )


def _told(check: Check) -> str:
    if check.outcome is Outcome.PASSED:
        return words.sentence(check.reason)
    return f"{words.sentence(check.reason)}\n{words.remedy(check.reason)}"


def _share(share: Mapping[str, Any] | None) -> str:
    if not share or not share["total"]:
        return ""
    return f"{share['hits']}/{share['total']}: {_bounded(share['value'], share['lower'], share['upper'])}"


def _with_others(told: Mapping[str, Any] | None) -> str:
    if not told or not told["items"]:
        return ""
    return _bounded(told["value"], told["lower"], told["upper"])


def _bounded(value: float | None, lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return _figure(value)
    return f"{_figure(value)} ({_figure(down(lower))} – {_figure(up(upper))})"


def _figure(value: float | None) -> str:
    return gettext("undefined") if value is None else f"{value:.3f}"


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "j M Y, H:i T")

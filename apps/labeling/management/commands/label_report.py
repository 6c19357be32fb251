"""`manage.py label_report FILE`: whether the labels of an export are good enough, before anything is kept."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Organization
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence
from apps.labeling.checks.extent import of_unsized
from apps.labeling.checks.findings import at_least, at_most, percent, said
from apps.labeling.checks.labelwise import OfLabel
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.attribution import SaidOfFile, attributed
from apps.labeling.imports.faulty import beyond, with_first
from apps.labeling.imports.joining import together
from apps.labeling.imports.once import held_to_one
from apps.labeling.imports.reading import Export, read_export
from apps.labeling.imports.schema import held_to_schema
from apps.labeling.measures.agreement import Scale
from apps.labeling.measures.proportions import Share
from apps.labeling.queries import policy_in_force

SHOWN = 50
NOT_IN_A_FILE = "L01, L02, L09, L11, L12, L13 and L15 ask for records that no export holds."


class Command(BaseCommand):
    help = (
        "Measure the labels of an export (Label Studio JSON, COCO JSON, CVAT XML 1.1, CSV) and say what they"
        " are good for. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="+")
        parser.add_argument(
            "--labeled-by",
            action="append",
            default=[],
            help="who labeled what names nobody; once for each file, in their order",
        )
        parser.add_argument(
            "--gold", type=Path, action="append", default=[], help="a file that is the truth as a whole"
        )
        parser.add_argument(
            "--all-seen",
            action="store_true",
            help="items with nothing on them were looked at, and nothing is there",
        )
        parser.add_argument(
            "--policy", default="", help="number of the labeling policy whose schema and thresholds hold"
        )
        parser.add_argument("--organization", default="", help="whose policy it is: its code")
        parser.add_argument(
            "--scale",
            choices=[each.value for each in Scale],
            default=Scale.NOMINAL.value,
            help="what may be done with the labels: compared, ordered, subtracted, divided",
        )
        parser.add_argument(
            "--several",
            action="store_true",
            help="an item takes any number of labels, and each is measured by itself",
        )
        parser.add_argument(
            "--unsure", default="", help="the labels that leave it open, with commas between: unsure,other"
        )
        parser.add_argument("--order", default="", help="the labels from low to high, with commas between")
        parser.add_argument(
            "--gold-tolerance",
            type=Decimal,
            default=Decimal(0),
            help="by how much a number may differ from gold, in the unit of the labels",
        )
        parser.add_argument("--annotations", type=int, default=2, help="that an item needs")
        parser.add_argument(
            "--high-risk",
            action="store_true",
            help="for a high-risk system: several label every item",
        )
        parser.add_argument(
            "--dice",
            action="store_true",
            help="areas are held against each other by what they cover, and not counted one by one",
        )
        parser.add_argument("--seed", type=int, default=1, help="of the bootstrap")
        parser.add_argument(
            "--skip-faults", action="store_true", help="measure what is sound, where the file has faults"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            terms = _terms(options)
            export = held_to_schema(_exported(options), terms)
            export = held_to_one(export) if terms.takes_one else export
        except OSError as fault:
            raise CommandError(f"The file cannot be read: {fault.strerror}.") from fault
        except LakewardenError as refusal:
            told = " ".join(f"{sentence(reason)} {remedy(reason)}" for reason in refusal.reasons)
            raise CommandError(told) from refusal
        self._write(_of_the_file(export))
        if export.faulty and not options["skip_faults"]:
            raise CommandError("Nothing was measured. Mend the faults, or leave them out with --skip-faults.")
        try:
            measured = measure(export.annotations, export.items, terms)
        except ValueError as fault:
            raise CommandError(f"{fault} The labels of this file are words.") from fault
        findings = (*findings_of(measured, terms), *of_unsized(export.unsized))
        self._write(_of_the_labels(measured))
        self._write(_of_the_checks(findings))
        self.stdout.write(f"Verdict: {verdict_of(findings).value}")

    def _write(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _terms(options: dict[str, Any]) -> Terms:
    """Of a policy, or what the command line says.  Raises: NotFound."""
    if options["policy"]:
        organization = Organization.objects.filter(code__iexact=options["organization"]).first()
        if organization is None:
            raise CommandError("Say whose labeling policy it is, with --organization and its code.")
        today = database_now().date()
        found = policy_in_force(actor=SYSTEM, organization=organization, ref=options["policy"], on=today)
        return terms_of(found.content, seed=options["seed"])
    scale, several = Scale(options["scale"]), options["several"]
    if several and scale is not Scale.NOMINAL:
        raise CommandError("Several labels for each item are classes: leave out --scale, or --several.")
    by = options["gold_tolerance"]
    if not by.is_finite() or by < 0 or (by and scale is Scale.NOMINAL):
        raise CommandError("--gold-tolerance is a number from 0 on, and needs a --scale of numbers.")
    return Terms(
        scale=scale,
        is_by_label=several,
        unsure=_listed(options["unsure"]) or Terms().unsure,
        gold_tolerance=by if by or scale.is_of_numbers else None,
        order=_listed(options["order"]),
        annotations_per_item=options["annotations"],
        is_high_risk=options["high_risk"],
        is_dice=options["dice"],
        seed=options["seed"],
    )


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(label for each in typed.split(",") if (label := each.strip()))


def _exported(options: dict[str, Any]) -> Export:
    """Of all files together. What stands for a person or an address stands for the same in each.

    Raises: OSError, RuleBroken.
    """
    files, who = options["file"], options["labeled_by"]
    if who and len(who) != len(files):
        raise CommandError(f"Say --labeled-by once for each file: {len(files)} are named.")
    people, exports = Pseudonyms(), []
    told = [(file, name, False) for file, name in zip_longest(files, who, fillvalue="")]
    for file, name, is_gold in (*told, *((file, "", True) for file in options["gold"])):
        of_file = SaidOfFile(labeled_by=name.strip(), is_gold=is_gold, all_items_seen=options["all_seen"])
        export, _who = attributed(read_export(file.read_bytes(), people=people), of_file, people)
        exports.append(export)
    return replace(together(exports), unsized=sum(each.unsized for each in exports))


def _of_the_file(export: Export) -> Iterator[str]:
    yield f"{export.format.value}: {len(export.annotations)} annotations on {len(export.items)} items"
    if export.emails:
        yield f"{export.emails} e-mail addresses stand in the file; none is kept."
    for fault in export.faults[:SHOWN]:
        place = f" {fault.place}" if fault.place else ""
        yield f"line {fault.line}{place}: {sentence(fault.reason)} {remedy(fault.reason)}"
    if export.faulty > SHOWN:
        yield f"and {export.faulty - SHOWN} faults more:"
    for lines in beyond((), beyond(export.faults[SHOWN:]), export.beyond).values():
        yield f"{sentence(lines.first.reason)} In lines {with_first(lines)}."


def _of_the_labels(found: Measured) -> Iterator[str]:
    for told in (part.agreement for part in found.parts):
        bounds = f"[{at_least(told.interval.lower)}, {at_most(told.interval.upper)}]"
        yield ""
        of = f" of «{told.label}», the worst" if told.label else ""
        yield f"Agreement ({told.coefficient.value}, {told.scale.value}{of}): {said(told.value)} {bounds}"
        if told.raw is not None:
            yield f"raw agreement {said(told.raw)}, AC1 {said(told.ac1)}"
        for coefficient, value in told.beside.items():
            yield f"{coefficient.value} {said(value)}"
    if found.cancelled:
        yield f"{found.cancelled} canceled annotations do not count."
    yield ""
    yield "label | answers | share | agreement | gold"
    told_of = [(each, part.gold_by_class) for part in found.parts for each in part.classes]
    for each, by_class in told_of:
        gold = by_class.get(each.value)
        agreement = _bounded(each.agreement, each.lower, each.upper)
        cells = each.value, str(each.answers), percent(each.share), agreement, _share(gold)
        yield " | ".join(cells)
    yield from _by_label(row for part in found.parts for row in part.by_label)
    yield ""
    yield "annotator | answers | commonest label | with the others | gold | seconds"
    for row in found.annotators:
        seconds = "-" if row.median_seconds is None else f"{row.median_seconds:g}"
        others = _bounded(row.with_others.value if row.with_others else None, *row.bounds)
        cells = str(row.answers), percent(row.commonest), others, _share(row.gold), seconds
        yield " | ".join((row.annotator, *cells))


def _by_label(rows: Iterable[OfLabel]) -> Iterator[str]:
    """Where an item takes any number of labels."""
    for number, row in enumerate(rows):
        if not number:
            yield ""
            yield "label | alpha | both | one alone | neither | given where true | left out where not"
        interval = row.agreement.interval
        agreement = _bounded(row.agreement.value, interval.lower, interval.upper)
        counts = str(row.both), str(row.one), str(row.neither)
        yield " | ".join((row.label, agreement, *counts, _share(row.found), _share(row.left_out)))


def _bounded(value: float | None, lower: float | None, upper: float | None) -> str:
    return said(value) if lower is None else f"{said(value)} [{at_least(lower)}, {at_most(upper)}]"


def _share(share: Share | None) -> str:
    if share is None or not share.total:
        return "-"
    return f"{share.hits}/{share.total} [{at_least(share.lower)}, {at_most(share.upper)}]"


def _of_the_checks(findings: tuple[Finding, ...]) -> Iterator[str]:
    yield ""
    for finding in findings:
        is_open = finding.outcome is not Outcome.PASSED
        mend = f" {remedy(finding.reason)}" if is_open else ""
        yield f"{finding.check} {finding.outcome.value}: {sentence(finding.reason)}{mend}"
    yield NOT_IN_A_FILE

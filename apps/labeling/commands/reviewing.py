"""Measuring a label set anew from the labels that it has now, and by what records say now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.kernel.actor import Actor
from apps.labeling.checks.around import Around, ErasureFacts, WhenFacts
from apps.labeling.checks.extent import of_unsized
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.people import as_people, numbers_of
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.settling import Standing
from apps.labeling.checks.subgroups import subgroups_of
from apps.labeling.checks.teams import OF_TEAMS
from apps.labeling.checks.terms import CHECKS, OF_PEOPLE, RECORDED, Outcome, verdict_of_outcomes
from apps.labeling.commands.kept import annotations_of, undated_answers, unlabeled_in
from apps.labeling.events import LabelSetReviewed
from apps.labeling.facts import around_of, gold_age, held_by, terms_under
from apps.labeling.imports.annotation import Format
from apps.labeling.imports.items import Held, held_to_items
from apps.labeling.imports.joining import nameless
from apps.labeling.imports.reading import Export
from apps.labeling.models import LabelSet, LabelSetReview
from apps.labeling.queries import policy_cited, policy_measuring
from apps.labeling.roster.facts import cited_facts, standing_of


@command(lock=LabelSet)
def review_label_set(*, actor: Actor, label_set_id: UUID, at: datetime) -> LabelSetReview:
    """By the terms of the version of its policy that is in force, and by what records say now. The newest
    review of a set counts; what was measured before stays beside it.

    Raises: NotFound, NotPermitted.
    """
    label_set = (
        LabelSet.objects.visible_to(actor)
        .select_related("version__asset__organization", "policy__legal_record")
        .one(label_set_id)
    )
    asset = label_set.version.asset
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(asset))
    cited, policy = policy_cited(label_set), policy_measuring(label_set, on=at.date())
    around = replace(around_of(label_set.version, cited), cited=cited_facts(cited, policy, dataset=asset.uid))
    held = held_by(label_set.version, around.items)
    export, are_named = _export(label_set)
    unlabeled = nameless(unlabeled_in(label_set, export.items))
    may_name = are_named and policy.content.are_raw_kept is True
    terms = terms_under(cited.content, policy.content, are_named=may_name)
    gold = gold_age(label_set.version, policy, export.annotations, brought=label_set.created_at)
    around = replace(_with_what_stayed(around, export, held), before=None, when=_when(label_set), gold=gold)
    sound = held_to_items(export, held)
    items = held.known or {*sound.items, *unlabeled}
    standing = standing_of(policy) if are_named else Standing()
    measured = measure(sound.annotations, items, terms, standing.people)
    raters = as_people(sound.annotations, numbers_of(sound.annotations, standing.people))
    measured = replace(
        measured,
        subgroups=subgroups_of(raters, held.groups, terms, standing.teams),
        left_out=label_set.figures.get("left_out", label_set.left_out),
    )
    found = (*findings_of(measured, terms, around), *of_unsized(0, label_set.findings))
    findings = [each.as_json() for each in found]
    findings = _with_what_people_did(findings, label_set, are_named=are_named)
    findings.sort(key=lambda each: str(each["check"]))
    outcomes = [(str(each["check"]), Outcome(each["outcome"])) for each in findings]
    made = LabelSetReview.objects.create(
        label_set=label_set,
        verdict=verdict_of_outcomes(outcomes, CHECKS | RECORDED).value,
        findings=findings,
        figures=_figures(measured, label_set, are_named=are_named, may_name=may_name),
        policy_id=policy.version_id,
        created_at=at,
    )
    event = LabelSetReviewed(label_set_id=label_set.uid, verdict=made.verdict, policy_version=policy.number)
    record(event, actor=actor, at=at)
    return made


def _with_what_people_did(
    found: list[dict[str, Any]], label_set: LabelSet, *, are_named: bool
) -> list[dict[str, Any]]:
    """What asks who labeled, and how the set was beside those before it, stays as it was then. Where nobody
    knows any more who labeled, how their groups judged stays, too."""
    checks = OF_PEOPLE & {str(each["check"]) for each in label_set.findings}

    def stays(each: Mapping[str, Any]) -> bool:
        is_of_teams = each["check"] == "L09" and each["reason"]["code"] in OF_TEAMS
        return each["check"] in checks or (is_of_teams and not are_named)

    kept = [each for each in label_set.findings if stays(each)]
    return [*(each for each in found if not stays(each)), *kept]


def _figures(measured: Measured, label_set: LabelSet, *, are_named: bool, may_name: bool) -> dict[str, Any]:
    """What tells of people stays as it was, where it is not kept who they are."""
    figures = figures_of(measured, are_named=may_name)
    for name in ("first_day", "undated", "begun_on"):
        figures[name] = label_set.figures.get(name)
    if not are_named:
        before = label_set.figures
        figures |= {name: before[name] for name in ("annotators", "annotators_in_all") if name in before}
        for part in figures["parts"]:
            part["beside"] = {}
    return figures


def _with_what_stayed(around: Around, export: Export, held: Held) -> Around:
    present = sum(held.erased_on(item) is not None for item in export.items)
    return replace(around, erasures=replace(around.erasures or ErasureFacts(), present=present))


def _when(label_set: LabelSet) -> WhenFacts:
    first, begun = (label_set.figures.get(name) for name in ("first_day", "begun_on"))
    return WhenFacts(
        first=date.fromisoformat(first) if first else None,
        undated=undated_answers(label_set),
        begun=date.fromisoformat(begun) if begun else None,
        brought=label_set.created_at,
    )


def _export(label_set: LabelSet) -> tuple[Export, bool]:
    """The labels as they were brought, and whether it is known who gave them."""
    annotations = annotations_of(label_set)
    return Export(
        format=Format(label_set.format),
        annotations=annotations,
        items=frozenset(each.item for each in annotations),
    ), label_set.labels.exclude(annotator="").exists()

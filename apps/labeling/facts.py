"""What a labeling policy asks of labels, and what records say around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from apps.catalog.models import AssetVersion
from apps.catalog.queries import inputs_of
from apps.compliance.lifecycle.labeling import AgreementMeasure, LabelingPolicyContent, LabelTask
from apps.compliance.lifecycle.labeling.checks import RESEARCH, share_of, tolerance_of
from apps.compliance.lifecycle.occurrences import Happening, OccurrenceState
from apps.compliance.models.occurrence import AffectedVersion
from apps.labeling.checks.around import Around, ErasureFacts, Groups, ItemFacts, RedactionFacts
from apps.labeling.checks.renewal import GoldAge
from apps.labeling.checks.terms import Place, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.items import Held
from apps.labeling.imports.tombstones import ErasedNames
from apps.labeling.measures.agreement import Scale
from apps.labeling.models import DatasetItem, Erased, ItemErasure, Label, RedactionCheck, Tombstone
from apps.labeling.models.erasure import WITHIN
from apps.labeling.queries import PolicyInForce
from apps.labeling.roster.facts import before_facts, cited_facts, roster_facts

SCALES = {LabelTask.ORDINAL: Scale.ORDINAL, LabelTask.REGRESSION: Scale.INTERVAL}
TAKING_ONE = {LabelTask.CLASSIFICATION, LabelTask.ORDINAL, LabelTask.REGRESSION, LabelTask.PAIRWISE}
PUT_ON = {LabelTask.SPAN: Place.PART, LabelTask.BOX: Place.AREA, LabelTask.SEGMENTATION: Place.AREA}
OURS = Terms()
MOST_CHECKS = 500
"""Of what names people, of one version."""
ASKING = (Happening.CONSENT_WITHDRAWN, Happening.ERASURE_GRANTED)
"""What happened to data after which those of single people have to go."""


def terms_of(content: LabelingPolicyContent, *, seed: int = OURS.seed) -> Terms:
    """Grades stand in the order in which the policy lists them. What it does not say is as we have it."""
    scale = SCALES.get(content.task, Scale.NOMINAL) if content.task else Scale.NOMINAL
    labels = tuple(each.id for each in content.labels)
    return Terms(
        scale=scale,
        order=labels if scale is Scale.ORDINAL else (),
        labels=labels,
        put_on=PUT_ON.get(content.task, Place.WHOLE) if content.task else None,
        is_by_label=content.task is LabelTask.MULTI_LABEL,
        takes_one=content.task in TAKING_ONE,
        is_free=content.task is LabelTask.FREE_TEXT,
        is_dice=is_dice(content),
        is_nameless=content.are_raw_kept is not True,
        unsure=tuple(each.id for each in content.labels if each.leaves_it_open),
        annotations_per_item=content.annotations_per_item or OURS.annotations_per_item,
        adjudication=content.adjudication.value if content.adjudication else "",
        is_high_risk=content.is_high_risk is True,
        overlap_share=max(share_of(content.overlap_share, 0.0), OURS.overlap_share),
        release_agreement=max(share_of(content.release_agreement, OURS.release_agreement), RESEARCH),
        research_agreement=max(share_of(content.research_agreement, RESEARCH), RESEARCH),
        gold_accuracy=share_of(content.gold_accuracy, OURS.gold_accuracy),
        gold_tolerance=tolerance_of(content),
        gold_items=max(content.gold_items or 0, OURS.gold_items),
        coverage=share_of(content.coverage, OURS.coverage),
        unsure_share=share_of(content.unsure_share, OURS.unsure_share),
        verified_share=max(share_of(content.verified_share, 0.0), OURS.verified_share),
        machine_share=_machine_share(content),
        is_preceded=bool(content.machine_tool.strip()),
        subgroups=content.subgroups.strip(),
        is_redacted=content.is_redacted is True,
        was_redacted=content.is_redacted is True,
        redaction_recall=max(share_of(content.redaction_recall, 0.0), OURS.redaction_recall),
        audited_items=max(content.audited_items or 0, OURS.audited_items),
        seed=seed,
    )


def terms_under(cited: LabelingPolicyContent, by: LabelingPolicyContent, *, are_named: bool) -> Terms:
    """What `by` asks of labels that were given by the schema of `cited`."""
    schema, terms = terms_of(cited), terms_of(by)
    return replace(
        terms,
        scale=schema.scale,
        order=schema.order,
        labels=schema.labels,
        unsure=schema.unsure,
        is_dice=terms.is_dice if cited.task == by.task else schema.is_dice,
        is_nameless=terms.is_nameless or not are_named,
        was_redacted=schema.is_redacted,
    )


def is_dice(content: LabelingPolicyContent) -> bool:
    """Areas are, unless the policy says that they are counted one by one."""
    is_of_areas = content.task == LabelTask.SEGMENTATION and content.measure != AgreementMeasure.F1
    return is_of_areas or content.measure == AgreementMeasure.DICE


def _machine_share(content: LabelingPolicyContent) -> float:
    """Under a policy that names no machine none labels."""
    return share_of(content.machine_share, OURS.machine_share) if content.machine_tool.strip() else 0.0


def around_of(version: AssetVersion, policy: PolicyInForce) -> Around:
    """What records say of the version and of who labels under the policy; a statement or two for each."""
    return Around(
        items=item_facts(version),
        redaction=redaction_facts(version),
        erasures=erasure_facts(version),
        cited=cited_facts(policy, dataset=version.asset.uid),
        roster=roster_facts([version], policy),
        before=before_facts(version, policy),
    )


def gold_age(
    version: AssetVersion, policy: PolicyInForce, annotations: Iterable[Annotation], *, brought: datetime
) -> GoldAge | None:
    """Of a set that was `brought` then. One statement, where the policy says when gold is renewed."""
    days = policy.content.gold_days
    gold = {each.item for each in annotations if each.is_gold} if days else set()
    if not days or not gold:
        return None
    earlier = Label.objects.filter(
        is_gold=True,
        label_set__version__asset=version.asset_id,
        label_set__policy__legal_record__uid=policy.record_id,
        label_set__created_at__lt=brought - timedelta(days=days),
    )
    known = set(earlier.values_list("item", flat=True).distinct())
    return GoldAge(items=len(gold), old=len(gold & known), days=days)


_COUNTED = """
WITH rows AS (
    SELECT i.line, i.split, i.sha256, i.subject FROM labeling_datasetitem i
    JOIN labeling_itemmanifest m ON m.id = i.manifest_id WHERE m.version_id = %(version)s
), hashes AS (
    SELECT array_agg(line ORDER BY line) AS lines FROM rows WHERE sha256 <> '' AND split <> ''
    GROUP BY sha256 HAVING count(DISTINCT split) > 1
), subjects AS (
    SELECT array_agg(line ORDER BY line) AS lines FROM rows WHERE subject <> '' AND split <> ''
    GROUP BY subject HAVING count(DISTINCT split) > 1
), across AS (SELECT lines FROM hashes UNION ALL SELECT lines FROM subjects)
SELECT (SELECT count(*) FROM rows WHERE split <> ''),
    (SELECT count(DISTINCT split) FROM rows WHERE split <> ''),
    (SELECT count(*) FROM rows WHERE sha256 <> ''),
    (SELECT count(*) FROM rows WHERE subject <> ''), (SELECT count(*) FROM hashes),
    (SELECT count(*) FROM subjects),
    ARRAY(SELECT DISTINCT line FROM across, unnest(lines[:5]) AS line ORDER BY line LIMIT 5)
"""


def item_facts(version: AssetVersion) -> ItemFacts:
    """Two statements; one where no items were brought."""
    rows = DatasetItem.objects.filter(manifest__version=version).order_by("line")
    groups: dict[str, Groups] = {}
    alike: dict[Groups, Groups] = {}
    for name, said in rows.values_list("name", "groups").iterator():
        each = tuple(sorted(said.items()))
        groups[name] = alike.setdefault(each, each)
    if not groups:
        return ItemFacts()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"version": version.pk})
        in_splits, splits, hashed, of_subjects, hashes, subjects, lines = cursor.fetchone()
    return ItemFacts(
        groups=groups,
        in_splits=in_splits,
        splits=splits,
        hashed=hashed,
        of_subjects=of_subjects,
        hashes_across=hashes,
        subjects_across=subjects,
        examples=tuple(lines),
    )


def held_by(version: AssetVersion, items: ItemFacts | None = None) -> Held:
    """What labels of the version are held to. Three statements beside those of `item_facts`."""
    found = items or item_facts(version)
    return Held(groups=found.groups, erased_on=erased_names(version, Erased.ITEM).on)


def erased_names(version: AssetVersion, kind: Erased) -> ErasedNames:
    """Of items or people that were erased from the version's dataset, or from what it is made from."""
    assets = AssetVersion.objects.filter(pk__in=inputs_of([version.pk]).keys()).values("asset")
    rows = Tombstone.objects.filter(kind=kind.value, erasure__version__asset__in=assets)
    stones = rows.values_list("digest", "erasure__created_at")
    return ErasedNames(kind.value, {digest: at.date() for digest, at in stones})


def redaction_facts(version: AssetVersion) -> RedactionFacts:
    rows = RedactionCheck.objects.filter(version=version).order_by("-pk")[:MOST_CHECKS]
    told = [_check(row) for row in rows]
    return replace(told[0], earlier=tuple(told[1:])) if told else RedactionFacts()


def newest_checks(versions: Iterable[int]) -> Mapping[int, RedactionFacts]:
    """Of versions by their keys, those that have one. One statement."""
    rows = RedactionCheck.objects.filter(version__in=versions).order_by("version", "-pk").distinct("version")
    return {row.version_id: _check(row) for row in rows}


def _check(row: RedactionCheck) -> RedactionFacts:
    return RedactionFacts(
        seeds=row.seeds,
        seeds_found=row.seeds_found,
        audited=row.audited,
        direct_identifiers=row.direct_identifiers,
        at=row.created_at,
    )


def erasure_facts(version: AssetVersion) -> ErasureFacts:
    done = ItemErasure.objects.filter(reached__version=version)
    counted = done.aggregate(all=Count("pk"), late=Count("pk", filter=Q(created_at__gt=F("due_at"))))
    return ErasureFacts(
        erasures=counted["all"], late=counted["late"], open=open_demands().filter(version=version).count()
    )


def open_demands() -> QuerySet[AffectedVersion]:
    """Versions with the occurrences that have asked for an erasure for a day, without an answer."""
    answered = ItemErasure.objects.that_answer().filter(
        duty__occurrence=OuterRef("occurrence"), reached__version=OuterRef("version")
    )
    return AffectedVersion.objects.filter(
        ~Exists(answered),
        occurrence__state=OccurrenceState.IN_EFFECT,
        occurrence__happening__in=[each.value for each in ASKING],
        occurrence__took_effect_at__lte=Now() - WITHIN,
        reopened_at__isnull=True,
    )

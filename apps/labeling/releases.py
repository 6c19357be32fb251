"""What is known of a version of a model and of everything it learned from, for whether it may be released."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetKind, AssetVersion, VersionInput
from apps.catalog.queries import HANDED_DOWN, inputs_of
from apps.compliance.facts.reach import release_facts, why_closed
from apps.compliance.facts.releases import described, models_of, systems_with
from apps.compliance.lifecycle.ai_systems import OrgRole
from apps.compliance.lifecycle.judging import is_overdue
from apps.compliance.lifecycle.labeling import GOVERNING, LABELING_POLICIES
from apps.compliance.lifecycle.model_assessments import ReleaseFacts
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found, rule_broken
from apps.labeling.checks.demands import Condition, Demand
from apps.labeling.checks.releasing import (
    ModelFacts,
    SetFacts,
    UnlabeledFacts,
    conditions_of,
    obstacles_of,
)
from apps.labeling.checks.terms import Verdict
from apps.labeling.errors import NO_MODEL
from apps.labeling.models import LabelSet, ModelRelease
from apps.labeling.queries import is_labeled_under, releases_visible_to
from apps.labeling.uses import (
    Data,
    Inputs,
    inputs_among,
    stated_of,
    trained_on,
    uses_of,
    with_what_they_were_made_from,
)
from apps.policy.reason import Reason

MOST_RELEASES = 20
TRAINING_ROLES = (OrgRole.PROVIDER, OrgRole.MANUFACTURER, None)
NOT_SHOWN = "data that you may not see"


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Everything a version was made from, itself left out. Names are told only to who may see them."""

    versions: tuple[Any, ...]
    sets: tuple[Any, ...]

    @property
    def shown(self) -> frozenset[int]:
        """The assets that may be named."""
        return frozenset(each.asset_id for each in self.versions if each.is_shown)

    def name_of(self, asset: Asset) -> str:
        return asset.name if asset.pk in self.shown else NOT_SHOWN

    def of_kind(self, kind: AssetKind) -> list[Any]:
        return [each for each in self.versions if each.asset.kind == kind]


def conditions_for(
    actor: Actor, version: AssetVersion, *, on: date, system: LegalRecordVersion | None = None
) -> tuple[Condition, ...]:
    """For the screen, the API, the command, what watches over releases, and an AI system, of which only its
    own purposes count. Fourteen queries, and six for each purpose, however many data."""
    return conditions_of(model_facts(version, learned_by(actor, version), on=on, system=system))


def learned_by(actor: Actor, version: AssetVersion) -> Learned:
    """Three queries. What it was validated with is not among it."""
    keys = frozenset(inputs_of([version.pk], HANDED_DOWN)) - {version.pk}
    is_shown = ExpressionWrapper(Q(asset__in=Asset.objects.visible_to(actor)), BooleanField())
    named = VersionInput.objects.filter(version=OuterRef("pk"), role__in=[role.value for role in HANDED_DOWN])
    found = AssetVersion.objects.filter(pk__in=keys).annotate(is_shown=is_shown, is_told=Exists(named))
    versions = tuple(found.select_related("asset").order_by("pk"))
    return Learned(versions=versions, sets=tuple(label_sets_of(keys)))


def label_sets_of(versions: Collection[int]) -> Any:
    """The label sets among versions, each with what it is good for now."""
    found = LabelSet.objects.with_verdict().filter(asset_version__in=versions)
    return found.select_related("version__asset", "asset_version__asset", "policy__legal_record").order_by(
        "pk"
    )


def model_facts(
    version: AssetVersion, learned: Learned, *, on: date, system: LegalRecordVersion | None = None
) -> ModelFacts:
    systems = systems_with(version, on) if system is None else (system,)
    policies = _policies(version, learned, on=on)
    inputs = inputs_among(version, learned.versions)
    keys = trained_on(version, learned.versions, inputs)
    in_force = {each.legal_record_id for each in policies if _governs(each, on)}
    shut = why_closed([version.pk, *(each.pk for each in learned.versions)])
    return ModelFacts(
        learned=release_facts(version),
        unknown=_unknown(learned),
        closed=tuple(reason for reasons in shut.values() for reason in reasons),
        sets=tuple(
            SetFacts(
                dataset=learned.name_of(each.version.asset),
                policy=each.policy.legal_record.ref,
                number=each.number,
                verdict=Verdict(each.current_verdict),
                is_governed=each.policy.legal_record_id in in_force,
            )
            for each in learned.sets
        ),
        unlabeled=tuple(_unlabeled(policies, learned, keys, inputs)),
        systems=stated_of(systems),
        uses=uses_of(version, systems, _data(learned, keys), on=on),
    )


def _data(learned: Learned, keys: Collection[int]) -> list[Data]:
    return [
        Data(version=each, name=learned.name_of(each.asset), is_shown=each.asset_id in learned.shown)
        for each in learned.versions
        if each.pk in keys
    ]


def _unknown(learned: Learned) -> tuple[ReleaseFacts, ...]:
    """Models below it of which nobody said what they learned."""
    return tuple(
        ReleaseFacts(model=learned.name_of(each.asset), version=each.number, has_training_data=False)
        for each in learned.of_kind(AssetKind.MODEL)
        if not each.is_told
    )


def _policies(version: AssetVersion, learned: Learned, *, on: date) -> list[Any]:
    """Labeling policies in force about what was learned from, and those that its labels cite. One query."""
    about = Q(legal_record__in={each.policy.legal_record_id for each in learned.sets})
    for asset in {each.asset.uid for each in learned.of_kind(AssetKind.DATASET)}:
        about |= Q(content__datasets__contains=[str(asset)])
    found = LegalRecordVersion.objects.in_force(on).filter(
        about,
        legal_record__organization=version.asset.organization_id,
        legal_record__kind=LABELING_POLICIES.slug,
    )
    asked = found.annotate(is_labeled_under=is_labeled_under())
    return list(asked.select_related("legal_record").order_by("legal_record__ref"))


def _governs(policy: LegalRecordVersion, on: date) -> bool:
    due = policy.review_due_on
    return policy.legal_record.stage in GOVERNING and not (due is not None and is_overdue(due, on))


def _unlabeled(
    policies: Iterable[Any], learned: Learned, keys: Collection[int], inputs: Inputs
) -> Iterable[UnlabeledFacts]:
    """Each version that it was trained on has to have labels of its own that are named; what these data were
    made from, labels of its own or of something that was made from it."""
    named = {(each.version_id, each.policy.legal_record_id) for each in learned.sets}
    behind = {
        (behind, record) for key, record in named for behind in with_what_they_were_made_from(key, inputs)
    }
    data = learned.of_kind(AssetKind.DATASET)
    asked: set[tuple[int, int]] = set()
    for policy in policies:
        for each in data if policy.is_labeled_under else ():
            enough = named if each.pk in keys else behind
            if each.asset.uid in policy.said.datasets:
                asked.add((each.pk, policy.legal_record_id))
                if (each.pk, policy.legal_record_id) not in enough:
                    yield _not_named(learned, each, policy.legal_record.ref)
    told = {version for version, _policy in (*named, *asked)}
    told |= {version for version, _policy in behind if version not in keys}
    yield from _under_what_ended([each for each in data if each.pk not in told], learned)


def _under_what_ended(data: Collection[Any], learned: Learned) -> Iterable[UnlabeledFacts]:
    """Labels that were given are named whatever became of their policy: those, or others of the version."""
    found = {each.pk: each for each in data}
    made = LabelSet.objects.filter(version__in=found).values_list("version", "policy__legal_record__ref")
    for version, policy in sorted(set(made)) if found else ():
        yield _not_named(learned, found[version], policy)


def _not_named(learned: Learned, version: Any, policy: str) -> UnlabeledFacts:
    return UnlabeledFacts(dataset=learned.name_of(version.asset), version=version.number, policy=policy)


def what_holds_a_system(system: UUID, *, actor: Actor) -> tuple[Reason, ...]:
    """What stands against releasing the models that an AI system uses. Of one that others made nobody here
    can say what it was trained on: that is asked of those who train."""
    on = timezone.now().date()
    said = described(system, on)
    if said is None:
        return ()
    is_trained_here = said.said.role in TRAINING_ROLES
    return obstacles_of(
        tuple(
            condition
            for version in models_of(said.said)
            for condition in conditions_for(actor, version, on=on, system=said)
            if is_trained_here or condition.demand is not Demand.LINEAGE
        )
    )


@dataclass(frozen=True, kw_only=True)
class ReleaseSheet:
    """A version of a model for those who see it. `release` is the one that stands, of all its `releases`."""

    version: AssetVersion
    conditions: tuple[Condition, ...]
    label_sets: tuple[Any, ...]
    releases: tuple[ModelRelease, ...]
    may_release: bool

    @property
    def release(self) -> ModelRelease | None:
        return next((each for each in self.releases if each.withdrawn_at is None), None)

    @property
    def is_releasable(self) -> bool:
        """Nothing stands against it, whether or not it is released."""
        return all(condition.is_met for condition in self.conditions)

    @property
    def state(self) -> str:
        """As it is now, also where nobody has noticed yet that a release lost its ground."""
        if self.release is None:
            return "open"
        return "released" if self.is_releasable else "fallen"


def version_of(actor: Actor, asset_id: UUID, number: int | None) -> AssetVersion:
    """The newest where no number is named.  Raises: NotFound."""
    versions = AssetVersion.objects.visible_to(actor).filter(asset__uid=asset_id)
    if number is not None:
        versions = versions.filter(number=number)
    found = versions.order_by("-number").first()
    if found is None:
        raise not_found(versions.kind)
    return found


def release_sheet(actor: Actor, version_id: UUID) -> ReleaseSheet:
    """Eighteen queries, and six for each purpose, however much it learned from.

    Raises: NotFound, RuleBroken (no model).
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset__domain").one(version_id)
    if version.asset.kind != AssetKind.MODEL:
        raise rule_broken(NO_MODEL)
    learned = learned_by(actor, version)
    return ReleaseSheet(
        version=version,
        conditions=conditions_of(model_facts(version, learned, on=timezone.now().date())),
        label_sets=tuple(each for each in learned.sets if each.version.asset_id in learned.shown),
        releases=tuple(releases_visible_to(actor).filter(version=version)[:MOST_RELEASES]),
        may_release=may(
            actor=actor, operation=Operation.RELEASE_MODEL, resource=asset_resource(version.asset)
        ),
    )

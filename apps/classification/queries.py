"""Reads of classes, categories and classifications."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, JSONObject

from apps.accounts.authorization import authorize, may, standing_of
from apps.accounts.operations import Operation
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetVersion, Column
from apps.catalog.queries import InputKeys
from apps.classification.facts import lacking_of, ladder_of
from apps.classification.lifecycle import ClassificationStatus, LadderChangeState
from apps.classification.models import (
    WHOLE_VERSION,
    Classification,
    ClassificationSource,
    DataCategory,
    LadderChange,
    LadderConsent,
    SensitivityClass,
    SpecialKind,
    StageRole,
)
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet
from apps.kernel.questions import among
from apps.policy.vocabulary import Identifiability

_SHOWN = ("version__asset", "sensitivity_class", "classified_by", "decided_by")


@dataclass(frozen=True, kw_only=True)
class EffectiveClass:
    """The highest class over the columns of a version and of all that it was made from; `unclassified` names
    columns of its own nobody spoke of."""

    sensitivity_class: SensitivityClass | None
    unclassified: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.sensitivity_class is not None and not self.unclassified


def ladder(actor: Actor) -> HouseQuerySet[SensitivityClass]:
    """All classes, from the lowest."""
    return SensitivityClass.objects.visible_to(actor).order_by("rank")


def may_manage_classes(actor: Actor) -> bool:
    return may(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))


def demand_manager_of_classes(actor: Actor) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))


def ladder_changes(actor: Actor) -> HouseQuerySet[LadderChange]:
    """What was proposed for the ladder, with by whom. Officers see them, of whichever organization."""
    related = ("sensitivity_class", "proposed_by", "closed_by")
    return LadderChange.objects.visible_to(actor).select_related(*related)


def open_ladder_changes(actor: Actor) -> HouseQuerySet[LadderChange]:
    """Those that wait for somebody, the oldest first."""
    return ladder_changes(actor).filter(state=LadderChangeState.PROPOSED).order_by("pk")


def ladder_changes_to_answer(actor: Actor) -> QuerySet[LadderChange]:
    """Those to which the actor may agree, where their organization or another person has yet to."""
    said = LadderConsent.objects.filter(change=OuterRef("pk"))
    is_said = Exists(said.filter(organization=actor.organization_id or 0)) & Q(is_laxer=False)
    found = LadderChange.objects.visible_to(actor).proposed()
    tied = standing_of(actor).ties.linked
    return found.exclude(proposed_by__in=tied).exclude(is_said | Exists(said.filter(person=actor.person_key)))


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """Who has yet to agree to a change, as far as the actor is concerned, whose own organization may be among
    them; of others only how many."""

    is_own: bool
    others: int
    second_person: bool
    may_answer: bool
    may_withdraw: bool


def awaited(actor: Actor, change: LadderChange, *, at: datetime) -> Awaited:
    lacking = lacking_of(change, at=at)
    is_open = change.state == LadderChangeState.PROPOSED
    has_agreed = change.consents.filter(person=actor.person_key).exists()
    is_tied = change.proposed_by_id in standing_of(actor).ties.linked
    return Awaited(
        is_own=actor.organization_id in lacking.organizations,
        others=len(lacking.organizations - {actor.organization_id}),
        second_person=lacking.second_person,
        may_answer=is_open and not has_agreed and not is_tied and may_manage_classes(actor),
        may_withdraw=is_open and change.proposed_by_id == actor.person_id,
    )


def categories_in_use(actor: Actor) -> QuerySet[DataCategory]:
    return DataCategory.objects.visible_to(actor).in_use().prefetch_related("parents")


def categories_visible_to(actor: Actor) -> QuerySet[DataCategory]:
    """Those out of use, too: what was said in their terms still stands."""
    return DataCategory.objects.visible_to(actor)


def current_classifications(actor: Actor, version: AssetVersion) -> QuerySet[Classification]:
    """What holds for the columns of a version, with what is proposed instead under `beside`. One query,
    columns by name."""
    found = Classification.objects.visible_to(actor).current().filter(version=version)
    beside = _beside(ClassificationStatus.PROPOSED)
    return found.select_related(*_SHOWN).annotate(beside=beside).order_by("column_name")


def history(actor: Actor, version: AssetVersion, column: str) -> QuerySet[Classification]:
    """Everything ever said about a column of a version, the newest first."""
    found = Classification.objects.visible_to(actor).filter(version=version, column_name=column)
    return found.select_related("sensitivity_class", "classified_by", "decided_by").order_by("-id")


def open_proposals(actor: Actor) -> QuerySet[Classification]:
    """Proposals to lower a classification that wait for a second person, with what holds meanwhile under
    `beside`. One query, the oldest first."""
    found = Classification.objects.visible_to(actor).proposed()
    beside = _beside(ClassificationStatus.CURRENT)
    return found.select_related(*_SHOWN).annotate(beside=beside).order_by("id")


def with_names(rows: Sequence[Classification]) -> Sequence[Classification]:
    """The same rows, with what showing them takes. A flat number of queries."""
    prefetch_related_objects(rows, *_SHOWN)
    return rows


def _beside(status: ClassificationStatus) -> Subquery:
    """The other saying about the same column, of which there is at most one, in a few words."""
    other = Classification.objects.filter(
        version=OuterRef("version"), column_name=OuterRef("column_name"), status=status
    )
    in_words = JSONObject(
        id="uid",
        sensitivity_class_code="sensitivity_class__code",
        rank="sensitivity_class__rank",
        category_codes="category_codes",
        identifiability="identifiability",
        reason="reason",
        classified_by_id="classified_by__uid",
    )
    return Subquery(other.values_list(in_words))


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the columns of a version are classified; a version without columns counts as one.

    `confirmed` are those that a person vouches for; `proposed` those that wait for a second person.
    """

    columns: int
    classified: int
    confirmed: int
    proposed: int

    @property
    def is_complete(self) -> bool:
        return self.classified >= self.columns

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed >= self.columns


def progress_of(version: Any) -> Progress:
    """Of a version that `with_progress` has read."""
    return Progress(
        columns=version.columns_count or 1,
        classified=version.classified_count,
        confirmed=version.confirmed_count,
        proposed=version.proposed_count,
    )


def with_progress(versions: HouseQuerySet[AssetVersion]) -> HouseQuerySet[AssetVersion]:
    """With the counts of `Progress`, and the highest class as `highest`: label and rank, also of what it was
    made from. No query more."""
    columns = Column.objects.filter(version=OuterRef("pk"))
    said = Classification.objects.filter(version=OuterRef("pk"))
    current = said.current()
    highest = _of_all("pk").order_by("-sensitivity_class__rank")
    in_words = JSONObject(label="sensitivity_class__label", rank="sensitivity_class__rank")
    counted: Any = versions.annotate(
        columns_count=_count(columns),
        classified_count=_count(current),
        confirmed_count=_count(current.filter(is_confirmed=True)),
        proposed_count=_count(said.proposed()),
        highest=Subquery(highest.values_list(in_words)[:1]),
    )
    return cast("HouseQuerySet[AssetVersion]", counted)


def versions_to_classify(actor: Actor) -> HouseQuerySet[AssetVersion]:
    """Versions of assets in use that the actor may classify, and of which a column has no class, or one that
    nobody vouches for. One statement; `effective_classes` agrees."""
    assets = Asset.objects.where_may(actor, ObjectPermission.CLASSIFY).exclude(state=AssetState.RETIRED)
    current = Classification.objects.current()
    about = current.filter(version=OuterRef("version"), column_name=OuterRef("name"))
    columns = Column.objects.filter(version=OuterRef("pk"))
    whole = current.filter(version=OuterRef("pk"), column_name=WHOLE_VERSION)
    unsaid = Exists(columns.filter(~Exists(about))) | (~Exists(columns) & ~Exists(whole))
    unconfirmed = Exists(current.filter(version=OuterRef("pk"), is_confirmed=False))
    return with_progress(
        AssetVersion.objects.filter(unsaid | unconfirmed, asset__in=assets).select_related("asset__domain")
    )


def versions_to_lower(actor: Actor) -> QuerySet[AssetVersion]:
    """Versions of which somebody else proposed to lower a classification, and the actor may decide it."""
    proposed = Classification.objects.proposed().exclude(classified_by=actor.person_key)
    places = [held for held in standing_of(actor).roles if held.role is Role.COMPLIANCE_OFFICER]
    whole = [held.organization_id for held in places if held.domain_id is None]
    domains = [held.domain_id for held in places if held.domain_id is not None]
    theirs = Q(asset__organization__in=whole) | Q(asset__domain__in=domains)
    for permission in (ObjectPermission.CLASSIFY, ObjectPermission.OWN):
        theirs |= Q(asset__in=Asset.objects.where_may(actor, permission))
    waiting = Exists(proposed.filter(version=OuterRef("pk")))
    found = AssetVersion.objects.visible_to(actor).filter(theirs, waiting)
    return with_progress(found).select_related("asset__domain").order_by("pk")


def columns_with_sayings(version: AssetVersion, *, only_open: bool = False) -> QuerySet[Column]:
    """In their order, each with what holds for it under `saying`, and what is proposed under `proposal`.

    `only_open`: those without a class, or with one that nobody vouches for.
    """
    about = Classification.objects.filter(version=OuterRef("version"), column_name=OuterRef("name"))
    found = Column.objects.filter(version=version)
    if only_open:
        found = found.filter(~Exists(about.current().filter(is_confirmed=True)))
    return found.annotate(**_sayings(about)).order_by("position")


def sayings_once(actor: Actor, version: AssetVersion, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """Sayings about a version that hold or once held, by id, with their class."""
    found = Classification.objects.visible_to(actor).filter(version=version, uid__in=ids)
    return {row.uid: row for row in found.select_related("sensitivity_class")}


def whole_with_sayings(version: AssetVersion) -> dict[str, Any]:
    """The same for a version without columns. One query."""
    about = Classification.objects.filter(version=OuterRef("pk"), column_name=WHOLE_VERSION)
    found: Any = AssetVersion.objects.filter(pk=version.pk).annotate(**_sayings(about))
    return dict(found.values("saying", "proposal").get())


def _sayings(about: Any) -> dict[str, Subquery]:
    in_words = JSONObject(
        id="uid",
        sensitivity_class_code="sensitivity_class__code",
        label="sensitivity_class__label",
        rank="sensitivity_class__rank",
        category_codes="category_codes",
        identifiability="identifiability",
        reason="reason",
        assessment_ref="assessment_ref",
        is_confirmed="is_confirmed",
        source="source",
        classified_by="classified_by__name",
        classified_by_id="classified_by",
    )
    return {
        "saying": Subquery(about.current().values_list(in_words)),
        "proposal": Subquery(about.proposed().values_list(in_words)),
    }


def _count(rows: Any) -> Coalesce:
    counted = rows.order_by().values("version").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def of_class(assets: HouseQuerySet[Asset], code: str) -> HouseQuerySet[Asset]:
    """Those whose newest version has this as its highest class, with what it was made from. No query of its
    own."""
    newest = AssetVersion.objects.filter(asset=OuterRef("pk")).order_by("-number").values("pk")
    highest = _of_all("newest_version").order_by("-sensitivity_class__rank").values("sensitivity_class__code")
    known: Any = assets.annotate(newest_version=Subquery(newest[:1]))
    found = known.annotate(class_code=Subquery(highest[:1])).filter(class_code=code)
    return cast("HouseQuerySet[Asset]", found)


def _of_all(version: str) -> Any:
    """What holds for a version of the outer query and for all that it was made from."""
    is_input = among("version_id", InputKeys(OuterRef(version)))
    return Classification.objects.current().filter(Q(version=OuterRef(version)) | Q(is_input))


def unclassified_columns(version: AssetVersion) -> tuple[str, ...]:
    """Columns about which nothing holds, in their order; "*" for a version without columns."""
    return effective_class(version).unclassified


def effective_class(version: AssetVersion) -> EffectiveClass:
    return effective_classes([version])[version.pk]


def effective_classes(versions: Iterable[AssetVersion]) -> Mapping[int, EffectiveClass]:
    """By the key of the version. Two queries, however many versions."""
    keys = [version.pk for version in versions]
    named = Column.objects.filter(version=OuterRef("pk")).order_by("position")
    found: Any = AssetVersion.objects.filter(pk__in=keys).annotate(
        named=ArraySubquery(named.values("name")), input_keys=InputKeys(F("pk"))
    )
    of_version = {version.pk: version for version in found}
    everything = {key for version in found for key in (version.pk, *version.input_keys)}
    said: dict[int, dict[str, SensitivityClass]] = {key: {} for key in everything}
    rows = Classification.objects.current().filter(version__in=everything).select_related("sensitivity_class")
    for row in rows:
        said[row.version_id][row.column_name] = row.sensitivity_class
    return {key: _effective(of_version[key], said) for key in keys}


def _effective(version: Any, said: Mapping[int, Mapping[str, SensitivityClass]]) -> EffectiveClass:
    classes = [each for key in (version.pk, *version.input_keys) for each in said[key].values()]
    return EffectiveClass(
        sensitivity_class=max(classes, key=lambda each: each.rank, default=None),
        unclassified=tuple(name for name in version.named or [WHOLE_VERSION] if name not in said[version.pk]),
    )


__all__ = [
    "WHOLE_VERSION",
    "ClassificationSource",
    "ClassificationStatus",
    "EffectiveClass",
    "Identifiability",
    "LadderChangeState",
    "Progress",
    "SpecialKind",
    "StageRole",
    "categories_in_use",
    "columns_with_sayings",
    "current_classifications",
    "effective_class",
    "effective_classes",
    "history",
    "ladder",
    "of_class",
    "open_proposals",
    "progress_of",
    "sayings_once",
    "unclassified_columns",
    "versions_to_classify",
    "versions_to_lower",
    "whole_with_sayings",
    "with_names",
    "with_progress",
]


def was_raised(version: AssetVersion) -> bool:
    """Whether a column of the version is in a higher class than what was said of it before. One query."""
    earlier = Classification.objects.filter(
        version=OuterRef("version"),
        column_name=OuterRef("column_name"),
        status=ClassificationStatus.SUPERSEDED,
        pk__lt=OuterRef("pk"),
    ).order_by("-pk")
    now = Classification.objects.current().filter(version=version)
    before = now.annotate(before=Subquery(earlier.values("sensitivity_class__rank")[:1]))
    return before.filter(sensitivity_class__rank__gt=F("before")).exists()

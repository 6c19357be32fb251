"""What a version of a model is for by the AI systems that name it, and what records say of training on its
data for that: the facts by which access to the same data would be decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.catalog.models import AssetKind, AssetVersion, VersionInput
from apps.catalog.queries import HANDED_DOWN
from apps.classification.facts import column_standings
from apps.compliance.facts import (
    assessed_assets,
    corrects_bias,
    decisive_version,
    handling_facts,
    purpose_facts,
    purpose_in_use,
    purpose_parents,
    read_register,
    system_facts,
    use_facts,
)
from apps.compliance.facts.assets import is_about_nobody
from apps.compliance.models import DataOrigin, LegalRecordVersion, Purpose
from apps.labeling.checks.lawful import SystemFacts, UseOfData
from apps.policy.facts import Action, AssetFacts, RequestFacts, SubjectFacts
from apps.policy.law_words import DuoModifier
from apps.policy.rules.case import start_of
from apps.policy.vocabulary import SubjectKind

OF_WHO_ASKS = frozenset({DuoModifier.USERS, DuoModifier.PROJECTS, DuoModifier.REGIONS})
"""Terms about who sees the data and where: judged where access is asked for."""
NO_PROJECT = "none"
TRAINED_AND_USED = frozenset({Action.TRAIN, Action.DEPLOY})


@dataclass(frozen=True, kw_only=True)
class Data:
    """A version that the model was trained on, with the name under which it may be told."""

    version: AssetVersion
    name: str
    is_shown: bool


Inputs = Mapping[int, Collection[int]]
"""What each version was made from first, by their keys."""


def inputs_among(version: AssetVersion, learned: Collection[AssetVersion]) -> Inputs:
    """One query."""
    keys = [version.pk, *(each.pk for each in learned)]
    named = VersionInput.objects.filter(version__in=keys, role__in=[role.value for role in HANDED_DOWN])
    inputs: dict[int, list[int]] = {}
    for made, from_ in named.values_list("version_id", "input_id"):
        inputs.setdefault(made, []).append(from_)
    return inputs


def trained_on(
    version: AssetVersion, learned: Collection[AssetVersion], inputs: Inputs | None = None
) -> frozenset[int]:
    """Of everything it was made from the data it was trained on: what models and label sets in between were
    made from, too, but not what the data themselves were made from. One query where inputs are not given."""
    kinds = {each.pk: each.asset.kind for each in learned}
    named = inputs_among(version, learned) if inputs is None else inputs
    found: set[int] = set()
    met, ahead = {version.pk}, [version.pk]
    while ahead:
        for near in named.get(ahead.pop(), ()):
            if near in met or near not in kinds:
                continue
            met.add(near)
            if kinds[near] == AssetKind.DATASET:
                found.add(near)
            else:
                ahead.append(near)
    return frozenset(found)


def with_what_they_were_made_from(version: int, inputs: Inputs) -> frozenset[int]:
    met, ahead = {version}, [version]
    while ahead:
        near = set(inputs.get(ahead.pop(), ())) - met
        met |= near
        ahead.extend(near)
    return frozenset(met)


def stated_of(systems: Sequence[LegalRecordVersion]) -> tuple[SystemFacts, ...]:
    return tuple(
        SystemFacts(system=each.legal_record.ref, has_purpose=bool(each.said.purposes)) for each in systems
    )


def uses_of(
    model: AssetVersion, systems: Sequence[LegalRecordVersion], data: Sequence[Data], *, on: date
) -> tuple[UseOfData, ...]:
    """Each version of data with each purpose of the systems. Three queries, and six for each purpose, however
    many data."""
    named: set[UUID] = {uid for each in systems for uid in each.said.purposes}
    if not named or not data:
        return ()
    purposes = Purpose.objects.filter(uid__in=named, organization=model.asset.organization_id)
    keys = [each.version.pk for each in data]
    told = frozenset(
        DataOrigin.objects.current().filter(version__in=keys).values_list("version_id", flat=True)
    )
    standings = column_standings(keys)
    return tuple(
        use
        for purpose in purposes.select_related("organization").order_by("ref")
        for use in _for(purpose, data, told, standings, model=model, at=start_of(on))
    )


def _for(
    purpose: Purpose,
    data: Sequence[Data],
    told: frozenset[int],
    standings: Any,
    *,
    model: AssetVersion,
    at: datetime,
) -> Iterator[UseOfData]:
    on = at.date()
    handling = handling_facts()
    stated = purpose_facts(purpose, decisive_version(purpose), on=on)
    parents = purpose_parents(stated.code)
    wanted: list[tuple[AssetVersion, tuple[str, ...]]] = [(each.version, ()) for each in data]
    assets, assessments, beside = assessed_assets(
        wanted, purpose, concept=stated.code, parents=parents, at=at, standings=standings
    )
    register = read_register(purpose.organization, purpose, frozenset(), on=on)
    in_use = purpose_in_use(stated, parents, beside.use, corrects_bias(register))
    use = use_facts(register, institution=purpose.organization.name, project=NO_PROJECT, place=None)
    nobody = SubjectFacts(
        uid=str(model.uid),
        kind=SubjectKind.PROJECT,
        relation=None,
        employer_country=None,
        cleared_rank=None,
        contract_ends_on=None,
        is_active=None,
    )
    personal = [asset for asset in assets if _is_personal(asset)]
    for each, asset in zip(data, assets, strict=True):
        facts = RequestFacts(
            now=at,
            requester=nobody,
            subject=nobody,
            purpose=in_use,
            purpose_parents=parents,
            assets=(_as_training_hears(asset),),
            actions=TRAINED_AND_USED,
            starts_at=at,
            ends_at=at + timedelta(days=1),
            place_of_processing=None,
            linked_personal=any(other is not asset for other in personal),
            handling=handling,
            assessments=assessments,
            use=use,
            ai_system=system_facts(register),
        )
        yield UseOfData(
            facts=facts,
            purpose=purpose.ref,
            dataset=each.name,
            is_shown=each.is_shown,
            has_origin=each.version.pk in told,
        )


def _is_personal(asset: AssetFacts) -> bool:
    return not all(is_about_nobody(column) for column in asset.columns)


def _as_training_hears(asset: AssetFacts) -> AssetFacts:
    agreements = tuple(
        replace(each, modifiers=None if each.modifiers is None else each.modifiers - OF_WHO_ASKS)
        for each in asset.agreements or ()
    )
    return replace(asset, agreements=agreements)

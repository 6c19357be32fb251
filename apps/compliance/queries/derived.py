"""What a version is at least, by what it was made from, and through whom it came."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from apps.catalog.models import AssetVersion, Column
from apps.catalog.queries import inputs_of
from apps.classification.facts import ColumnStanding, column_standings, said_standings
from apps.classification.models import WHOLE_VERSION, SensitivityClass
from apps.compliance.facts.purposes import hierarchy_of_purposes
from apps.compliance.lifecycle.derived import Admitted, Nature, admitted_by_all, joined
from apps.compliance.models import DataOrigin, PermittedPurpose
from apps.kernel.actor import Actor
from apps.policy.vocabulary import LawfulBasis


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One version that it was made from, at the end of a path that begins with the version itself.

    A version that the actor may not see is `None` in the path; it counts nevertheless.
    """

    path: tuple[AssetVersion | None, ...]
    nature: Nature

    @property
    def version(self) -> AssetVersion | None:
        return self.path[-1]


@dataclass(frozen=True, kw_only=True)
class Effective:
    """`own` is what was said of the version itself. `decisive` are the inputs that give it its class."""

    version: AssetVersion
    own: Nature
    effective: Nature
    inputs: tuple[Contribution, ...]
    class_codes: Mapping[int, str]

    @property
    def is_inherited(self) -> bool:
        return self.effective.class_rank != self.own.class_rank

    @property
    def decisive(self) -> tuple[Contribution, ...]:
        rank = self.effective.class_rank
        return tuple(each for each in self.inputs if self.is_inherited and each.nature.class_rank == rank)

    def code_of(self, nature: Nature) -> str:
        """Empty where the class is not known."""
        return "" if nature.class_rank is None else self.class_codes[nature.class_rank]


def effective_nature(actor: Actor, version: AssetVersion) -> Effective:
    """Ten queries, however long the lineage. Validation counts too: it shows in what the model does.

    Whether it is about people is what decisions take it for: what is anonymised under an assessment is not,
    whatever it was made from.
    """
    through = inputs_of([version.pk])
    natures = _natures(through)
    own = natures[version.pk]
    visible = AssetVersion.objects.visible_to(actor).filter(pk__in=through).select_related("asset").in_bulk()
    visible[version.pk] = version
    further = [pk for pk in through if pk != version.pk]
    return Effective(
        version=version,
        own=own,
        effective=replace(
            joined(own, (natures[pk] for pk in further)), is_personal=_is_personal(version, own)
        ),
        inputs=tuple(
            Contribution(path=tuple(visible.get(step) for step in _path(pk, through)), nature=natures[pk])
            for pk in further
        ),
        class_codes=dict(SensitivityClass.objects.values_list("rank", "code")),
    )


def _is_personal(version: AssetVersion, own: Nature) -> bool | None:
    answers = {standing.is_personal for standing in column_standings([version.pk]).values()}
    if True in answers:
        return True
    return None if None in answers or own.is_personal is None else own.is_personal


def _path(end: int, through: Mapping[int, int | None]) -> tuple[int, ...]:
    """From the version that is asked about to `end`."""
    steps = [end]
    while (before := through[steps[-1]]) is not None:
        steps.append(before)
    return tuple(reversed(steps))


def _natures(versions: Collection[int]) -> Mapping[int, Nature]:
    standings = said_standings(versions)
    names: dict[int, list[str]] = {}
    for version, name in Column.objects.filter(version__in=versions).values_list("version", "name"):
        names.setdefault(version, []).append(name)
    permitted: dict[int, dict[str, set[str]]] = {}
    rows = PermittedPurpose.objects.in_force().filter(version__in=versions)
    for version, column, code in rows.values_list("version", "column_name", "concept__code"):
        permitted.setdefault(version, {}).setdefault(column, set()).add(code)
    origins = DataOrigin.objects.current().filter(version__in=versions)
    stated = {
        version: (basis, area or "")
        for version, basis, area in origins.values_list("version", "original_basis", "research_area__code")
    }
    parents = hierarchy_of_purposes()
    found = {}
    for version in versions:
        columns = names.get(version) or [WHOLE_VERSION]
        basis, area = stated.get(version, (None, ""))
        purposes = None
        if version in permitted:
            everywhere = permitted[version].get("", set())
            purposes = admitted_by_all(
                (
                    Admitted(
                        codes=frozenset(everywhere | permitted[version].get(column, set())),
                        is_on_consent=basis in (LawfulBasis.CONSENT, None),
                        research_area=area,
                    )
                    for column in columns
                ),
                parents,
            )
        found[version] = _nature([standings.get((version, name)) for name in columns], purposes)
    return found


def _nature(held: list[ColumnStanding | None], purposes: frozenset[str] | None) -> Nature:
    said = [standing for standing in held if standing is not None]
    is_known = len(said) == len(held)
    return Nature(
        class_rank=max(standing.class_rank or 0 for standing in said) if is_known else None,
        categories=frozenset[str]().union(*(standing.categories for standing in said)),
        special_kinds=frozenset[str]().union(*(standing.special_kinds for standing in said)),
        is_criminal=any(standing.is_criminal for standing in said) or (None if not is_known else False),
        is_personal=any(standing.is_personal for standing in said) or (None if not is_known else False),
        purposes=purposes,
    )

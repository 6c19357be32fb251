"""Who would label what, as an ask for it is decided: policies about the data, and how people stand there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.classification.queries import effective_classes
from apps.compliance.lifecycle.judging import is_overdue
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, PolicyStage
from apps.compliance.models import LegalRecordVersion
from apps.labeling.checks.around import RedactionFacts
from apps.labeling.checks.redaction import Redacted, redacted_before
from apps.labeling.facts import newest_checks, terms_of
from apps.labeling.models import Annotator, AnnotatorPause
from apps.labeling.roster.reading import demands_of, listed
from apps.labeling.roster.standing import AnnotatorRole, Listed, is_among, lacking

OPEN = (PolicyStage.DRAFT, PolicyStage.PILOTED, PolicyStage.APPROVED, PolicyStage.ACTIVE)
"""Stages at which people label, or try it out."""
NOT_LISTED = "NOT_LISTED"
PAUSED = "PAUSED"
ELSEWHERE = "ELSEWHERE"
"""The access that is asked for is from a country that the policy does not name."""
UNCHECKED = RedactionFacts()


@dataclass(frozen=True, kw_only=True)
class Labeling:
    """A policy about an asset; `gaps`: codes of what one at least of the people lacks there; `redacted`: how
    the version that is asked for stands to what the policy asks before anybody labels."""

    asset: str
    policy: str
    version: int
    is_open: bool
    roles: frozenset[AnnotatorRole]
    gaps: frozenset[str]
    redacted: Redacted


def labeling_of(
    data: Collection[tuple[Asset, AssetVersion]], people: Iterable[Person], *, on: date, place: str = ""
) -> tuple[Labeling, ...]:
    """`place` is the country of access, where one is known. Nine statements at most, however many assets and
    people; one where no policy is about them."""
    policies = _policies([asset for asset, _ in data], on)
    if not policies:
        return ()
    named = [str(person.uid) for person in people]
    rows = _rows(policies, named, on)
    paused = _paused(policies, rows)
    classes = effective_classes([version for _, version in data])
    is_asked = any(policy.said.is_redacted for policy in policies)
    checks = newest_checks([version.pk for _, version in data]) if is_asked else {}
    found = []
    for asset, version in data:
        known = classes[version.pk].sensitivity_class
        for policy in policies:
            content = policy.said
            if asset.uid not in content.datasets:
                continue
            demands = demands_of(content, known.rank if known else None)
            mine = [rows.get((policy.legal_record_id, name)) for name in named]
            gaps = {
                code
                for row in mine
                for code in (
                    [NOT_LISTED] if row is None else (each.code for each in lacking(row, demands, on=on))
                )
            }
            if any((policy.legal_record_id, name) in paused for name in named):
                gaps.add(PAUSED)
            if place and demands.countries and not is_among(place, demands.countries):
                gaps.add(ELSEWHERE)
            due = policy.review_due_on
            found.append(
                Labeling(
                    asset=str(asset.uid),
                    policy=policy.legal_record.ref,
                    version=policy.number,
                    is_open=policy.legal_record.stage in OPEN and not (due and is_overdue(due, on)),
                    roles=frozenset(row.role for row in mine if row is not None),
                    gaps=frozenset(gaps) if named else frozenset({NOT_LISTED}),
                    redacted=redacted_before(checks.get(version.pk, UNCHECKED), terms_of(content)),
                )
            )
    return tuple(found)


def _policies(assets: Collection[Asset], on: date) -> list[LegalRecordVersion]:
    about = [str(asset.uid) for asset in assets]
    found = LegalRecordVersion.objects.in_force(on).filter(
        legal_record__kind=LABELING_POLICIES.slug,
        legal_record__organization__in={asset.organization_id for asset in assets},
        content__datasets__has_any_keys=about,
    )
    return list(found.select_related("legal_record").order_by("legal_record__ref"))


def _rows(
    policies: Iterable[LegalRecordVersion], people: list[str], on: date
) -> dict[tuple[int, str], Listed]:
    """By policy and person: at most one holds."""
    keys = [policy.legal_record_id for policy in policies]
    rows = Annotator.objects.current().filter(policy__in=keys, person__uid__in=people)
    found = list(rows.select_related("person", "contract").order_by("pk"))
    told = zip(found, listed(found, on=on), strict=True)
    return {(row.policy_id, each.person): each for row, each in told}


def _paused(
    policies: Iterable[LegalRecordVersion], rows: Mapping[tuple[int, str], Listed]
) -> frozenset[tuple[int, str]]:
    """Policies and people who are paused there, by their number or because it is known who they are."""
    keys = [policy.legal_record_id for policy in policies]
    standing = AnnotatorPause.objects.standing().filter(policy__in=keys)
    told = set(standing.values_list("policy", "code", "annotator__person__uid"))
    codes = {(policy, code) for policy, code, _person in told}
    people = {(policy, str(person)) for policy, _code, person in told}
    return frozenset(key for key, row in rows.items() if (key[0], row.code) in codes or key in people)

"""What records say of who labels under a policy, and of the set of labels before, as checks look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import CYCLE, LabelingPolicyContent
from apps.compliance.models import LegalRecordVersion
from apps.labeling.checks.around import BeforeFacts, CitedFacts, RosterFacts, Shares
from apps.labeling.checks.settling import Standing
from apps.labeling.models import Annotator, LabelSet
from apps.labeling.queries import PolicyInForce
from apps.labeling.roster.reading import demands_of, listed, rank_of
from apps.labeling.roster.standing import AnnotatorRole


def cited_facts(
    policy: PolicyInForce, by: PolicyInForce | None = None, *, dataset: UUID | None = None
) -> CitedFacts:
    """A version that changes neither guideline nor labels goes on with those of the one before. `by` is the
    version that labels of the dataset are measured by, where it is another one."""
    versions = LegalRecordVersion.objects.filter(
        legal_record__uid=policy.record_id, approved_at__isnull=False
    )
    told, guide = list(versions.filter(number__lte=policy.number).order_by("-number")), _guide(policy.content)
    same = list(takewhile(lambda each: _guide(each.said) == guide, told))
    others = [each.said for each in told[len(same) :] if _guide(each.said) != guide]
    return CitedFacts(
        ref=policy.ref,
        number=policy.number,
        guideline_version=policy.content.guideline_version.strip(),
        guideline_sha256=policy.content.guideline_sha256.strip(),
        since=same[-1].effective_from if same else None,
        has_earlier=any(dataset is None or dataset in each.datasets for each in others),
        by=by.number if by else policy.number,
        changed=_changed(policy.content, by.content, dataset) if by else (),
    )


def _changed(
    cited: LabelingPolicyContent, by: LabelingPolicyContent, dataset: UUID | None
) -> tuple[str, ...]:
    """What has to be tried out anew, and whether it is still about these data."""
    names = CYCLE.changed_between(cited, by)
    return (*names, "datasets") if dataset is not None and dataset not in by.datasets else names


def _guide(content: LabelingPolicyContent) -> tuple[object, ...]:
    return content.guideline_sha256.strip(), content.labels


def roster_facts(versions: Iterable[AssetVersion], policy: PolicyInForce) -> RosterFacts:
    """`versions` are the data that were labeled. Four or five statements, however many annotators."""
    on = timezone.now().date()
    rows = Annotator.objects.filter(policy__uid=policy.record_id).select_related("person", "contract")
    since = LegalRecordVersion.objects.values_list("effective_from", flat=True).get(pk=policy.version_id)
    return RosterFacts(
        rows=listed(rows.order_by("pk"), on=on),
        demands=demands_of(policy.content, rank_of(versions)),
        since=min(since, on),
        on=on,
    )


def before_facts(version: AssetVersion, policy: PolicyInForce) -> BeforeFacts | None:
    """The newest set of this dataset under any version of the policy."""
    sets = LabelSet.objects.filter(
        policy__legal_record__uid=policy.record_id, version__asset_id=version.asset_id
    )
    found = sets.order_by("-pk").values("number", "figures").first()
    return None if found is None else _before(found["number"], found["figures"])


def _before(number: int, figures: Mapping[str, Any]) -> BeforeFacts:
    """Of sets from before parts were kept: nothing by label."""
    gold = figures.get("gold", {})
    return BeforeFacts(
        number=number,
        agreement=(figures.get("lower"), figures.get("upper")),
        coefficient=str(figures.get("coefficient", "")),
        gold=(gold.get("lower"), gold.get("upper")),
        classes=tuple(
            Shares(
                is_of_regions=part["is_of_regions"],
                items=part.get("answered", figures.get("labeled", 0)),
                by_label={each["label"]: each["share"] for each in part["classes"]},
            )
            for part in figures.get("parts", ())
        ),
    )


def people_in_exports(policy: PolicyInForce) -> Mapping[str, str]:
    """What an export may call those on the roster, and the number they have there: the number itself, and of
    people of the house their address, which is kept nowhere with the labels."""
    rows = Annotator.objects.filter(policy__uid=policy.record_id)
    known: dict[str, str] = {}
    for code, email in rows.order_by("pk").values_list("code", "person__email"):
        known[code] = code
        if email:
            known[email.casefold()] = code
    return known


def standing_of(policy: PolicyInForce) -> Standing:
    """The group is the one that was said last; who was an annotator at any time does not only settle."""
    rows = Annotator.objects.filter(policy__uid=policy.record_id).order_by("pk")
    told = list(rows.values_list("code", "group", "person__uid", "role"))
    labeling = {code for code, _group, _person, role in told if role == AnnotatorRole.ANNOTATOR}
    return Standing(
        teams={code: group for code, group, _person, _role in told if group},
        people={code: str(person) for code, _group, person, _role in told if person},
        settling=frozenset(code for code, *_rest in told if code not in labeling),
        labeling=frozenset(
            labeling - {code for code, *_rest, role in told if role != AnnotatorRole.ANNOTATOR}
        ),
    )

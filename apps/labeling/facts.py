"""What a labeling policy asks of labels, and what records say around them."""

from __future__ import annotations

from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LabelingPolicyContent, LabelTask
from apps.compliance.lifecycle.labeling.checks import share_of
from apps.labeling.checks.around import Around
from apps.labeling.checks.terms import Terms
from apps.labeling.measures.agreement import Scale
from apps.labeling.queries import PolicyInForce

SCALES = {LabelTask.ORDINAL: Scale.ORDINAL, LabelTask.REGRESSION: Scale.INTERVAL}
OURS = Terms()


def terms_of(content: LabelingPolicyContent, *, seed: int = OURS.seed) -> Terms:
    """Grades stand in the order in which the policy lists them. What it does not say is as we have it."""
    scale = SCALES.get(content.task, Scale.NOMINAL) if content.task else Scale.NOMINAL
    labels = tuple(each.id for each in content.labels)
    return Terms(
        scale=scale,
        order=labels if scale is Scale.ORDINAL else (),
        labels=labels,
        unsure=tuple(each.id for each in content.labels if each.leaves_it_open),
        annotations_per_item=content.annotations_per_item or OURS.annotations_per_item,
        is_high_risk=content.is_high_risk is True,
        release_agreement=share_of(content.release_agreement, OURS.release_agreement),
        research_agreement=share_of(content.research_agreement, OURS.research_agreement),
        gold_accuracy=share_of(content.gold_accuracy, OURS.gold_accuracy),
        gold_items=max(content.gold_items or 0, OURS.gold_items),
        coverage=share_of(content.coverage, OURS.coverage),
        unsure_share=share_of(content.unsure_share, OURS.unsure_share),
        verified_share=max(share_of(content.verified_share, 0.0), OURS.verified_share),
        subgroups=content.subgroups.strip(),
        is_redacted=content.is_redacted is True,
        redaction_recall=share_of(content.redaction_recall, OURS.redaction_recall),
        seed=seed,
    )


def around_of(version: AssetVersion, policy: PolicyInForce) -> Around:
    """What records say of the version and of who labels under the policy; a statement or two for each."""
    return Around()

"""Those who label, on the roster of a policy."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.labeling.commands import AnnotatorDraft, enter_annotator
from apps.labeling.models import Annotator, AnnotatorPause, LabelSet

HIGHEST_RANK = 9


def policy_about(version: AssetVersion) -> LegalRecord:
    """The labeling policy about these data."""
    about = {"versions__content__datasets__contains": [str(version.asset.uid)]}
    return LegalRecord.objects.distinct().get(kind=LABELING_POLICIES.slug, **about)


def somebody(code: str = "21", **given: Any) -> AnnotatorDraft:
    """Tested, trained, sworn in and cleared for everything."""
    lately = database_now().date() - timedelta(days=5)
    made = {
        "code": code,
        "cleared_rank": HIGHEST_RANK,
        "trained_on": lately,
        "test_score": 0.95,
        "undertaking_on": lately,
    }
    return AnnotatorDraft(**{**made, **given})


def entered(policy: LegalRecord, code: str = "21", by: Actor = SYSTEM, **given: Any) -> Annotator:
    row: Annotator = enter_annotator(actor=by, legal_record_id=policy.uid, draft=somebody(code, **given))
    return row


def paused(row: Annotator, version: AssetVersion) -> AnnotatorPause:
    """Because of labels of the version."""
    at = database_now()
    policy = row.policy.versions.get(record_status="approved")
    label_set = LabelSet.objects.create(
        version=version,
        number=LabelSet.objects.filter(version=version).count() + 1,
        policy=policy,
        format="csv",
        file_sha256=sha256(str(row.uid).encode()).hexdigest(),
        annotations=0,
        left_out=0,
        addresses_removed=0,
        verdict="blocked",
        findings=[],
        figures={"items": 0},
        created_at=at,
    )
    made: AnnotatorPause = AnnotatorPause.objects.create(
        policy=row.policy, code=row.code, annotator=row, label_set=label_set, findings=[], created_at=at
    )
    return made

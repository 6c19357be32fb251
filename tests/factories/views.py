"""Views that were asked for, without a lake process. Plain calls of commands."""

from __future__ import annotations

from apps.accounts.models import Domain
from apps.catalog.commands import PlaceDraft
from apps.catalog.models import Asset, AssetVersion
from apps.kernel.actor import SYSTEM, Actor
from apps.policy.reason import Reason
from apps.preparing.commands import StepDraft, StepKind, fail_view, prepare_view
from apps.preparing.errors import NO_FILES
from apps.preparing.models import PreparedView
from tests.factories import catalog


def lying(domain: Domain, **given: str) -> AssetVersion:
    """A version of a published dataset, at a place of a lake that leads nowhere."""
    asset: Asset = catalog.published_asset(domain, **given)
    lake = catalog.lake(domain)
    place = PlaceDraft(lake_id=lake.uid, bucket="lake-bucket", prefix=f"area/{asset.uid.hex}/")
    return catalog.version(asset, place=place)


def asked_for(version: AssetVersion, by: Actor, name: str = "Only what is needed") -> PreparedView:
    """It waits for a second person: nobody has said that the data are about nobody."""
    view: PreparedView = prepare_view(
        actor=by,
        asset_version_id=version.uid,
        name=name,
        columns=[
            StepDraft(column="id", step=StepKind.MASK),
            StepDraft(column="value", step=StepKind.BINS, width="10"),
        ],
    )
    return view


def failed(view: PreparedView) -> PreparedView:
    """Confirmed and tried in vain."""
    PreparedView.objects.filter(pk=view.pk).update(state="queued", needs_second_person=False)
    done: PreparedView = fail_view(
        actor=SYSTEM, prepared_view_id=view.uid, run=0, reason=Reason(code=NO_FILES)
    )
    return done

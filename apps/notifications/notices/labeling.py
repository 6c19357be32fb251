"""What is told of releases of models: to who owns the model and who released it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.accounts.roles import ObjectPermission
from apps.audit.models import AuditEvent
from apps.catalog.queries import people_holding
from apps.labeling.models import ModelRelease
from apps.notifications.notices.people import accounts_of
from apps.notifications.notices.registry import Telling, subject_of, tells


@tells("labeling.release.fell")
def release_fell(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    release = ModelRelease.objects.select_related("version__asset").get(uid=subject_of(event))
    asset = release.version.asset
    people = people_holding(ObjectPermission.OWN, asset)
    if release.released_by_id is not None:
        people |= {release.released_by_id}
    yield Telling(
        code="release_fell",
        to=accounts_of(people),
        about=release.version.uid,
        assets=(asset.uid,),
        facts={"number": release.version.number},
    )

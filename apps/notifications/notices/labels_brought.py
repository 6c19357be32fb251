"""What is told of files of labels, to who brought them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.audit.models import AuditEvent
from apps.labeling.models import LabelImport
from apps.notifications.notices.registry import Telling, subject_of, tells

CAME_OF_IT = {"labeling.import.done": "labels_kept", "labeling.import.refused": "labels_refused"}


@tells("labeling.import.done", "labeling.import.refused")
def import_came_to(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    made = LabelImport.objects.select_related("version__asset", "brought_by").get(uid=subject_of(event))
    if made.brought_by is not None:
        yield Telling(
            code=CAME_OF_IT[event.name],
            to=(made.brought_by,),
            about=made.uid,
            assets=(made.version.asset.uid,),
        )

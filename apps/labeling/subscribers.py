"""A file of labels that was brought wakes a worker."""

from __future__ import annotations

from apps.kernel.events import subscribe
from apps.labeling.events import ImportQueued
from apps.labeling.tasks import wake

subscribe(ImportQueued, wake)

"""A view that may be prepared wakes a worker; a lake that is halted ends the keys of the house as well."""

from __future__ import annotations

from apps.kernel.events import subscribe
from apps.lakes.events import LakeHalted
from apps.preparing.events import ViewQueued
from apps.preparing.tasks import end_keys_of_lake, wake

subscribe(ViewQueued, wake)
subscribe(LakeHalted, end_keys_of_lake)

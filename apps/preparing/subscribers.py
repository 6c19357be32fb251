"""A view that may be prepared wakes a worker; a lake that is halted ends the keys of the house as well, and
whoever halts or moves it is shown them."""

from __future__ import annotations

from apps.kernel.contributions import contribute
from apps.kernel.events import subscribe
from apps.lakes.commands import HALTING_LAKE, MOVING_LAKE
from apps.lakes.events import LakeHalted
from apps.preparing.events import ViewQueued
from apps.preparing.queries import house_keys_in_lake
from apps.preparing.tasks import end_keys_of_lake, wake

subscribe(ViewQueued, wake)
subscribe(LakeHalted, end_keys_of_lake)
contribute(HALTING_LAKE, house_keys_in_lake)
contribute(MOVING_LAKE, house_keys_in_lake)

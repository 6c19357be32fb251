"""Every event has its place: it is told to people, to programs only, or to nobody."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.kernel.events import declared_events
from apps.notifications.notices import NOTICES, PROGRAMS_ONLY, SILENT, WORDINGS

for config in apps.get_app_configs():
    if config.name.startswith("apps.") and find_spec(f"{config.name}.events"):
        import_module(f"{config.name}.events")


def test_every_event_is_told_or_silent_and_none_is_both() -> None:
    declared = {name for name, event in declared_events().items() if event.__module__.startswith("apps.")}
    assert declared == set(NOTICES) | PROGRAMS_ONLY | SILENT
    assert SILENT.isdisjoint(NOTICES)
    assert PROGRAMS_ONLY.isdisjoint(SILENT | set(NOTICES))


def test_the_marks_of_a_wording_are_known_places() -> None:
    for code, wording in WORDINGS.items():
        for text in (wording.mark, wording.sentence, wording.then):
            assert not re.search(r"%(?!\(\w+\)s)", str(text)), code

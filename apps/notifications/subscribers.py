"""Listens to everything that somebody may be told of."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.kernel.events import declared_events, subscribe_to_entry
from apps.notifications.notices import told_to_programs
from apps.notifications.tasks import tell

for config in apps.get_app_configs():  # every floor has declared what can happen there
    if config.name.startswith("apps.") and find_spec(f"{config.name}.events"):
        import_module(f"{config.name}.events")

for name in sorted(told_to_programs() & declared_events().keys()):
    subscribe_to_entry(declared_events()[name], tell)

"""Listens to everything that somebody may be told of."""

from apps.kernel.events import subscribe_to_entry
from apps.notifications.notices import told_to_programs
from apps.notifications.tasks import tell

for event in told_to_programs().values():
    subscribe_to_entry(event, tell)

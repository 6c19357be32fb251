"""Words for files of labels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

LABEL_IMPORT_STATES = {
    "queued": Word(text=_("Waits to be read"), tone="info", icon="clock"),
    "running": Word(text=_("Being read"), tone="info", icon="clock"),
    "done": Word(text=_("Read and kept"), tone="success", icon="check"),
    "refused": Word(text=_("Refused"), tone="danger", icon="cross"),
}

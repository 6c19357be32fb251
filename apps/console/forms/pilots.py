"""Having labels of a pilot measured."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import OnceForm
from apps.labeling.commands import PilotFile
from apps.labeling.commands.attributing import LONGEST_NAME
from apps.labeling.commands.piloting import LARGEST_PILOT

MORE = ("second", "third")


def _file(label: Any, **more: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        allow_empty_file=True,  # the command says which rule an empty one breaks
        error_messages={"required": _("Choose a file first.")},
        **more,
    )


def _who(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_NAME, required=False, **more)


class PilotForm(OnceForm):
    """Where a file does not say who labeled, each person has one of their own."""

    content = _file(
        _("File"),
        help_text=_(
            "Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV, of 3.6 MB at most. The labels are measured"
            " and not kept."
        ),
    )
    labeled_by = _who(
        _("Who labeled it"),
        help_text=_("Where the file does not say so, as COCO and most exports of CVAT."),
    )
    second = _file(_("Second file"), required=False)
    second_labeled_by = _who(_("Who labeled the second file"))
    third = _file(_("Third file"), required=False)
    third_labeled_by = _who(_("Who labeled the third file"))
    all_items_seen = forms.BooleanField(
        label=_("All its items were looked at"),
        help_text=_("Items without a label are answers then: there is nothing on them."),
        required=False,
    )

    @staticmethod
    def brought(given: dict[str, Any]) -> tuple[PilotFile, ...]:
        """No more of each is read than is taken, and one byte, which the command refuses."""
        told = [(given["content"], given["labeled_by"])]
        told += [(given[name], given[f"{name}_labeled_by"]) for name in MORE if given[name]]
        return tuple(PilotFile(content=file.read(LARGEST_PILOT + 1), labeled_by=who) for file, who in told)

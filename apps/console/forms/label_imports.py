"""Bringing a file of labels for a version of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm, OnceForm


class BringLabelsForm(OnceForm):
    """The policies are those that govern labels of the dataset now."""

    policy = forms.ChoiceField(
        label=_("Labeling policy"),
        help_text=_("Under which the items were labeled."),
        error_messages={
            "required": _("Choose a labeling policy."),
            "invalid_choice": _("Choose one of the labeling policies that are in force for the dataset."),
        },
    )
    content = forms.FileField(
        label=_("File"),
        help_text=_("Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV, of 400 MB at most."),
        allow_empty_file=True,  # the command says which rule an empty one breaks
        error_messages={"required": _("Choose a file first.")},
    )
    leave_out_faults = forms.BooleanField(
        label=_("Leave out what is faulty"),
        help_text=_("Otherwise one fault refuses the whole file."),
        required=False,
    )

    def __init__(self, *given: Any, policies: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [(each.legal_record.ref, f"{each.legal_record.ref} · {each.name}") for each in policies]
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]


class BringAgainForm(HouseForm):
    """Nothing is typed: the button says it all."""

"""Bringing a file of labels for a version of a dataset."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm, OnceForm
from apps.labeling.commands.attributing import LONGEST_NAME
from apps.labeling.queries import ToLabel


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
    labeled_by = forms.CharField(
        label=_("Who labeled it"),
        help_text=_(
            "Where the file does not say so, as COCO and most exports of CVAT: their number or name on the"
            " roster of the policy, or the address of a person of the house. It counts for what names nobody."
        ),
        max_length=LONGEST_NAME,
        required=False,
    )
    is_gold = forms.BooleanField(
        label=_("All of it is gold"),
        help_text=_("The truth against which the answers of others are held."),
        required=False,
    )
    all_items_seen = forms.BooleanField(
        label=_("All its items were looked at"),
        help_text=_("Items without a label are answers then: there is nothing on them."),
        required=False,
    )
    together_with = forms.TypedChoiceField(
        label=_("Together with"),
        help_text=_(
            "The new label set holds what this one holds as well, so that several people can be compared."
            " It is possible where the policy keeps who gave which label."
        ),
        coerce=UUID,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the label sets of this version.")},
    )
    leave_out_faults = forms.BooleanField(
        label=_("Leave out what is faulty"),
        help_text=_("Otherwise one fault refuses the whole file."),
        required=False,
    )

    def __init__(self, *given: Any, about: ToLabel, **options: Any) -> None:
        super().__init__(*given, **options)
        policies = ((each.legal_record.ref, each.name) for each in about.policies)
        choices = {
            "policy": [(ref, f"{ref} · {name}") for ref, name in policies],
            "together_with": [
                ("", _("No other label set")),
                *((str(each.uid), _named(each)) for each in about.label_sets),
            ],
        }
        for name, told in choices.items():
            self.fields[name].choices = told  # type: ignore[attr-defined]
        if not about.label_sets:
            del self.fields["together_with"]


def _named(label_set: Any) -> str:
    facts = {"number": label_set.number, "ref": label_set.policy.legal_record.ref}
    if label_set.is_gold:
        return gettext("Labels %(number)s, %(ref)s: gold") % facts
    if label_set.labeled_by:
        return gettext("Labels %(number)s, %(ref)s: by %(who)s") % {**facts, "who": label_set.labeled_by}
    return gettext("Labels %(number)s, %(ref)s") % facts


class BringAgainForm(HouseForm):
    """Nothing is typed: the button says it all."""

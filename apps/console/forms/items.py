"""Items of a version: the list of them, how well names were taken out of them, and erasing some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, OnceForm

MOST = 100_000_000
MOST_LETTERS = 2_000_000


class ItemsForm(OnceForm):
    content = forms.FileField(
        label=_("File"),
        help_text=_(
            "A CSV. Its first line names item, and where they are known sha256, split, subject (a pseudonym"
            " of whom the item is about) and group:NAME. A version has one list, and it does not change."
        ),
        allow_empty_file=True,  # the command says which rule an empty one breaks
        error_messages={"required": _("Choose a file first.")},
    )


def _count(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST,
        error_messages={"required": _("Give the number that was counted.")},
    )


class RedactionForm(OnceForm):
    seeds = _count(_("Names that were planted"), _("381 or more: fewer show too little."))
    seeds_found = _count(_("Of them taken out again"))
    audited = _count(_("Items that people looked through"), _("300 or more, drawn at random."))
    direct_identifiers = _count(_("Names and numbers of people that they met"))


class EraseForm(OnceForm):
    items = forms.CharField(
        label=_("Items"),
        help_text=_("As the labels name them, one on each line."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        required=False,
        max_length=MOST_LETTERS,
    )
    subjects = forms.CharField(
        label=_("People"),
        help_text=_("By their pseudonyms in the list of items, one on each line. All their items go."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        required=False,
        max_length=MOST_LETTERS,
    )
    duty_id = forms.TypedChoiceField(
        label=_("The duty that this answers"), required=False, coerce=str, empty_value=None
    )
    demanded_at = forms.DateTimeField(
        label=_("When it was asked for"),
        help_text=_("Empty: when the duty arose, or now. Items have to be gone a day later."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        required=False,
    )
    none_here = forms.BooleanField(
        label=_("None of their items are here"),
        help_text=_("It answers the duty though nothing is met. What is named beside it is kept out later."),
        required=False,
    )
    why = forms.CharField(
        label=_("Reason"),
        help_text=_("Without the names of people."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *given: Any, duties: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [("", _("None")), *((str(each.uid), each.title) for each in duties)]
        self.fields["duty_id"].choices = choices  # type: ignore[attr-defined]

    def clean_items(self) -> list[str]:
        return str(self.cleaned_data["items"]).splitlines()

    def clean_subjects(self) -> list[str]:
        return str(self.cleaned_data["subjects"]).splitlines()

"""A register that is brought: its file, and which of its columns fills what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import TARGETS, Field
from apps.console.forms.house import HouseForm, OnceForm


class BringForm(OnceForm):
    content = forms.FileField(
        label=_("File"),
        help_text=_(
            "A workbook (.xlsx) or CSV of 3 MB at most. Its first line names the columns, and every further "
            "line is a processing activity."
        ),
        allow_empty_file=True,  # the command says which rule an empty one breaks
        error_messages={"required": _("Choose a file first.")},
    )

    def field_of(self, reason: Any) -> str:
        return "content" if reason.field in {"name", "content"} else super().field_of(reason)


class MapForm(HouseForm):
    """One choice for everything that a column may fill."""

    keep_as = forms.CharField(
        label=_("Keep this choice under the name"),
        help_text=_("For the next file of its kind. Empty: it is not kept."),
        max_length=100,
        required=False,
    )

    def __init__(self, *given: Any, head: Iterable[str], columns: Mapping[str, str], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [("", _("Nothing")), *((name, name) for name in head if name)]
        for target, about in TARGETS.items():
            self.fields[target.value] = forms.ChoiceField(
                label=about.label,
                choices=choices,
                initial=columns.get(target.value, ""),
                required=False,
                error_messages={"invalid_choice": _("Choose one of the columns of the file.")},
            )
        self.order_fields([*(target.value for target in Field), "keep_as"])

    def wanted(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        kept = given.pop("keep_as")
        return {"columns": {name: column for name, column in given.items() if column}, "keep_as": kept}


class KeptForm(HouseForm):
    """A mapping that was kept."""

    mapping = forms.ChoiceField(
        label=_("Kept choice of columns"), error_messages={"required": _("Choose one of them.")}
    )

    def __init__(self, *given: Any, mappings: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.kept = {str(each.uid): each for each in mappings}
        choices = [(uid, each.name) for uid, each in self.kept.items()]
        self.fields["mapping"].choices = choices  # type: ignore[attr-defined]

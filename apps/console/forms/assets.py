"""Registering and changing assets, their versions and where the data lie."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from apps.catalog.commands import ColumnDraft, InputDraft, PlaceDraft
from apps.catalog.queries import AssetKind, InputRole
from apps.console import wording
from apps.console.forms.house import HouseForm, OnceForm
from apps.kernel.errors import LakewardenError
from apps.policy.reason import Reason

LONGEST_DESCRIPTION = 20_000
LONGEST_COLUMNS = 1_000_000
MOST_COLUMNS = 5000
LONGEST = {"name": 200, "data_type": 100, "description": 500}
INPUT_ROWS = 3
MOST_INPUT_ROWS = 50
NO_PLACE, NEW_PLACE = "none", "new"
NAMED_VERSION = re.compile(r"(?P<name>.+?)[\s,]+(?:version\s*|v\s*)(?P<number>\d{1,9})", re.IGNORECASE)
PLAIN_NAME = re.compile(r"[^\s,;|\"()<>]+")
BROKEN = _(
    "The name «%(name)s» breaks over more than one line. "
    "Write it on one line, with a space where it breaks; the file itself stays as it is."
)
DELIMITERS = ("\t", ",", ";", "|")

BY_HAND = (AssetKind.DATASET, AssetKind.MODEL)
"""Label sets come from files of labels."""

FIELD_OF = {
    "ASSET_NAME_TAKEN": "name",
    "EMPTY_NAME": "name",
    "LOCATION_OVERLAPS": "prefix",
    "LOCATION_TAKEN": "prefix",
}
"""Refusals that are about one field, but come without its name."""


class _Beside(HouseForm):
    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        reasons = [
            replace(reason, field=reason.field or FIELD_OF.get(reason.code, "")) for reason in fault.reasons
        ]
        return super().take(LakewardenError(*reasons))


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        help_text=_("As people would look for it, such as: Patients with diabetes."),
        max_length=200,
        error_messages={"required": _("Give it a name.")},
    )


def _description() -> forms.CharField:
    return forms.CharField(
        label=_("Description"),
        help_text=_("What it holds, where it comes from, and what it is good for. Read in the catalog."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=LONGEST_DESCRIPTION,
    )


class RegisterAssetForm(_Beside, OnceForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        help_text=_("A dataset is read; a model was trained on datasets and is read or invoked."),
        widget=forms.RadioSelect,
        choices=[(kind.value, wording.KINDS[kind.value].text) for kind in BY_HAND],
        error_messages={"required": _("Choose whether it is a dataset or a model.")},
    )
    name = _name()
    domain_id = forms.TypedChoiceField(
        label=_("Domain"),
        help_text=_("The area it belongs to. The domain decides who sees it once it is published."),
        coerce=UUID,
        error_messages={
            "required": _("Choose the domain it belongs to."),
            "invalid_choice": _("Choose one of the domains in which you keep assets."),
        },
    )
    description = _description()
    task = forms.CharField(
        label=_("Task"),
        help_text=_("What the model does, such as: classification of rock."),
        required=False,
        max_length=100,
    )
    framework = forms.CharField(
        label=_("Framework"),
        help_text=_("What it takes to run the model, such as: scikit-learn 1.5."),
        required=False,
        max_length=100,
    )

    def __init__(self, *given: Any, domains: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [(str(domain.uid), domain.name) for domain in domains]
        empty = [("", _("Choose a domain"))] if len(choices) != 1 else []
        self.fields["domain_id"].choices = [*empty, *choices]  # type: ignore[attr-defined]


class EditAssetForm(_Beside):
    """`seen_version` is the state that was read: whoever saves later is told, not overruled."""

    name = _name()
    description = _description()
    seen_version = forms.IntegerField(widget=forms.HiddenInput)


class PlaceForm(_Beside):
    """A place of a lake; the lakes are those whose connection the steward may use."""

    lake_id = forms.TypedChoiceField(
        label=_("Lake"),
        help_text=_("The connection through which keys are made."),
        coerce=UUID,
        empty_value=None,
        error_messages={
            "required": _("Choose the lake in which the data lie."),
            "invalid_choice": _("Choose one of the lakes that are connected."),
        },
    )
    bucket = forms.CharField(
        label=_("Bucket"),
        help_text=_("Without s3:// in front."),
        max_length=63,
        strip=False,
        error_messages={"required": _("Name the bucket.")},
    )
    prefix = forms.CharField(  # type: ignore[assignment]
        label=_("Prefix"),
        help_text=_(
            "The folder of this version alone, ending in a slash, such as research/patients/v2/. A key opens"
            " everything below it, so it may not overlap what is registered for anything else."
        ),
        max_length=512,
        strip=False,
        error_messages={"required": _("Name the folder, ending in a slash.")},
    )

    def __init__(self, *given: Any, lakes: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [(str(lake.uid), lake.name) for lake in lakes]
        empty = [("", _("Choose a lake"))] if len(choices) != 1 else []
        self.fields["lake_id"].choices = [*empty, *choices]  # type: ignore[attr-defined]


class RegisterLocationForm(PlaceForm, OnceForm):
    pass


class RegisterVersionForm(PlaceForm, OnceForm):
    """What a version is made of. Inputs stand in rows of their own; `input_rows` says how many there are."""

    label = forms.CharField(
        label=_("Label"),
        help_text=_("Optional, such as: export of May 2027. Versions are numbered by themselves."),
        required=False,
        max_length=100,
    )
    columns = forms.CharField(
        label=_("Columns"),
        help_text=_(
            "One a line: the name, a space, the type. Or paste the header line of a CSV file. Leave it empty"
            " where the data have no columns, such as pictures or a model."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocapitalize": "off"}),
        required=False,
        max_length=LONGEST_COLUMNS,
    )
    location = forms.ChoiceField(
        label=_("Where the data lie"),
        help_text=_("A version never changes: its place cannot be added or moved later."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say where the data lie, or that they lie in no lake.")},
    )
    content_sha256 = forms.CharField(
        label=_("SHA-256 of the content"),
        help_text=_("Optional: 64 hexadecimal digits by which anybody can check that nothing changed."),
        required=False,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", _("Write 64 hexadecimal digits in lower case."))],
    )
    input_rows = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=MOST_INPUT_ROWS, required=False
    )

    def __init__(self, *given: Any, free: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        for name in ("lake_id", "bucket", "prefix"):
            self.fields[name].required = False
        places = [(str(place.uid), str(place)) for place in free]
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            *places,
            (NEW_PLACE, _("A new place in a lake, named below")),
            (NO_PLACE, _("In no lake: nobody can take a key to it")),
        ]
        self.rows = min(self._rows_asked_for(), MOST_INPUT_ROWS)
        for row in range(self.rows):
            self.fields[f"input_{row}"] = forms.CharField(
                label=_("Version used"), required=False, max_length=300
            )
            self.fields[f"input_{row}"].widget.attrs["list"] = "known-versions"
            self.fields[f"role_{row}"] = forms.ChoiceField(
                label=_("What it was used for"),
                required=False,
                choices=[(role.value, wording.INPUT_ROLES[role.value]) for role in InputRole],
            )

    def _rows_asked_for(self) -> int:
        given: Mapping[str, Any] = self.data if self.is_bound else self.initial
        said = given.get("input_rows", INPUT_ROWS)
        return int(said) if str(said).isdecimal() and int(said) > 0 else INPUT_ROWS

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"input_{row}"], self[f"role_{row}"]) for row in range(self.rows)]

    def clean_columns(self) -> list[ColumnDraft]:
        text = self.cleaned_data["columns"]
        try:
            if broken := broken_name_in(text):
                raise forms.ValidationError(BROKEN, params={"name": " ".join(broken.split())[:60]})
            drafts = columns_in(text)
        except csv.Error as fault:
            raise forms.ValidationError(
                _("A name is too long: one column a line, its name first.")
            ) from fault
        if len(drafts) > MOST_COLUMNS:
            raise forms.ValidationError(
                _("These are more than %(most)s columns. Register the asset in parts."),
                params={"most": MOST_COLUMNS},
            )
        for draft in drafts:
            for name, longest in LONGEST.items():
                if len(getattr(draft, name)) > longest:
                    raise forms.ValidationError(
                        _("The line of «%(column)s» is too long: one column a line, its name first."),
                        params={"column": draft.name[:60]},
                    )
        return drafts

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("location") == NEW_PLACE:
            for name in ("lake_id", "bucket", "prefix"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return given

    def named_inputs(self) -> dict[int, tuple[str, int]]:
        """By row, the names and numbers that were typed; what cannot be read is refused beside its field."""
        found = {}
        for row in range(self.rows):
            typed = self.cleaned_data.get(f"input_{row}", "").strip()
            if not typed:
                continue
            match = NAMED_VERSION.fullmatch(typed)
            if match is None:
                self.add_error(
                    f"input_{row}", _("Write the name of the asset and the version, such as: Well logs, v2.")
                )
            else:
                found[row] = (match["name"].strip(), int(match["number"]))
        return found

    def draft(self, given: Mapping[str, Any], inputs: Mapping[int, UUID]) -> dict[str, Any]:
        """What the command takes."""
        is_new = given["location"] == NEW_PLACE
        is_known = given["location"] not in {NEW_PLACE, NO_PLACE}
        place = {name: given[name] for name in ("lake_id", "bucket", "prefix")}
        return {
            "label": given["label"],
            "columns": given["columns"],
            "content_sha256": given["content_sha256"],
            "location_id": UUID(given["location"]) if is_known else None,
            "place": PlaceDraft(**place) if is_new else None,
            "inputs": [
                InputDraft(version_id=uid, role=InputRole(given[f"role_{row}"] or InputRole.SOURCE))
                for row, uid in inputs.items()
            ],
        }


class InputForm(HouseForm):
    """What a version was made from, named afterwards."""

    input = forms.CharField(
        label=_("It was made from"),
        help_text=_("The name of the asset and the version, such as: Well logs, v2."),
        max_length=250,
        error_messages={"required": _("Name the version it was made from.")},
    )
    role = forms.TypedChoiceField(
        label=_("What it was used for"),
        coerce=InputRole,
        choices=[(role.value, wording.INPUT_ROLES[role.value]) for role in InputRole],
        error_messages={"required": _("Choose what it was used for.")},
    )

    def clean_input(self) -> tuple[str, int]:
        match = NAMED_VERSION.fullmatch(self.cleaned_data["input"].strip())
        if match is None:
            raise forms.ValidationError(
                _("Write the name of the asset and the version, such as: Well logs, v2.")
            )
        return match["name"].strip(), int(match["number"])

    def field_of(self, reason: Any) -> str:
        return "input" if reason.field == "inputs" else super().field_of(reason)


def columns_in(text: str) -> list[ColumnDraft]:
    """One column a line, or all of them in the one header line of a CSV file."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        header = _header(lines[0])
        if header:
            return [ColumnDraft(name=name) for name in header]
    return [_column(line.strip(" ")) for line in lines]


def broken_name_in(text: str) -> str:
    """A name of several lines, in quotes as spreadsheets write it; empty where there is none."""
    for delimiter in DELIMITERS:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True):
            for name in row:
                if len(name.splitlines()) > 1:
                    return name
    return ""


def columns_as_text(columns: Iterable[Any]) -> str:
    """What `columns_in` reads as the same columns.

    Of a single one the description is left out, and the type where its name has spaces: on one line they
    would read as a header.
    """
    lines = list(columns)
    if len(lines) == 1:
        name, data_type = lines[0].name, lines[0].data_type
        return f"{name} {data_type}".strip() if PLAIN_NAME.fullmatch(name) else _quoted(name)
    return "\n".join(_line(column) for column in lines)


def _header(line: str) -> list[str]:
    """The names in the line; none where it reads as one column with its type."""
    delimiter = max(DELIMITERS, key=_bare(line).count)
    if delimiter not in _bare(line):
        return []
    names = next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter, skipinitialspace=True))
    return [name.strip() for name in names]


def _column(line: str) -> ColumnDraft:
    bare = _bare(line)
    if "\t" not in bare and "," not in bare and not line.startswith('"'):
        name, _space, data_type = line.partition(" ")
        return ColumnDraft(name=name, data_type=data_type.strip())
    delimiter = "\t" if "\t" in bare else ","
    parts = [part.strip() for part in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))]
    kept = [*parts[:2], ", ".join(parts[2:])]
    return ColumnDraft(**dict(zip(LONGEST, kept, strict=False)))


def _bare(line: str) -> str:
    """Without what stands in quotes, and in the brackets of a type such as decimal(10,2)."""
    return re.sub(r'"[^"]*"|\([^)]*\)|<[^>]*>', "", line)


def _line(column: Any) -> str:
    plain = f"{column.name} {column.data_type}".strip()
    is_plain = PLAIN_NAME.fullmatch(column.name) and not column.description
    if is_plain and not set(_bare(column.data_type)) & {",", "\t"}:
        return plain
    return ",".join(_quoted(part) for part in (column.name, column.data_type, column.description))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

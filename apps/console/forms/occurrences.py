"""What happened to data, and what has to be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import Happening, ModelOutcome
from apps.console.forms.assets import NAMED_VERSION
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.legal import Term

MOST_VERSIONS = 100


class OccurrenceForm(OnceForm):
    happening = forms.TypedChoiceField(
        label=_("What happened"),
        coerce=Happening,
        choices=[("", _("Choose what happened")), *((each.value, each.label) for each in Happening)],
        error_messages={"required": _("Choose what happened.")},
    )
    said = forms.CharField(
        label=_("In words"),
        help_text=_("Without the names of people: the trail keeps it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say what happened.")},
    )
    source_id = forms.TypedChoiceField(
        label=_("The record it rests on"),
        help_text=_("A request of a data subject, a breach, an assessment, a transfer."),
        coerce=UUID,
        required=False,
        empty_value=None,
    )
    versions = forms.CharField(
        label=_("Versions it is about"),
        help_text=_("One a line, such as: Well logs, v2. Empty: all that the record names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    country = forms.CharField(
        label=_("Country"),
        help_text=_("Of a transfer that has lost its basis: its two letters, such as US."),
        required=False,
        max_length=2,
    )
    has_other_ground = forms.TypedChoiceField(
        label=_("Is there another recorded ground to keep the rows?"),
        help_text=_("Asked where consent is withdrawn. Without one they are erased from older versions too."),
        widget=forms.RadioSelect,
        choices=[("yes", _("yes")), ("no", _("no")), ("", _("not known"))],
        coerce=lambda word: word == "yes",
        required=False,
        empty_value=None,
    )

    def __init__(self, *given: Any, records: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        named = [(str(each.uid), f"{each.ref} · {each.name or ''}") for each in records]
        self.fields["source_id"].choices = [("", _("none")), *named]  # type: ignore[attr-defined]

    def field_of(self, reason: Any) -> str:
        return "versions" if reason.field == "version_ids" else super().field_of(reason)

    def named_versions(self) -> list[tuple[str, int]] | None:
        """Names and numbers as typed; `None` where a line cannot be read, which is told beside the field."""
        found = []
        lines = [line.strip() for line in self.cleaned_data["versions"].splitlines() if line.strip()]
        for line in lines[:MOST_VERSIONS]:
            match = NAMED_VERSION.fullmatch(line)
            if match is None:
                self.add_error("versions", _("Write the name of the asset and the version: Well logs, v2."))
                return None
            found.append((match["name"].strip(), int(match["number"])))
        return found


class EffectForm(HouseForm):
    """Names what it was shown to reach."""

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class EndForm(HouseForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why.")},
    )


class EvidenceForm(HouseForm):
    evidence = forms.CharField(
        label=_("How it was done"),
        help_text=_("And where it can be seen: a run, a certificate, a letter."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say how it was done.")},
    )


class FailureForm(HouseForm):
    why = forms.CharField(
        label=_("What is still there, and why"),
        help_text=_("The deletion stays to be done; whoever watches over records sees that it failed."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say what is still there, and why.")},
    )


class RowsForm(HouseForm):
    evidence = forms.CharField(
        label=_("How you know that the rows are not in it"),
        help_text=_(
            "And where it can be seen: the run that made it, a count, a check. It stays under your name."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say how you know.")},
    )


class AttestationForm(HouseForm):
    attestation = forms.CharField(
        label=_("What became of your copies"),
        help_text=_("Which you deleted and where they were; or that you made none."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say what became of your copies.")},
    )


class ModelVerdictForm(HouseForm):
    is_extractable = forms.TypedChoiceField(
        label=_("Can people's data be got out of the model?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("yes")), ("no", _("no")), ("", _("not known"))],
        coerce=lambda word: word == "yes",
        required=False,
        empty_value=None,
    )
    other_ground = forms.CharField(
        label=_("Another ground that carries it"),
        help_text=_("Where there is one, such as a contract or a law, and where it is recorded."),
        required=False,
        max_length=LONGEST_TEXT,
    )
    anonymity_ref = forms.CharField(
        label=_("Assessment of its anonymity"),
        help_text=_("Where it is kept (EDPB 28/2024)."),
        required=False,
        max_length=200,
    )
    outcome = forms.TypedChoiceField(
        label=_("What becomes of it?"),
        widget=forms.RadioSelect,
        choices=[
            (each.value, Term(name=each.label, article=each.article, sentence=each.sentence))
            for each in ModelOutcome
        ],
        coerce=ModelOutcome,
        error_messages={"required": _("Choose what becomes of it.")},
    )
    why = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why.")},
    )

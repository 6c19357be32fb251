"""Writing the organization's own rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.policy.house.text import LARGEST_TEXT

MONTHS = (("1", _("the last month")), ("3", _("the last 3 months")), ("12", _("the last 12 months")))
STARTER = """\
# Rules of this organization. They only add to what the law asks for.
format: 1
name: House rules
rules:
  - id: EXPORT-1
    about: What leaves the house is looked at by a compliance officer.
    when: {actions_any: [export, share]}
    then:
      require: {stage: privacy, of: compliance_officer}
      cap: {days: 90}
"""


class PolicyTextForm(HouseForm):
    text = forms.CharField(
        label=_("Rules"),
        help_text=_("YAML or JSON. Each rule says what it is about, when it applies and what it adds."),
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "dir": "ltr"}),
        max_length=LARGEST_TEXT,
        strip=False,
        error_messages={"required": _("Write the rules, or start from those in force.")},
    )


class NewPolicyForm(PolicyTextForm, OnceForm):
    """Begins a draft."""


class EditPolicyForm(PolicyTextForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class ReplayForm(HouseForm):
    months = forms.TypedChoiceField(label=_("Replay"), choices=MONTHS, coerce=int, initial="3")


class ReturnPolicyForm(HouseForm):
    reason = forms.CharField(
        label=_("Why it goes back"),
        help_text=_("The author reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why, so that the author can act on it.")},
    )


class PublishPolicyForm(HouseForm):
    """Names the rules that were read, and what they were shown to reach."""

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    effective_from = forms.DateTimeField(
        label=_("In force from"),
        help_text=_("In the time zone of your organization. Left empty: at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
        error_messages={"invalid": _("Write the moment as 2027-03-31T08:00.")},
    )

"""Writing the organization's own rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.policy.house.readings import FACTS, Kind
from apps.policy.house.text import LARGEST_TEXT
from apps.policy.house.writing import upward
from apps.policy.route import DECIDING_ROLES, stages_for

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


class RuleEffect(models.TextChoices):
    """What one rule can add, of what is asked for most."""

    ASK = "ask", _("Somebody is asked")
    DAYS = "days", _("Access is shorter")
    MINUTES = "minutes", _("Keys are shorter")
    DENY = "deny", _("It is refused")
    BLOCK = "block", _("It waits until something is recorded")


REFUSING = frozenset({RuleEffect.DENY, RuleEffect.BLOCK})
SHORTENING = frozenset({RuleEffect.DAYS, RuleEffect.MINUTES})
RULE_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$"
CODE = r"^[A-Z][A-Z0-9_]*$"
FACT_CHOICES = [(name, f"{name}: {fact.about}") for name, fact in sorted(FACTS.items())]
"""In English, as the text is."""


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


class RuleForm(HouseForm):
    """One more rule, asked for step by step; it is written into the text, and nothing is kept by that."""

    id = forms.RegexField(
        RULE_ID,
        label=_("Id"),
        help_text=_("Capital letters, digits and hyphens, such as EXPORT-2."),
        max_length=40,
        error_messages={
            "required": _("Give the rule an id, such as EXPORT-2."),
            "invalid": _("Write capital letters, digits and hyphens, such as EXPORT-2."),
        },
    )
    about = forms.CharField(
        label=_("Why there is such a rule"),
        max_length=300,
        error_messages={"required": _("Say in a sentence why there is such a rule.")},
    )
    fact = forms.ChoiceField(label=_("It applies by"), choices=FACT_CHOICES)
    value = forms.CharField(
        label=_("From where on, or for which words"),
        help_text=_("A whole number and all above it, or words separated by commas. Empty for yes or no."),
        max_length=300,
        required=False,
    )
    effect = forms.ChoiceField(label=_("What it adds"), choices=RuleEffect.choices)
    role = forms.ChoiceField(
        label=_("Who is asked"),
        help_text=_("Where it asks somebody."),
        choices=[(role, wording.ROLES[role]) for role in DECIDING_ROLES],
    )
    number = forms.IntegerField(
        label=_("How many days or minutes"),
        help_text=_("Where it shortens something."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    code = forms.RegexField(
        CODE,
        label=_("Code of the refusal"),
        help_text=_("Where it refuses or waits: capital letters, such as NO_EXPORT."),
        max_length=60,
        required=False,
        error_messages={"invalid": _("Write capital letters, such as NO_EXPORT.")},
    )
    fix = forms.CharField(
        label=_("What mends it"),
        help_text=_("Where it refuses or waits. Whoever asked reads it."),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        effect, value = given.get("effect"), given.get("value", "")
        kind = FACTS[given["fact"]].kind if "fact" in given else Kind.FLAG
        if kind is Kind.LEVEL and not value.isdecimal():
            self.add_error("value", _("Write a whole number: the rule applies from there on."))
        if kind is Kind.WORDS and not value:
            self.add_error("value", _("Name at least one word."))
        if effect in REFUSING and not given.get("code") and "code" not in self.errors:
            self.add_error("code", _("Give the refusal a code, such as NO_EXPORT."))
        if effect in REFUSING and not given.get("fix"):
            self.add_error("fix", _("Say what mends it: whoever asked reads it."))
        if effect in SHORTENING and not given.get("number") and "number" not in self.errors:
            self.add_error("number", _("Say how many."))
        return given

    def rule(self) -> dict[str, Any]:
        """As it stands in the text."""
        given = self.cleaned_data
        effect, stage = given["effect"], stages_for([given["role"]])[0]
        then: dict[str, Any] = {
            RuleEffect.DENY: {"deny": given["code"]},
            RuleEffect.BLOCK: {"block": given["code"]},
            RuleEffect.ASK: {"require": {"stage": stage.name, "of": given["role"]}},
            RuleEffect.DAYS: {"cap": {"days": given["number"]}},
            RuleEffect.MINUTES: {"cap": {"ttl_minutes": given["number"]}},
        }[RuleEffect(effect)]
        fix = {"fix": given["fix"]} if effect in REFUSING else {}
        when = upward(given["fact"], given["value"])
        return {"id": given["id"], "about": given["about"], "when": when, "then": then, **fix}


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

"""One more rule of the house, asked for step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.console.forms.house import HouseForm
from apps.policy.conditions import ConditionKind
from apps.policy.house.readings import FACTS, Kind
from apps.policy.house.writing import upward
from apps.policy.route import DECIDING_ROLES, stages_for


class RuleEffect(models.TextChoices):
    """What one rule can add, of what is asked for most."""

    ASK = "ask", _("Somebody is asked")
    NOTIFY = "notify", _("Somebody is told")
    DAYS = "days", _("Access is shorter")
    MINUTES = "minutes", _("Keys are shorter")
    CONDITION = "condition", _("It comes with a condition")
    TICKET = "ticket", _("It needs a ticket")
    DENY = "deny", _("It is refused")
    BLOCK = "block", _("It waits until something is recorded")


REFUSING = frozenset({RuleEffect.DENY, RuleEffect.BLOCK})
NEEDS: dict[str, tuple[tuple[str, Any], ...]] = {
    RuleEffect.DAYS: (("number", _("Say how many.")),),
    RuleEffect.MINUTES: (("number", _("Say how many.")),),
    RuleEffect.CONDITION: (
        ("kind", _("Say when it has to be met.")),
        ("code", _("Give the condition a code, such as REPORT_USE.")),
        ("text", _("Say what has to be so.")),
    ),
    RuleEffect.TICKET: (
        ("system", _("Name the ticket system, such as JIRA.")),
        ("pattern", _("Say what its tickets are called, such as OPS-[0-9]{1,6}.")),
    ),
    RuleEffect.DENY: (
        ("code", _("Give the refusal a code, such as NO_EXPORT.")),
        ("fix", _("Say what mends it: whoever asked reads it.")),
    ),
}
NEEDS[RuleEffect.BLOCK] = NEEDS[RuleEffect.DENY]
"""What has to be said besides, and what is told where it is not."""
RULE_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$"
CODE = r"^[A-Z][A-Z0-9_]*$"
FACT_CHOICES = [(name, f"{name}: {fact.about}") for name, fact in sorted(FACTS.items())]
"""In English, as the text is."""
COMPARISONS = ("", "_2", "_3")
"""Ends of the names of fields: all of the comparisons have to be met."""
ROWS = (
    ("id", "about"),
    *((f"fact{end}", f"value{end}", f"how{end}") for end in COMPARISONS),
    ("effect", "role"),
    ("number",),
    ("kind", "text"),
    ("system", "pattern"),
    ("code", "fix"),
)
"""What belongs together stands side by side."""
OUTSIDE = "outside"
HEARD = "dpo"
"""Is told, and heard; decides nothing."""


def _fact(label: Any, *, is_first: bool) -> forms.ChoiceField:
    choices = FACT_CHOICES if is_first else [("", _("nothing more")), *FACT_CHOICES]
    return forms.ChoiceField(label=label, choices=choices, required=is_first)


def _value(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("A whole number and all above it, or words separated by commas. Empty for yes or no."),
        max_length=300,
        required=False,
    )


def _how(label: Any) -> forms.ChoiceField:
    choices = [("any", _("one of these words")), (OUTSIDE, _("anything but these words"))]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class RuleForm(HouseForm):
    """One more rule; it is written into the text, and nothing is kept by that."""

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
    fact = _fact(_("It applies by"), is_first=True)
    value = _value(_("From where on, or for which words"))
    how = _how(_("For words"))
    fact_2 = _fact(_("And by"), is_first=False)
    value_2 = _value(_("From where on, or for which words, of the second"))
    how_2 = _how(_("For words of the second"))
    fact_3 = _fact(_("And also by"), is_first=False)
    value_3 = _value(_("From where on, or for which words, of the third"))
    how_3 = _how(_("For words of the third"))
    effect = forms.ChoiceField(label=_("What it adds"), choices=RuleEffect.choices)
    role = forms.ChoiceField(
        label=_("Who is asked, or told"),
        help_text=_("Where it asks or tells somebody."),
        choices=[(role, wording.ROLES[role]) for role in (*DECIDING_ROLES, HEARD)],
    )
    number = forms.IntegerField(
        label=_("How many days or minutes"),
        help_text=_("Where it shortens something."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("When the condition has to be met"),
        help_text=_("Where it comes with a condition."),
        choices=[(kind.value, wording.CONDITION_KINDS[kind.value]) for kind in ConditionKind],
        required=False,
    )
    text = forms.CharField(
        label=_("What has to be so"),
        help_text=_("Where it comes with a condition: a sentence for whoever has to see to it."),
        max_length=300,
        required=False,
    )
    system = forms.CharField(
        label=_("Ticket system"),
        help_text=_("Where it needs a ticket: the name by which it is connected."),
        max_length=40,
        required=False,
    )
    pattern = forms.CharField(
        label=_("What its tickets are called"),
        help_text=_("Letters as they stand, and classes of them, such as OPS-[0-9]{1,6}."),
        max_length=100,
        required=False,
    )
    code = forms.RegexField(
        CODE,
        label=_("Code of the refusal or the condition"),
        help_text=_("Where it refuses, waits or sets a condition: capital letters, such as NO_EXPORT."),
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

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in names] for names in ROWS]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        compared: set[str] = set()
        for end, fact, value, how in self._comparisons(given):
            kind = FACTS[fact].kind
            if kind is Kind.LEVEL and not value.isdecimal():
                self.add_error(f"value{end}", _("Write a whole number: the rule applies from there on."))
            if kind is Kind.WORDS and not value:
                self.add_error(f"value{end}", _("Name at least one word."))
            key = f"{fact} {how}" if kind is Kind.WORDS else fact
            if key in compared:
                self.add_error(
                    f"fact{end}", _("This is compared above already. Name it once, with all words.")
                )
            compared.add(key)
        if given.get("effect") == RuleEffect.ASK and given.get("role") == HEARD:
            self.add_error("role", _("A data protection officer is heard, and decides nothing."))
        for name, missing in NEEDS.get(given.get("effect", ""), ()):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return given

    def rule(self) -> dict[str, Any]:
        """As it stands in the text."""
        given, when = self.cleaned_data, dict[str, Any]()
        for _end, fact, value, how in self._comparisons(given):
            when |= upward(fact, value, is_outside=how == OUTSIDE)
        fix = {"fix": given["fix"]} if given["effect"] in REFUSING else {}
        return {"id": given["id"], "about": given["about"], "when": when, "then": self._then(), **fix}

    def _then(self) -> dict[str, Any]:
        given, role = self.cleaned_data, self.cleaned_data["role"]
        condition = {name: given[name] for name in ("code", "kind", "text")}
        added: dict[str, dict[str, Any]] = {
            RuleEffect.DENY: {"deny": given["code"]},
            RuleEffect.BLOCK: {"block": given["code"]},
            RuleEffect.ASK: {"require": {"stage": stages_for([role])[0].name, "of": role}},
            RuleEffect.NOTIFY: {"notify": role},
            RuleEffect.DAYS: {"cap": {"days": given["number"]}},
            RuleEffect.MINUTES: {"cap": {"ttl_minutes": given["number"]}},
            RuleEffect.CONDITION: {"require_condition": condition},
            RuleEffect.TICKET: {"require_ticket": {"system": given["system"], "pattern": given["pattern"]}},
        }
        return added[given["effect"]]

    def _comparisons(self, given: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
        """The end of the names, the fact, the value, and how words are compared."""
        for end in COMPARISONS:
            if fact := given.get(f"fact{end}"):
                yield end, fact, given.get(f"value{end}", ""), given.get(f"how{end}") or "any"

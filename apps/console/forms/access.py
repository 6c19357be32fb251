"""Asking for access, and deciding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.access.commands import Chosen, ConditionDraft, NarrowingDraft, Terms
from apps.access.narrowing import LONGEST_DUE_DAYS
from apps.access.queries import GrantMode, LabelingPart, own_projects
from apps.accounts.queries import AccountKind, accounts_visible_to
from apps.classification.queries import WHOLE_VERSION
from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.kernel.actor import Actor
from apps.policy.conditions import ConditionKind
from apps.policy.facts import Action
from apps.policy.reason import Reason

USUAL_DAYS = "30"
OTHER_DAY = "other"


def purpose_choices(purposes: Iterable[Any]) -> list[tuple[str, str]]:
    """Versions of purposes in force, by the id of the purpose."""
    return [(str(version.purpose.uid), version.name) for version in purposes]


def action_choices() -> list[tuple[str, str]]:
    return [(action.value, wording.text_of(wording.ACTIONS, action.value)) for action in Action]


class NeedsForm(forms.Form):
    """ "What would I need?", asked by address: nothing is sent."""

    purpose = forms.TypedChoiceField(label=_("For which purpose?"), coerce=UUID)

    def __init__(self, *given: Any, purposes: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self._purposes = {version.purpose.uid: version for version in purposes}
        choices = purpose_choices(self._purposes.values())
        self.fields["purpose"].choices = [("", _("Choose a purpose")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> Any:
        """The version in force of the purpose that was chosen."""
        return self._purposes[self.cleaned_data["purpose"]]


class RequestForm(OnceForm):
    """One asset, for a purpose, for a time. The rest is filled in from what is known."""

    purpose_id = forms.TypedChoiceField(
        label=_("Purpose"),
        help_text=_("Why you need the data. Only registered purposes can be chosen."),
        coerce=UUID,
        error_messages={
            "required": _("Choose the purpose for which you need the data."),
            "invalid_choice": _("Choose one of the registered purposes."),
        },
    )
    justification = forms.CharField(
        label=_("What you will do"),
        help_text=_(
            "One sentence for those who decide, such as: retraining the churn model for this quarter."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    actions = forms.MultipleChoiceField(
        label=_("Actions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one action, such as read.")},
    )
    labeling_part = forms.ChoiceField(
        label=_("Label as"),
        help_text=_("Only if you label. The roster of the labeling policy has to name you for this part."),
        widget=forms.RadioSelect,
        choices=[
            (LabelingPart.ANNOTATOR.value, _("annotator: answers items")),
            (LabelingPart.ADJUDICATOR.value, _("adjudicator: settles where answers differ")),
            (LabelingPart.REVIEWER.value, _("reviewer: looks through answers")),
        ],
        required=False,
    )
    days = forms.ChoiceField(
        label=_("For how long?"),
        widget=forms.RadioSelect,
        choices=[
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            (OTHER_DAY, _("until a day I choose")),
        ],
        error_messages={"required": _("Choose for how long you need the data.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Only if you chose a day of your own."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": _("Write the day as year, month, day: 2027-03-31.")},
    )
    place_of_processing = forms.CharField(
        label=_("Where the data will be processed"),
        help_text=_("A country, as two letters such as DE. Filled in with the country of your organization."),
        required=False,
        max_length=2,
        error_messages={"max_length": _("Write the country as two capital letters, such as DE.")},
    )
    ticket = forms.CharField(
        label=_("Ticket"),
        help_text=_("Where a rule of your organization asks for one, such as OPS-123."),
        required=False,
        max_length=100,
    )
    mode = forms.ChoiceField(
        label=_("Versions"),
        widget=forms.RadioSelect,
        choices=[
            (GrantMode.PINNED.value, _("this version only")),
            (GrantMode.FOLLOWING.value, _("also later versions that are no stricter")),
        ],
    )

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """The version of the request that was opened to be changed."""

    subject = forms.ChoiceField(
        label=_("For whom?"),
        help_text=_("Each member of a project takes keys of their own, as long as they belong to it."),
        required=False,
    )

    def __init__(
        self, *given: Any, purposes: Iterable[Any], subjects: list[tuple[str, Any]], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]
        choices = purpose_choices(purposes)
        self.fields["purpose_id"].choices = [("", _("Choose a purpose")), *choices]  # type: ignore[attr-defined]
        self.fields["actions"].choices = action_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("days") == OTHER_DAY and not given.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Choose the last day, or one of the usual durations."))
        return given


def asked_for(given: dict[str, Any]) -> dict[str, Any]:
    """Of what the form holds, the fields of a draft, without its items."""
    given = {name: value for name, value in given.items() if name != "seen_version"}
    if Action.LABEL not in given["actions"]:
        given["labeling_part"] = ""
    days = given.pop("days")
    kind, _separator, uid = given.pop("subject", "").partition(":")
    if uid:
        given[f"{kind}_id"] = UUID(uid)
    if days != OTHER_DAY:
        given["ends_on"] = timezone.localdate() + timedelta(days=int(days))
    return given


def subjects_of(actor: Actor, *, at: datetime) -> list[tuple[str, Any]]:
    """Oneself, the programs one answers for, and the projects one belongs to. Two queries."""
    mine = accounts_visible_to(actor).filter(
        kind=AccountKind.SERVICE, person=actor.person_key, is_active=True
    )
    programs = [
        (f"service_account:{each.uid}", gettext("the service account %(name)s") % {"name": each.username})
        for each in mine
    ]
    projects = [
        (f"project:{each.uid}", gettext("the project %(name)s") % {"name": each.name})
        for each in own_projects(actor, at=at)
    ]
    return [("", _("myself")), *programs, *projects]


def subject_in(content: dict[str, Any]) -> str:
    for kind in ("service_account", "project"):
        if content[f"{kind}_id"] is not None:
            return f"{kind}:{content[f'{kind}_id']}"
    return ""


def new_request(country: str, purpose: str) -> dict[str, Any]:
    return {
        "purpose_id": purpose,
        "actions": [Action.READ.value],
        "days": USUAL_DAYS,
        "mode": GrantMode.PINNED.value,
        "labeling_part": LabelingPart.ANNOTATOR.value,
        "place_of_processing": country,
    }


ELSEWHERE = {"form": "verdict"}
"""These fields stand on the page, and belong to the form at its foot."""


class VerdictForm(HouseForm):
    """Names the revision and the evaluation that were read.

    The fields below are for an approval of less than was asked, or on conditions.
    """

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The requester reads it. Needed to return or reject."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    rejection_code = forms.ChoiceField(
        label=_("Why you reject"),
        help_text=_("Only for a rejection. The requester reads it beside your reason."),
        choices=[("", _("Choose a reason")), *wording.REJECTION_CODES.items()],
        required=False,
    )
    on_behalf_of = forms.UUIDField(
        label=_("Answer for"),
        help_text=_("You act for these people now. The trail names both of you."),
        widget=forms.Select,
        required=False,
    )
    revision_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    decision_id = forms.UUIDField(widget=forms.HiddenInput)
    ends_on = forms.DateField(
        label=_("Earlier last day"),
        help_text=_("To the end of that day. Empty: as asked."),
        widget=forms.DateInput(attrs={"type": "date", **ELSEWHERE}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": _("Write the day as year, month, day: 2027-03-31.")},
    )
    drop_actions = forms.MultipleChoiceField(
        label=_("Leave out actions"),
        widget=forms.CheckboxSelectMultiple(attrs=ELSEWHERE),
        required=False,
    )
    drop_columns = forms.MultipleChoiceField(
        label=_("Leave out columns"),
        widget=forms.CheckboxSelectMultiple(attrs=ELSEWHERE),
        required=False,
    )
    drop_assets = forms.MultipleChoiceField(
        label=_("Leave out assets"), widget=forms.CheckboxSelectMultiple(attrs=ELSEWHERE), required=False
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        help_text=_("One a line, such as: sign the confidentiality statement."),
        widget=forms.Textarea(attrs={"rows": 2, **ELSEWHERE}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    condition_kind = forms.ChoiceField(
        label=_("To be met"),
        choices=[
            (ConditionKind.BEFORE.value, _("before access begins")),
            (ConditionKind.DURING.value, _("again and again while it lasts")),
            (ConditionKind.AFTER.value, _("after it has ended")),
        ],
        widget=forms.RadioSelect(attrs=ELSEWHERE),
        initial=ConditionKind.BEFORE.value,
        required=False,
    )
    condition_days = forms.IntegerField(
        label=_("Within how many days?"),
        help_text=_("Empty: no day is set. What lasts has to be confirmed anew each time."),
        widget=forms.NumberInput(attrs=ELSEWHERE),
        required=False,
        min_value=1,
        max_value=LONGEST_DUE_DAYS,
    )

    def __init__(self, *given: Any, detail: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        facts = detail.decision.facts if detail.decision else {"assets": [], "actions": []}
        names = {str(item.asset.uid): item.asset.name for item in detail.revision.items.all()}
        columns = [
            (f"{asset['uid']}/{column['name']}", column["name"])
            for asset in facts["assets"]
            for column in asset["columns"]
            if column["name"] != WHOLE_VERSION
        ]
        choices = {
            "drop_actions": [(word, wording.text_of(wording.ACTIONS, word)) for word in facts["actions"]],
            "drop_columns": columns,
            "drop_assets": list(names.items()),
        }
        for field, words in choices.items():
            self.fields[field].choices = words  # type: ignore[attr-defined]
            if len(words) < 2:
                del self.fields[field]

    def field_of(self, reason: Reason) -> str:
        """The command names what is taken away; here each kind of it has a field."""
        if not reason.field.startswith("narrowing"):
            return super().field_of(reason)
        kind = reason.field.removeprefix("narrowing").removeprefix(".") or "actions"
        return kind if kind == "ends_on" else f"drop_{kind}"

    def verdict(self, given: dict[str, Any]) -> dict[str, Any]:
        """What every verdict names."""
        return {name: given[name] for name in ("reason", "revision_sha256", "decision_id", "on_behalf_of")}

    def rejection(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**self.verdict(given), "rejection_code": given["rejection_code"]}

    def approval(self, given: dict[str, Any]) -> dict[str, Any]:
        kind = ConditionKind(given["condition_kind"] or ConditionKind.BEFORE.value)
        lines = [line for line in given["conditions"].splitlines() if line.strip()]
        return {
            **self.verdict(given),
            "terms": Terms(
                narrowing=NarrowingDraft(
                    assets=[UUID(uid) for uid in given.get("drop_assets", ())],
                    columns=given.get("drop_columns", ()),
                    actions=given.get("drop_actions", ()),
                    ends_on=given["ends_on"],
                ),
                conditions=[
                    ConditionDraft(kind=kind, text=line, due_days=given["condition_days"]) for line in lines
                ],
            ),
        }

    @property
    def has_terms(self) -> bool:
        """Whether something was filled in, so that it stands open when the form comes back."""
        return any(self[name].value() for name in self.fields if name.startswith("drop_")) or any(
            self[name].value() for name in ("ends_on", "conditions", "condition_days")
        )

    def offer(self, acts_for: Iterable[Any]) -> None:
        """Show for whom the reader could answer."""
        people = [(str(each.id), each.name) for each in acts_for]
        self.fields["on_behalf_of"].widget.choices = [("", _("myself")), *people]


class EvidenceForm(HouseForm):
    evidence = forms.CharField(
        label=_("What shows it"),
        help_text=_("A sentence, or where it is filed."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )


class TogetherForm(HouseForm):
    """Names each request with the revision and the evaluation that were read."""

    items = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with each of the approvals. It may be left out."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )

    def clean_items(self) -> list[Chosen]:
        found = []
        for word in self.cleaned_data["items"].split():
            parts = word.split(":")
            try:
                request_id, sha256, decision_id = UUID(parts[0]), parts[1], UUID(parts[2])
            except (ValueError, IndexError) as fault:
                raise forms.ValidationError(_("Choose the requests again.")) from fault
            found.append(Chosen(request_id=request_id, revision_sha256=sha256, decision_id=decision_id))
        return found

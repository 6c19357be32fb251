"""What every form here can do: carry out a command, once, and show beside its fields what was refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.freshness import STEP_UP_NEEDED
from apps.console.once import once
from apps.console.status import status_of
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError, NotFound
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason

LONGEST_TEXT = 10_000
NOT_WRITTEN = frozenset({"csrfmiddlewaretoken", "key"})


class HouseForm(forms.Form):
    """Errors of the house land on the field they are about; the rest, `refusal`, is told above the form.

    `status` is that of the answer in which the form is shown.
    """

    use_required_attribute = False  # the server's words, not the browser's, and all of them at once
    fault: LakewardenError | None = None
    refusal: tuple[Reason, ...] = ()
    status = 200

    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        """Shows what it can beside the fields; answers with the reasons that no field can show."""
        rest = []
        for reason in fault.reasons:
            field = self.field_of(reason)
            if field in self.fields:
                self.add_error(field, self.told(reason, field))
            else:
                rest.append(reason)
        return tuple(rest)

    def told(self, reason: Reason, field: str) -> Any:
        """What stands beside the field."""
        return " ".join((sentence(reason), remedy(reason))).strip()

    def field_of(self, reason: Reason) -> str:
        """Where a reason is told; a form may know a field by another name than the command does."""
        return reason.field if reason.field in self.fields else reason.field.partition(".")[0]

    def carries(self, carry_out: Callable[[dict[str, Any]], Any]) -> bool:
        """Whether the fields are valid and the command went through with them.

        Raises: NotFound; what is hidden has no form to be shown in. NotPermitted, where they first have to
        confirm that it is them; the page leads there and back.
        """
        if not self.is_valid():
            self.status = 400
            return False
        try:
            carry_out(dict(self.cleaned_data))
        except NotFound:
            raise
        except LakewardenError as fault:
            if fault.code == STEP_UP_NEEDED:
                raise
            self.fault, self.status = fault, status_of(fault)
            self.refusal = self.take(fault)
            return False
        return True


class OnceForm(HouseForm):
    """Makes something new. Sent twice, it is carried out once: `address` is where the one thing is."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Open the form again: it has lost its number.")},
    )
    address = ""

    def __init__(self, *given: Any, **options: Any) -> None:
        options["initial"] = {"key": uuid4(), **(options.get("initial") or {})}
        super().__init__(*given, **options)

    def makes(self, actor: Actor, make: Callable[[dict[str, Any]], str]) -> bool:
        """`make` carries out the command and answers with the address of what it made.

        Raises: NotFound.
        """

        def make_once(given: dict[str, Any]) -> None:
            key = uuid5(given.pop("key"), self._written())
            self.address = once(actor, key, lambda: make(given))

        return self.carries(make_once)

    def _written(self) -> str:
        """All that was sent. Who goes back and changes it means another thing, not the same again."""
        data: Any = self.data
        return json.dumps([(name, data.getlist(name)) for name in sorted(data) if name not in NOT_WRITTEN])


class CommentForm(HouseForm):
    comment = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail, and read by who has the grant."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why.")},
    )


class EndGrantForm(CommentForm):
    """Names what revoking was shown to reach, where it was shown."""

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class SuspendForm(CommentForm):
    is_for_cause = forms.BooleanField(
        label=_("For cause: another person has to let it go on"), required=False
    )


class KeyForm(HouseForm):
    """Nothing but the number that makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

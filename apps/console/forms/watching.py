"""Forms of those who answer for what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

USUAL = timedelta(days=30)


class AccessLogForm(forms.Form):
    """A dataset by its name, and two days; both are included. `assets` are those of that name."""

    use_required_attribute = False

    asset = forms.CharField(
        label=_("Dataset or model"), help_text=_("Its name, as the catalog shows it."), max_length=200
    )
    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *given: Any, assets: Any, **options: Any) -> None:
        today = timezone.localdate()
        options["initial"] = {"since": today - USUAL, "until": today}
        super().__init__(*given, **options)
        self.assets = assets

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("since"), given.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day lies before the first."))
        self.found = list(self.assets[:2]) if given.get("asset") else []
        if given.get("asset") and not self.found:
            self.add_error("asset", _("Of that name there is nothing that you may see."))
        if len(self.found) > 1:
            self.add_error("asset", _("A dataset and a model bear that name. Open the one that is meant."))
        return given

    def wanted(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"asset_id": self.found[0].uid, "since": given["since"], "until": given["until"]}

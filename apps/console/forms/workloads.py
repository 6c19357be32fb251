"""What a platform says of a program, as one types or copies it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import SCOPES_OF_WORKLOADS
from apps.console import wording
from apps.console.forms.house import OnceForm


class WorkloadForm(OnceForm):
    name = forms.CharField(
        label=_("What it is for"),
        help_text=_("Such as nightly training on the cluster. By this you will know it again."),
        max_length=120,
        error_messages={"required": _("Say what signs in.")},
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        help_text=_("The claim «iss» of a token, as it stands there."),
        max_length=500,
        error_messages={"required": _("Say who issues the tokens.")},
    )
    subject = forms.CharField(
        label=_("Subject"),
        help_text=_("The claim «sub», whole. There are no patterns: each program is registered by itself."),
        max_length=500,
        error_messages={"required": _("Say whom the tokens are about.")},
    )
    audience = forms.CharField(
        label=_("Audience"),
        help_text=_("Only if the platform fixes it. Empty: the audience that stands above."),
        max_length=300,
        required=False,
    )
    claims = forms.CharField(
        label=_("Further claims"),
        help_text=_("One a line, such as ref = refs/heads/main. What stands deeper is named by its path."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=6000,
        required=False,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        help_text=_("Choose as little as the program needs."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope.value, wording.SCOPE_MEANINGS[scope.value]) for scope in SCOPES_OF_WORKLOADS],
        error_messages={"required": _("Choose at least one use.")},
    )
    is_single_use = forms.BooleanField(
        label=_("Each token is taken once"),
        help_text=_("Not for Kubernetes, which hands a pod the same token for a while."),
        required=False,
    )
    keys = forms.CharField(
        label=_("Public keys"),
        help_text=_("Only if the portal cannot reach the issuer: what stands at its jwks_uri."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=64 * 1024,
        required=False,
    )

    def clean_claims(self) -> dict[str, str]:
        """Raises: ValidationError."""
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["claims"].splitlines())):
            name, sign, value = (part.strip() for part in line.partition("="))
            if not (name and sign and value) or name in found:
                raise forms.ValidationError(_("Write each claim once, as: name = value."))
            found[name] = value
        return found

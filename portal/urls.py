from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views import defaults

from portal import health, published

# Accounts are made, and passwords set, by commands alone: of allauth's pages only these are open.
CLOSED = r"^accounts/(?!login/$|logout/$|reauthenticate/$|2fa/)"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(".well-known/lakewarden/evidence-keys.json", published.keys, name="evidence-keys"),
    path(".well-known/lakewarden/verify_pack.py", published.verifier, name="evidence-verifier"),
    path("api/", include("apps.api.urls")),
    path("", include("apps.api.outside")),
    re_path(CLOSED, defaults.page_not_found, {"exception": Http404()}),
    path("accounts/", include("allauth.urls")),
    path("", include("apps.console.urls")),
]

handler400 = "apps.api.faults.bad_request"
handler403 = "apps.api.faults.permission_denied"
handler404 = "apps.api.faults.page_not_found"
handler500 = "apps.api.faults.server_error"

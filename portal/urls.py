from django.urls import URLPattern, URLResolver, include, path

from portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("apps.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("apps.console.urls")),
]

handler400 = "apps.api.faults.bad_request"
handler403 = "apps.api.faults.permission_denied"
handler404 = "apps.api.faults.page_not_found"
handler500 = "apps.api.faults.server_error"

"""Everything below /api/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.api.endpoints import (
    access,
    accounts,
    agreements,
    attachments,
    bringing,
    catalog,
    classification,
    comments,
    compliance,
    conditions,
    credentials,
    evidence,
    glass,
    grants,
    impacts,
    keeping,
    labels,
    ladder,
    lakes,
    lineage,
    notifications,
    occurrences,
    policy_sets,
    preparing,
    processing,
    provenance,
    records,
    register,
    reports,
    reviews,
    rights,
    rulebooks,
    tickets,
    ties,
    trail,
    workloads,
)
from apps.api.endpoints.nowhere import Nowhere

app_name = "api"

v1 = [
    *accounts.urlpatterns,
    *rights.urlpatterns,
    *ties.urlpatterns,
    *catalog.urlpatterns,
    *lakes.urlpatterns,
    *ladder.urlpatterns,
    *classification.urlpatterns,
    *compliance.urlpatterns,
    *processing.urlpatterns,
    *records.urlpatterns,
    *register.urlpatterns,
    *bringing.urlpatterns,
    *provenance.urlpatterns,
    *lineage.urlpatterns,
    *preparing.urlpatterns,
    *labels.urlpatterns,
    *occurrences.urlpatterns,
    *access.urlpatterns,
    *grants.urlpatterns,
    *impacts.urlpatterns,
    *keeping.urlpatterns,
    *conditions.urlpatterns,
    *glass.urlpatterns,
    *evidence.urlpatterns,
    *comments.urlpatterns,
    *attachments.urlpatterns,
    *agreements.urlpatterns,
    *credentials.urlpatterns,
    *policy_sets.urlpatterns,
    *reports.urlpatterns,
    *reviews.urlpatterns,
    *rulebooks.urlpatterns,
    *notifications.urlpatterns,
    *tickets.urlpatterns,
    *trail.urlpatterns,
    *workloads.urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.*$", Nowhere.as_view(), name="nowhere"),
]

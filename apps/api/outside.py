"""Addresses whose place and form other protocols fix, not ours."""

from django.urls import URLPattern, URLResolver, include, path

from apps.api.endpoints import container, exchange

app_name = "outside"

urlpatterns: list[URLPattern | URLResolver] = [
    path("credentials/v1/", include(container.urlpatterns)),
    path("oauth/", include(exchange.urlpatterns)),
]

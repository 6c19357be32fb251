"""The project as an app: it brings the Celery application, and `migrate` as the owner."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        # A task sent before the Celery application exists would go to a default broker.
        from portal import celery  # noqa: F401

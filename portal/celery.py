"""The Celery application. Tasks carry ids and are idempotent; the truth is in PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

from portal import env

env.default_settings_module("portal.settings.prod")

app = Celery("lakewarden")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging_as_configured(**_: Any) -> None:
    """Being connected is enough: Celery then leaves the logging of the settings alone."""


@worker_ready.connect
@beat_init.connect
def announce(**_: Any) -> None:
    """Tell the supervisor, if there is one, that this process works."""
    ready_file = env.text("LAKEWARDEN_READY_FILE", "")
    if ready_file:
        Path(ready_file).touch()

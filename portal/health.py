"""Whether the process is alive, and whether the parts it cannot work without answer."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from portal.celery import app

RETRY_AFTER_SECONDS = "5"
BROKER_PATIENCE_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    parts = {"database": database_answers(), "broker": broker_answers()}
    if all(parts.values()):
        return JsonResponse({"status": "ok", **parts})
    return JsonResponse(
        {"status": "unavailable", **parts}, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS}
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=BROKER_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
    except (OperationalError, OSError):
        return False
    return True

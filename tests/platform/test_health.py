from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from portal import embedded
from portal.celery import app


def test_a_living_process_says_so_without_its_parts(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_means_that_database_and_broker_answer(
    client: Client, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.conf, "broker_url", valkey)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_without_a_broker_the_portal_is_not_ready_and_says_when_to_ask_again(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.conf, "broker_url", embedded.broker_url(tmp_path / "nobody.sock"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": True, "broker": False}
    assert response.headers["Retry-After"] == "5"

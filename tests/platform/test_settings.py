from __future__ import annotations

import os
import subprocess
import sys

import pytest

from portal import env
from portal.logs import HIDDEN, hide_secrets

GOOD_KEY = "k3" * 20 + "abcdefghijklmnop"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.prod",
    "LAKEWARDEN_SECRET_KEY": GOOD_KEY,
    "LAKEWARDEN_ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://app@db.example.org/lakewarden",
    "BROKER_URL": "redis://broker.example.org/0",
}


def check_deploy(**changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAKEWARDEN_")}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=env.ROOT,
        env={**kept, **PRODUCTION, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_are_clean() -> None:
    finished = check_deploy()
    assert finished.returncode == 0, finished.stderr
    assert "no issues" in finished.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"LAKEWARDEN_SECRET_KEY": ""}, "LAKEWARDEN_SECRET_KEY is not set; it has no default."),
        (
            {"DATABASE_URL": "sqlite:///x.db"},
            "The database URL must begin with postgresql://, not sqlite://.",
        ),
    ],
)
def test_production_refuses_to_start_in_one_sentence(change: dict[str, str], sentence: str) -> None:
    finished = check_deploy(**change)
    assert finished.returncode == 1
    assert finished.stderr == f"{sentence}\n"


@pytest.mark.parametrize("key", ["only-for-the-suites", "short", "a" * 80, "changeme"])
def test_a_known_or_easy_key_is_refused(key: str) -> None:
    with pytest.raises(env.UnsafeSetting, match="SECRET_KEY is known or easy to guess"):
        env.require_safe(secret_key=key, is_debug=False, hosts=["portal.example.org"])


def test_debug_is_refused() -> None:
    with pytest.raises(env.UnsafeSetting, match="LAKEWARDEN_DEBUG must be off"):
        env.require_safe(secret_key=GOOD_KEY, is_debug=True, hosts=["portal.example.org"])


@pytest.mark.parametrize("hosts", [["*"], ["portal.example.org", "*.example.org"], []])
def test_hosts_must_be_named(hosts: list[str]) -> None:
    with pytest.raises(env.SettingFault, match="LAKEWARDEN_ALLOWED_HOSTS"):
        env.require_safe(secret_key=GOOD_KEY, is_debug=False, hosts=hosts)


def test_what_is_safe_passes() -> None:
    env.require_safe(secret_key=GOOD_KEY, is_debug=False, hosts=["portal.example.org"])


def test_logs_hide_what_has_a_telling_name_and_the_query_of_a_url() -> None:
    event = {
        "event": "request_started",
        "request": "GET /grants/?token=abc",
        "password": "abc",
        "headers": {"Authorization": "Bearer abc", "Accept": "text/html"},
    }
    logged = hide_secrets(None, "", event)
    assert "abc" not in str(logged)
    assert logged["request"] == "GET /grants/"
    assert logged["headers"] == {"Authorization": HIDDEN, "Accept": "text/html"}

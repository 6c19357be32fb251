"""Knowing one app is knowing all: the same rooms, and few others."""

from __future__ import annotations

from pathlib import Path

import pytest

APPS = Path(__file__).resolve().parents[2] / "apps"
ROOMS = {
    "__init__",
    "admin",
    "apps",
    "commands",
    "errors",
    "events",
    "facts",
    "lifecycle",
    "management",
    "migrations",
    "models",
    "queries",
    "subscribers",
    "tasks",
}
SPECIALS = {
    "kernel": {
        "actor",
        "characters",
        "clock",
        "contributions",
        "ids",
        "outbound",
        "pdf",
        "questions",
        "sealing",
        "separated",
        "signatures",
        "texts",
    },
    "audit": {"acting", "command", "moments", "record", "tree"},
    "accounts": {"authorization", "backends", "freshness", "operations", "roles", "signin", "workloads"},
    "lakes": {"prefix", "providers"},
    "classification": {"taxonomy"},
    "compliance": {"exports", "imports", "rendering", "taxonomy"},
    "labeling": {
        "checks",
        "imports",
        "learning",
        "measures",
        "pilots",
        "releases",
        "rendering",
        "roster",
        "uses",
        "work",
    },
    "access": {
        "carrying",
        "drafts",
        "evaluation",
        "files",
        "granting",
        "holdings",
        "narrowing",
        "packs",
        "routing",
        "tickets",
    },
    "preparing": {"recipe", "work"},
    "notifications": {"channels", "notices"},
}
FREE = {"api", "console", "policy"}
UNKNOWN_HERE = {"common", "helpers", "managers", "misc", "services", "utils"}
LONGEST = 400
AT_THE_ROOT = {".git", ".gitignore", "README.md", "manage.py", "pyproject.toml"}


def rooms_of(app: Path) -> set[str]:
    return {
        entry.stem for entry in app.iterdir() if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }


@pytest.mark.parametrize(
    "app", sorted(path.name for path in APPS.iterdir() if (path / "__init__.py").exists())
)
def test_an_app_has_the_rooms_of_the_house_and_no_others(app: str) -> None:
    if app in FREE:
        return
    assert rooms_of(APPS / app) - ROOMS - SPECIALS.get(app, set()) == set()


def test_no_file_bears_a_name_that_says_nothing() -> None:
    assert [str(path) for path in APPS.rglob("*.py") if path.stem in UNKNOWN_HERE] == []


def test_no_file_is_too_long_to_live_in() -> None:
    files = [path for path in APPS.rglob("*.py") if "migrations" not in path.parts]
    long = {str(path): count for path in files if (count := path.read_text().count("\n")) > LONGEST}
    assert long == {}


def test_the_root_holds_what_the_project_needs_there_and_nothing_left_behind() -> None:
    assert {path.name for path in APPS.parent.iterdir() if path.is_file()} - AT_THE_ROOT == set()

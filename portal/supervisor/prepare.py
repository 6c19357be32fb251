"""One process between the database and the web: migrate, collect, translate, seed."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main(arguments: list[str]) -> None:
    django.setup()
    from portal.catalogs import compile_all
    from portal.database import has_pending_migrations

    if has_pending_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not settings.WHITENOISE_USE_FINDERS:
        call_command("collectstatic", interactive=False, verbosity=0)
    compile_all(settings.LOCALE_SOURCES, Path(settings.LOCALE_PATHS[0]))
    if "--demo" in arguments:
        call_command("seed_demo")


if __name__ == "__main__":
    main(sys.argv[1:])

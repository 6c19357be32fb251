#!/usr/bin/env python3
"""The front door: `python3 manage.py up`, `python3 manage.py test`, and every Django command.

Must parse on old Pythons and start with nothing but the standard library.
"""

import os
import sys

OLDEST_PYTHON = (3, 11)


def refuse_old_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        needed = ".".join(str(part) for part in OLDEST_PYTHON)
        sys.exit("Lakewarden needs Python {} or newer, and this is Python {}.".format(needed, found))  # noqa: UP032


def run_django(arguments: "list[str]") -> None:
    from django.core.management import execute_from_command_line

    from portal import env

    try:
        env.adopt_demo_lake()
        execute_from_command_line(arguments)
    except env.SettingFault as fault:
        sys.exit(str(fault))


def main() -> None:
    refuse_old_python()
    from portal import bootstrap

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    bootstrap.provide_packages(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    if command == "up":
        from portal.supervisor.command import main as up

        sys.exit(up(sys.argv[2:]))
    if command == "test":
        from portal.suite import main as test

        sys.exit(test(sys.argv[2:]))
    run_django(sys.argv)


if __name__ == "__main__":
    main()

"""One machine, loopback only: what `manage.py up` runs."""

from portal.settings.base import *  # noqa: F403

# `up` makes var/secret-key before anything answers; only tools run without one.
SECRET_KEY = SECRET_KEY or "only-for-tools-that-never-answer-a-request"  # noqa: F405

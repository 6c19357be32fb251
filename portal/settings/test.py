"""The suites."""

from portal.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-the-suites"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = False

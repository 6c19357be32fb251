"""The suites. Their database and broker are named by tests/conftest.py."""

import os
import tempfile
from pathlib import Path

from portal import logs
from portal.settings.base import *  # noqa: F403

SECRET_KEY = "only-for-the-suites"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = False
ATTACHMENTS = Path(tempfile.gettempdir()) / f"lakewarden-attachments-{os.getpid()}"
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is collected, and WhiteNoise warns of an absent directory
LOGGING = logs.configure(level="WARNING")

# Rate limits count in the cache; suites that sign in all day would meet them. Their own test brings a cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

"""In front of real data: refuses to start with anything known, empty or open."""

from portal import env
from portal.settings.base import *  # noqa: F403

DEBUG = env.flag("LAKEWARDEN_DEBUG", default=False)
SECRET_KEY = env.secret("LAKEWARDEN_SECRET_KEY")
ALLOWED_HOSTS = env.words("LAKEWARDEN_ALLOWED_HOSTS")
env.require_safe(secret_key=SECRET_KEY, is_debug=DEBUG, hosts=ALLOWED_HOSTS)

# TLS ends at a proxy that must strip this header from what clients send.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("LAKEWARDEN_BEHIND_TLS_PROXY", default=False) else None
)
SECURE_SSL_REDIRECT = env.flag("LAKEWARDEN_TLS_REDIRECT", default=True)
# Programs are not redirected: their first request would have gone over the wire in the clear.
SECURE_REDIRECT_EXEMPT = [
    r"^api/",
    r"^access/",
    r"^credentials/",
    r"^scim/",
    r"^oauth/",
    r"^healthz$",
    r"^readyz$",
]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False  # htmx reads it
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

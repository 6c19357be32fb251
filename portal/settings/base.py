"""Settings that hold everywhere. Plain assignments; what differs comes from portal.env."""

from portal import env, logs

ROOT = env.ROOT
VAR = env.var_dir()

SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.words("LAKEWARDEN_SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = env.words("LAKEWARDEN_ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("LAKEWARDEN_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "rest_framework",
    "template_partials",
    "apps.kernel",
    "apps.audit",
    "apps.accounts",
    "apps.lakes",
    "apps.catalog",
    "apps.classification",
    "apps.compliance",
    "apps.labeling",
    "apps.access",
    "apps.credentials",
    "apps.preparing",
    "apps.reviews",
    "apps.notifications",
    "apps.api",
    "apps.console",
]

MIDDLEWARE = [
    "apps.api.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.console.first.FirstThings",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.console.whole.WholePages",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The web and the workers speak to the database as a role that owns nothing; `default` is that role.
# Migrations run as the owner (see portal/database.py).
DATABASES = {"default": env.database(env.database_url())}
DATABASE_OWNER_URL = env.database_owner_url()
DATABASE_APP_ROLE = env.text("LAKEWARDEN_DATABASE_APP_ROLE", "lakewarden_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "apps.accounts.backends.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
# guardian keeps the object permissions; they are answered by AccountBackend, from the index that knows roles,
# teams and domains too. Its own backend would answer from its tables alone.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Attempts, and codes already used, are counted in one place for all processes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"},
}

ACCOUNT_ADAPTER = "apps.accounts.signin.SignIn"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# django-axes locks a name out at one address; these slow guessing from many addresses, or of many names.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,30/5m/key", "workload_refused": "30/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("LAKEWARDEN_PROXY_COUNT", default=0)
AXES_IPWARE_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT or None
MFA_ADAPTER = "apps.accounts.signin.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # as apps/accounts/freshness.py asks for
ACCOUNT_SESSION_REMEMBER = False
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "apps.accounts.signin.username_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
LOGIN_URL = "account_login"
MESSAGE_TAGS = {40: "danger"}  # as the design system names its tones

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français")]
LOCALE_SOURCES = ROOT / "locale"
LOCALE_PATHS = [VAR / "locale"]  # compiled from the sources at the start
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"] if (ROOT / "static").is_dir() else []
# Straight from the apps and wheels, so that a fresh clone collects nothing; prod collects and hashes.
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["apps.console.upload.BoundedUpload"]
ATTACHMENTS = env.attachments_dir()
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500  # two hundred columns are classified in one form

BROKER_URL = env.broker_url()
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is down must not hold up the change that woke it: the row stays due and beat sweeps it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
# Below the visibility timeout: a task that runs longer would be delivered a second time.
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1740
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliver-due-events": {"task": "apps.audit.tasks.deliver_due", "schedule": 10},
    "keep-requests-under-the-newest-rules": {
        "task": "apps.access.tasks.reevaluate_under_new_rulebooks",
        "schedule": 60,
    },
    "keep-grants-in-step": {"task": "apps.access.tasks.keep_grants_in_step", "schedule": 30},
    "check-conditions": {"task": "apps.access.tasks.check_conditions", "schedule": 300},
    "keep-stages-in-time": {"task": "apps.access.tasks.keep_stages_in_time", "schedule": 60},
    "ask-ticket-systems": {"task": "apps.access.tasks.ask_ticket_systems", "schedule": 30},
    "look-for-people": {"task": "apps.access.tasks.look_for_people", "schedule": 600},
    "reap-leases": {"task": "apps.credentials.tasks.reap", "schedule": 5},
    "read-demo-lake": {"task": "apps.credentials.tasks.read_demo_lake", "schedule": 15},
    "forget-use": {"task": "apps.credentials.tasks.forget_use", "schedule": 3600},
    "recheck-keys": {"task": "apps.credentials.tasks.recheck_keys", "schedule": 60},
    "tidy-lakes": {"task": "apps.credentials.tasks.tidy_lakes", "schedule": 600},
    "keep-imports-of-labels-in-step": {"task": "apps.labeling.tasks.keep_imports_in_step", "schedule": 60},
    "keep-views-in-step": {"task": "apps.preparing.tasks.keep_views_in_step", "schedule": 60},
    "keep-label-sets-in-step": {"task": "apps.labeling.tasks.keep_label_sets_in_step", "schedule": 300},
    "forget-names-of-labels": {"task": "apps.labeling.tasks.forget_names_over", "schedule": 3600},
    "keep-releases-in-step": {"task": "apps.labeling.tasks.keep_releases_in_step", "schedule": 600},
    "keep-campaigns-in-step": {"task": "apps.reviews.tasks.keep_campaigns_in_step", "schedule": 60},
    "ask-whose-turn-it-is": {"task": "apps.reviews.tasks.ask_whose_turn_it_is", "schedule": 600},
    "pseudonymize-ledger": {"task": "apps.access.tasks.pseudonymize_ledger", "schedule": 86400},
    "end-retention": {"task": "apps.compliance.tasks.end_retention", "schedule": 3600},
    "follow-agreements": {"task": "apps.compliance.tasks.follow_agreements", "schedule": 3600},
    "follow-programs": {"task": "apps.accounts.tasks.follow_programs", "schedule": 3600},
    "forget-sign-ins": {"task": "apps.accounts.tasks.forget_sign_ins", "schedule": 3600},
    "prune-idempotency-keys": {"task": "apps.api.tasks.prune_idempotency_keys", "schedule": 3600},
}
CELERY_BEAT_SCHEDULE |= {
    "send-due-notices": {"task": "apps.notifications.tasks.send_due", "schedule": 30},
    "send-digests": {"task": "apps.notifications.tasks.send_digests", "schedule": 900},
    "tell-of-endings": {"task": "apps.notifications.tasks.tell_of_endings", "schedule": 3600},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

LOGGING = logs.configure(level=env.text("LAKEWARDEN_LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # the trail keeps what is needed, by its own rules

# Messages to addresses that people typed in go to public ones, in https, on these ports. Besides there are
# the origins that the operator names as their own: inside the network, perhaps plain http, on any port.
OUTBOUND_PORTS = env.numbers("LAKEWARDEN_OUTBOUND_PORTS", "443,8443")
OUTBOUND_INSIDE = env.words("LAKEWARDEN_OUTBOUND_INSIDE")
LAKES_ON_LOOPBACK = env.flag("LAKEWARDEN_LAKES_ON_LOOPBACK", default=False)
OUTBOUND_TRUST = env.text("LAKEWARDEN_OUTBOUND_CA_FILE", "")

# Where links in mail and chat lead; and the mail itself, which is written to files where no server is named.
PUBLIC_URL = env.text("LAKEWARDEN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
EMAIL_HOST = env.text("LAKEWARDEN_SMTP_HOST", "")
EMAIL_PORT = env.number("LAKEWARDEN_SMTP_PORT", default=587)
EMAIL_HOST_USER = env.text("LAKEWARDEN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.secret("LAKEWARDEN_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("LAKEWARDEN_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("LAKEWARDEN_MAIL_FROM", "Lakewarden <lakewarden@localhost>")
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)

# Of `up`; empty without a demo.
DEMO_LAKE_URL = env.demo_lake().get("LAKEWARDEN_DEMO_LAKE_URL", "")
DEMO_LAKE_LOG = VAR / "lake" / "audit.jsonl"

# For so many days the portal keeps what keys touched, day by day.
USE_KEPT_DAYS = env.number("LAKEWARDEN_USE_KEPT_DAYS", default=400)

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.api.authentication.BearerAuthentication",
        "apps.api.authentication.SessionWithCsrf",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.api.authentication.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "apps.api.schema.HouseSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "apps.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "UPLOADED_FILES_USE_URL": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lakewarden",
    "DESCRIPTION": "Governance and access control for datasets, models and label sets.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["apps.api.authentication.SignedIn"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Words stay where they are used: one schema name for each set of them would tie resources together.
    "POSTPROCESSING_HOOKS": [],
}
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # apps.api.middleware has checked or made it

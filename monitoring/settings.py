"""The only settings file. What differs from place to place is read from the environment (or `.env`).

Without any variable this is a local installation: embedded PostgreSQL, plain http, a secret key of its own.
With DATABASE_URL it is a production site, which has to be told SECRET_KEY and ALLOWED_HOSTS, on https.
RENDIR_LOCAL=1 makes a local installation on the PostgreSQL of DATABASE_URL.
"""

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from monitoring.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

# Where this is -------------------------------------------------------------------------------------------
DATABASE_URL: str = env.str("DATABASE_URL", "")
TESTING = "pytest" in sys.modules  # pytest-django loads the settings before any of our test code
LOCAL: bool = env.bool("RENDIR_LOCAL", TESTING or not DATABASE_URL)
DEBUG: bool = env.bool("DEBUG", False)
DATA_DIR: Path = env.path("RENDIR_DATA", BASE_DIR / ".data")  # embedded database, generated key

SECRET_KEY: str = env.str("SECRET_KEY", "")
if not SECRET_KEY and LOCAL:
    SECRET_KEY = kept_secret(DATA_DIR / "secret-key")
SHORTEST_KEY = 50
if not LOCAL and len(SECRET_KEY) < SHORTEST_KEY:
    raise ImproperlyConfigured(
        f"Set SECRET_KEY to at least {SHORTEST_KEY} random characters for a production site, "
        "or RENDIR_LOCAL=1 for a demo on this machine."
    )

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Applications --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "monitoring",
    "indicators",
    "programs",
    "django_tables2",
    "django_htmx",
    "csp",
    "pghistory",
    "pgtrigger",
    "programs.admin_site.RendirAdminConfig",  # django.contrib.admin, for administrators only
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # the development server serves static files as production does
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # this early, so that redirects and static files carry the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "programs.access.ClosedUnlessOpened",
]

ROOT_URLCONF = "monitoring.urls"
WSGI_APPLICATION = "monitoring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "indicators.work.work_count",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "_table.html"

# Database ------------------------------------------------------------------------------------------------
# Of the embedded server only the name of the backend stands here: it starts at the first connection.
EMBEDDED: dict[str, Any] = {"ENGINE": "monitoring.database", "NAME": "rendir", "USER": "rendir"}
DATABASES = {
    "default": {
        **(env.dj_db_url("DATABASE_URL") if DATABASE_URL else EMBEDDED),
        "ATOMIC_REQUESTS": False,  # the actions hold their own transactions
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": False},  # pghistory writes its context into the statements
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "programs.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # reading changes nothing

# Language and time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "monitoring.formats"  # 1,926.50 in both languages
USE_TZ = True
TIME_ZONE = "America/Lima"

# Static files --------------------------------------------------------------------------------------------
# Local: straight from the source folders. Production: `collectstatic`, names with hashes, compressed.
STATIC_URL = "static/"
STATIC_ROOT = None if LOCAL else env.path("STATIC_ROOT", DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# Security ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # icons inside the vendored style sheet
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
HTTPS: bool = env.bool("RENDIR_HTTPS", not LOCAL and not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other sites of the same domain
    "security.W021",  # and the lists of browsers are not ours to decide about
]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine next door, over plain http
if env.bool("RENDIR_BEHIND_PROXY", False):  # only behind a proxy that sets this header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A report of 50 indicators with 20 categories each sends some 2,900 fields, a crossed breakdown many more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Logging: one line per event on standard error ------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("RENDIR_LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": [], "level": "NOTSET", "propagate": True}},
}

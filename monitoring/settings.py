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

from monitoring.secret import SHORTEST, is_guessable, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

# Where this is -------------------------------------------------------------------------------------------
DATABASE_URL: str = env.str("DATABASE_URL", "")
TESTING = "pytest" in sys.modules  # pytest-django loads the settings before any of our test code
LOCAL: bool = env.bool("RENDIR_LOCAL", TESTING or not DATABASE_URL)
DEBUG: bool = env.bool("DEBUG", False)
DATA_DIR: Path = env.path("RENDIR_DATA", BASE_DIR / ".data")  # embedded database, generated key

EVIDENCE_DIR: Path = env.path("RENDIR_EVIDENCE", DATA_DIR / "evidence")  # files, served by one view only
EVIDENCE_MB: int = env.int("RENDIR_EVIDENCE_MB", 10)  # the largest one

SECRET_KEY: str = env.str("SECRET_KEY", "")
if not SECRET_KEY and LOCAL:
    SECRET_KEY = kept_secret(DATA_DIR / "secret-key")
if not LOCAL and is_guessable(SECRET_KEY):
    raise ImproperlyConfigured(
        f"Set SECRET_KEY to at least {SHORTEST} random characters for a production site, "
        "or RENDIR_LOCAL=1 for a demo on this machine."
    )
if not LOCAL and DEBUG:
    raise ImproperlyConfigured("DEBUG shows the inside of the site to everybody: not on a production site.")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
if not LOCAL and (not ALLOWED_HOSTS or {"", ".", "*"} & {host.strip() for host in ALLOWED_HOSTS}):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names of this site, separated by commas; * is none.")
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "monitoring.answers.SafeAnswers",
    "csp.middleware.CSPMiddleware",  # this early, so that redirects and static files carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # tokens in pages are masked anew each time and a random length is added: sizes tell nothing secret
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "monitoring.limits.BoundedRequests",  # before anything reads what was sent
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "programs.resending.SignedInOrTold",  # django's LoginRequiredMiddleware, which loses nothing typed
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # asked for by the checks
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "programs.access.ClosedUnlessOpened",
    "programs.signing_in.middleware.SecondFactorRequired",
    "programs.signing_in.middleware.KeptWhileUsed",
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
                "indicators.work.work_awaiting",
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
        # the demo's server has a thread for each connection of a browser, and would leave one here open
        "CONN_MAX_AGE": 0 if LOCAL and not TESTING else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": False},  # pghistory writes its context into the statements
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "programs.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
SESSION_ENGINE = "programs.signing_in.sessions"
SESSION_COOKIE_AGE = round(env.float("RENDIR_SESSION_HOURS", 12) * 3600)  # of not being used
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECOND_FACTOR_REQUIRED: bool = env.bool("RENDIR_SECOND_FACTOR", not LOCAL)  # of managers and administrators

ACCOUNT_ADAPTER = "programs.signing_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]  # asked for by a check: nobody registers
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator has given the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no e-mail to somebody who has no account
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whose password or second factor was changed is told
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Rendir: "
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "programs.signing_in.names.shown_name"
FORMS_OF_SIGNING_IN = "programs.signing_in.forms"
ACCOUNT_FORMS = {
    "login": f"{FORMS_OF_SIGNING_IN}.SignInForm",
    "reauthenticate": f"{FORMS_OF_SIGNING_IN}.OwnPasswordForm",
    "set_password": f"{FORMS_OF_SIGNING_IN}.FirstPasswordForm",
    "change_password": f"{FORMS_OF_SIGNING_IN}.NewPasswordForm",
    "reset_password": f"{FORMS_OF_SIGNING_IN}.AddressForm",
    "reset_password_from_key": f"{FORMS_OF_SIGNING_IN}.ResetForm",
}
MFA_ADAPTER = "programs.signing_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rendir"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL  # localhost speaks plain http
MFA_FORMS = {
    "authenticate": f"{FORMS_OF_SIGNING_IN}.CodeForm",
    "reauthenticate": f"{FORMS_OF_SIGNING_IN}.OwnCodeForm",
    "activate_totp": f"{FORMS_OF_SIGNING_IN}.AppForm",
    "authenticate_webauthn": f"{FORMS_OF_SIGNING_IN}.PasskeyCodeForm",
    "login_webauthn": f"{FORMS_OF_SIGNING_IN}.PasskeySignInForm",
    "add_webauthn": f"{FORMS_OF_SIGNING_IN}.AddPasskeyForm",
    "edit_webauthn": f"{FORMS_OF_SIGNING_IN}.PasskeyNameForm",
}
OIDC_ISSUER: str = env.str("RENDIR_OIDC_ISSUER", "")
SINGLE_SIGN_ON: str = env.str("RENDIR_OIDC_NAME", "OpenID Connect") if OIDC_ISSUER else ""
SOCIALACCOUNT_ADAPTER = "programs.signing_in.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": SINGLE_SIGN_ON,
                "client_id": env.str("RENDIR_OIDC_CLIENT_ID", ""),
                "secret": env.str("RENDIR_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # reading changes nothing

# E-mail: without a host none is sent (a local installation prints it), and links are handed over ----------
EMAIL_HOST: str = env.str("RENDIR_EMAIL_HOST", "")
EMAIL_PORT: int = env.int("RENDIR_EMAIL_PORT", 587)
EMAIL_HOST_USER: str = env.str("RENDIR_EMAIL_USER", "")
EMAIL_HOST_PASSWORD: str = env.str("RENDIR_EMAIL_PASSWORD", "")
EMAIL_USE_TLS: bool = env.bool("RENDIR_EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("RENDIR_EMAIL_FROM", "rendir@localhost")
SENDS_EMAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "console.EmailBackend" if LOCAL else "dummy.EmailBackend"
)

# Limits of attempts to sign in are counted here: by all processes together, on a site --------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if LOCAL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "programs_cache"}
}

# Language and time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "monitoring.formats"  # 1,926.50 in both languages
USE_TZ = True
TIME_ZONE = "America/Lima"

# Static files --------------------------------------------------------------------------------------------
# Production and the demo: `collectstatic`, names with hashes, compressed, kept by browsers for good.
# Elsewhere: straight from the source folders.
COLLECTED = not LOCAL or sys.argv[1:2] == ["demo"]
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static") if COLLECTED else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# Security ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # icons inside the vendored style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}
HTTPS: bool = env.bool("RENDIR_HTTPS", not LOCAL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("RENDIR_HSTS_SUBDOMAINS", HTTPS)
SECURE_HSTS_PRELOAD = env.bool("RENDIR_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # the list in browsers is for whole domains, and hard to leave: nothing to do unasked
]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine next door, over plain http
if env.bool("RENDIR_BEHIND_PROXY", False):  # only behind a proxy that sets this header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # limits count by the address that the proxy names
# A report of 50 indicators with 20 categories each sends some 2,900 fields, a crossed breakdown many more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
REQUEST_MAX_BYTES = (2 * EVIDENCE_MB + 10) * 1_000_000  # with all its files; what is larger is not read
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "programs.resending.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Logging: one line per event on standard error ------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "monitoring.logs.Line", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("RENDIR_LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": [], "level": "NOTSET", "propagate": True}},
}

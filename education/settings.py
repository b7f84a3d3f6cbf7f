"""All settings, read from the environment once at start-up; a bad value stops the program.

| variable           | default                | meaning                                            |
|--------------------|------------------------|----------------------------------------------------|
| EDUCATION_DATA_DIR | ./data                 | folder of the database, uploads, static files, key |
| SITE_URL           | http://127.0.0.1:PORT  | the public address; decides everything about https |
| DATABASE_URL       | SQLite, data folder    | postgres://user@host/name to use PostgreSQL        |
| SECRET_KEY         | made on first run      | only when the key must not lie in the data folder  |
| HOST, PORT         | 127.0.0.1, 8000        | where the server listens                           |
| DEBUG              | off                    | for maintainers only (`make dev`)                  |
| TIME_ZONE          | UTC                    | the clinic's own, such as America/Chicago          |
| FOUR_EYES          | off                    | on: nobody publishes or reviews what they edited   |
| REQUIRE_SECOND_FACTOR | privileged on https | a second step to sign in: all, privileged, off     |
| EMAIL_HOST         | none: no e-mail        | the mail server, for reminders of reviews          |
| EMAIL_PORT         | 587                    | its port                                           |
| EMAIL_USER         | none                   | with EMAIL_PASSWORD, if the server wants a sign-in |
| EMAIL_TLS          | on                     | off only for a mail server on this machine         |
| EMAIL_FROM         | education@SITE_URL     | the sender                                         |
| DATABASE_WAIT_SECONDS | 60                  | how long a start waits for PostgreSQL              |
| STALE_PAGES_MINUTES | 60                    | how long kept pages are shown without a database   |
| BACKUP_DIR         | backups, data folder   | where backups are written                          |
| BACKUP_RECIPIENT   | of BACKUP_IDENTITY     | the public key of age that backups are locked with |
| BACKUP_IDENTITY    | backup_identity, there | the file with the key that opens them              |
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.headers import Headers
from zoneinfo import ZoneInfo

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, ValidationError, validate

from education.web import inline_css

BASE_DIR = Path(__file__).resolve().parent.parent
# Pydantic's search for plugins reads the metadata of every library at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _validate_email(value: str) -> None:
    if value:
        validate.Email(error="Write an e-mail address, such as website@clinic.example.")(value)


def _validate_time_zone(value: str) -> None:
    # Without reading the names of all zones; a missing one raises KeyError.
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError("Write a zone such as America/Chicago.") from error


env = Env(eager=False)
DEBUG = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("EDUCATION_DATA_DIR", "") or BASE_DIR / "data").absolute()
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int(
    "PORT", 8000, validate=validate.Range(1, 65535, error="Write a number from 1 to 65535.")
)
SITE_URL = env.str("SITE_URL", "").rstrip("/") or f"http://127.0.0.1:{PORT}"
TIME_ZONE = env.str("TIME_ZONE", "UTC", validate=_validate_time_zone)
FOUR_EYES = env.bool("FOUR_EYES", False)
_POLICIES = validate.OneOf(("", "all", "privileged", "off"), error="Write all, privileged or off.")
_SECOND_FACTOR = env.str("REQUIRE_SECOND_FACTOR", "", validate=_POLICIES)
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int(
    "EMAIL_PORT", 587, validate=validate.Range(1, 65535, error="Write a number from 1 to 65535.")
)
EMAIL_HOST_USER = env.str("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_TLS", True)
_EMAIL_FROM = env.str("EMAIL_FROM", "", validate=_validate_email)
DATABASE_WAIT_SECONDS = env.int("DATABASE_WAIT_SECONDS", 60, validate=validate.Range(0, 3600))
STALE_PAGES_MINUTES = env.int("STALE_PAGES_MINUTES", 60, validate=validate.Range(0, 24 * 60))
BACKUP_DIR = Path(env.str("BACKUP_DIR", "") or DATA_DIR / "backups").absolute()
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", "")
BACKUP_IDENTITY_FILE = Path(env.str("BACKUP_IDENTITY", "") or DATA_DIR / "backup_identity")
_DATABASE_URL = env.str("DATABASE_URL", "")
_SECRET_KEY_FROM_ENV = env.str("SECRET_KEY", "")
env.seal()

LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def _parse_site_url(url: str) -> tuple[str, bool]:
    """The host and whether it is https; raises ImproperlyConfigured with a hint."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  a bad port raises only when it is read
    except ValueError as error:
        raise ImproperlyConfigured(
            f"SITE_URL is not an address ({error}): write https://your.site"
        ) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL is {url!r}: write the whole address, such as https://your.site"
        )
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(
            f"SITE_URL is {url!r}: write only https:// and the host, with no path"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        raise ImproperlyConfigured(
            f"SITE_URL is {url!r}: a public site needs https, because readers send what they tick. "
            "Plain http is for this machine only (http://127.0.0.1)."
        )
    return host, parts.scheme == "https"


def _load_or_create_secret_key(folder: Path) -> str:
    """The key in the data folder, created on the first start and readable by its owner only."""
    path = folder / "secret_key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written to a draft and linked: two first starts at once agree on one complete key.
        if not path.exists():
            draft = folder / f".secret_key.{os.getpid()}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(64))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be used ({error.strerror}). "
            "Choose a folder you may write to: EDUCATION_DATA_DIR=/path make run"
        ) from error
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"{path} holds no usable key. Delete the file; a new one is made at the start."
        )
    return key


SITE_HOST, SITE_IS_HTTPS = _parse_site_url(SITE_URL)
SECRET_KEY = _SECRET_KEY_FROM_ENV or _load_or_create_secret_key(DATA_DIR)
REQUIRE_SECOND_FACTOR = _SECOND_FACTOR or ("privileged" if SITE_IS_HTTPS else "off")
ALLOWED_HOSTS = [SITE_HOST] if SITE_IS_HTTPS else LOOPBACK_HOSTS
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _EMAIL_FROM or f"education@{SITE_HOST.strip('[]')}"

INSTALLED_APPS = [
    "education.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "markdownx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "education.web",
    "education.clinic",
    "education.media",
    "education.audit",
    "education.publishing",
    "education.references",
    "education.checklists",
    "education.articles",
    "education.selfcheck",
    "education.search",
    "education.feedback",
    "education.handouts",
    "education.pages",
    "education.operations",
    "education.staff",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before the policies of pages: files have their own.
    "education.operations.static_assets.middleware.LazyWhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "education.operations.middleware.CharsetMiddleware",
    "education.operations.middleware.DatabaseFileMiddleware",
    "education.operations.middleware.MethodMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "education.publishing.middleware.WithdrawnMiddleware",
    "education.clinic.middleware.EmergencyNumberMiddleware",
]

ROOT_URLCONF = "education.urls"
WSGI_APPLICATION = "education.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "education.clinic.context_processors.clinic",
                "education.pages.context_processors.site",
            ],
        },
    }
]

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "site.sqlite3",
    "OPTIONS": {
        # In the default mode a transaction that reads first and then writes fails at once when
        # another one writes.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
    "CONN_MAX_AGE": None,
    # A file in tests, too: connections to one in-memory database lock tables without waiting.
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
}


def _database_config(url: str) -> dict[str, Any]:
    """The database of DATABASE_URL; raises ImproperlyConfigured for an unsupported one."""
    if not url:
        return dict(SQLITE)
    hint = "write postgres://user@host/name, or leave it out for SQLite in the data folder"
    try:
        found: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
        )
    except Exception as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {hint}") from error
    if found["ENGINE"] == "django.db.backends.sqlite3":
        return {**SQLITE, "NAME": found["NAME"]}
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            f"DATABASE_URL names a database this program does not know: {hint}"
        )
    found.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    return found


DATABASES = {"default": _database_config(_DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "education.staff.accounts.password_strength.GuessableValidator"},
]

# Wrong codes are counted by us, as wrong passwords are.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True

# PDFs of handouts. Packs with a note are never cached.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "handouts": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "handouts",
        "TIMEOUT": 2 * 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
# Files that all processes lock and count in, so that limits are of the whole site.
LIMITS_DIR = DATA_DIR / "limits"
# Render the handout of what goes live first, where PDFs can be made.
HANDOUT_TRIAL_RENDER = True

CONTENT_DIR = BASE_DIR / "content"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "education.operations.static_assets.storage.LenientManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Files that browsers request by a fixed name, such as favicon.ico.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: Headers, _path: str, _url: str) -> None:
    """A drawing opened by itself may use its own colors, and load nothing."""
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )


MEDIA_ROOT = DATA_DIR / "uploads"
MEDIA_URL = "/media/"

# The two views of markdownx itself are open to anybody and never included: these are for staff.
MARKDOWNX_URLS_PATH = "/admin/markdownx/markdownify/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/markdownx/upload/"
MARKDOWNX_MARKDOWNIFY_FUNCTION = "education.markdown.render"

# Readers have no session: cookies of staff are sent to the admin only.
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
SESSION_COOKIE_PATH = "/admin/"
CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "education.staff.editor.draft_recovery.csrf_failure"
# The proxy may pass the host without its port; then browsers name another origin than Django sees.
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if SITE_IS_HTTPS else None
SESSION_ENGINE = "education.staff.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE_IS_HTTPS else 0
# HSTS must not extend to the clinic's other hosts (security.W005, W021).
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_IS_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Pages run no script; inline style sheets are allowed by their hashes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "font-src": [SELF],
        "style-src": [SELF, *inline_css.CSP_HASHES],
        "form-action": [SELF],
        "manifest-src": [SELF],
        # No page of ours connects, but auditing tools fetch robots.txt from within a page.
        "connect-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
_UNUSED = (
    "accelerometer autoplay camera display-capture fullscreen geolocation "
    "gyroscope magnetometer microphone payment usb"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in _UNUSED.split()}
_HEALTH = "education.operations.health"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"database_away": {"()": f"{_HEALTH}.database_logging.DatabaseAwayFilter"}},
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "nothing": {"class": "logging.NullHandler"},
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["database_away"],
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A 404 is not worth logging, and what a reader requested is private.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["nothing"], "propagate": False},
    },
}

"""設定: Django settings of the city hall. Values come from the environment (docs/operations) and from nowhere else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from kokunen.config import environment, keys
from kokunen.config.databases import AS_MIGRATOR, database
from kokunen.config.subsystems import SUBSYSTEMS

PACKAGE_DIR = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = keys.secret("django.secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *filter(None, os.environ.get("KOKUNEN_HOSTS", "").split(","))]
ROOT_URLCONF = "kokunen.config.urls"
WSGI_APPLICATION = "kokunen.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "procrastinate.contrib.django",
    "kokunen.common_platform.portal",
    "kokunen.common_platform.access_history",
    "kokunen.common_platform.assessment_desk",
    "kokunen.common_platform.safeguards",
    "kokunen.common_platform.codes",
    "kokunen.common_platform.integration",
    "kokunen.common_platform.operations",
    "kokunen.common_platform.operations_desk",
    "kokunen.common_platform.batch_master",
    "kokunen.common_platform.open_api",
    "kokunen.common_platform.data_desk",
    "kokunen.ledger",
    "kokunen.assessment",
    "kokunen.resident_registry",
    "kokunen.unified_atena",
    "kokunen.nonresident_registry",
    "kokunen.resident_tax",
    "kokunen.national_pension",
    "kokunen.pension_records",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kokunen.common_platform.portal.web.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kokunen.common_platform.portal.web.middleware.PortalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "templates", *sorted(PACKAGE_DIR.glob("**/web/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kokunen.common_platform.portal.web.context.portal",
            ],
        },
    },
]

# --- database: one alias per subsystem on one database (docs/decisions/0003) -----------------------------------------
# The tables of a program of its own (社会保険オンライン) are provisioned here, but only the migrator gets at them.
_ALIASES = tuple(s.alias for s in SUBSYSTEMS) if AS_MIGRATOR else environment.served_subsystems()
DATABASES = {alias: database(alias) for alias in dict.fromkeys(("default", *_ALIASES))}
DATABASE_ROUTERS = ["kokunen.config.routers.SubsystemRouter"]

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# --- static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.data_dir() / "static"
STATICFILES_DIRS = [PACKAGE_DIR / "static"]
WHITENOISE_USE_FINDERS = True

# --- sign-in and sessions --------------------------------------------------------------------------------------------
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_USER_MODEL = "portal.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "kokunen.common_platform.portal.backend.StaffBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]  # the account: wherever the guesses come from
# W006 asks for the address as well, which would let guesses move between addresses.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "number"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the access ledger
AXES_LOCKOUT_CALLABLE = "kokunen.common_platform.portal.web.views.sign_in.locked_out"
AXES_VERBOSE = False
PORTAL_IDLE_SECONDS = 15 * 60  # CTL-053: sign-out without work
PORTAL_LIFETIME_SECONDS = 10 * 60 * 60  # CTL-053: sign-out however busy
PORTAL_BLANK_SECONDS = 3 * 60  # CTL-057: personal data leave the screen
PORTAL_SESSIONS_PER_STAFF = 1  # CTL-051: a second sign-in ends the first
SESSION_ENGINE = "kokunen.common_platform.portal.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A name that the browser keeps to this host and to TLS; a demo city has no TLS.
_HOST_ONLY = "" if environment.is_demo() else "__Host-"
SESSION_COOKIE_NAME = _HOST_ONLY + "kokunen_session"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = _HOST_ONLY + "kokunen_csrf"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = not environment.is_demo()
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = not environment.is_demo()
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 0 if environment.is_demo() else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not environment.is_demo()
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# CTL-019: a pension role without training of the last year is refused ("refuse") or listed ("flag").
TRAINING_GATE = os.environ.get("KOKUNEN_TRAINING_GATE", "flag")

# 業務ID of 国民年金 in the calls of other systems; the national list is to be checked by the city.
PENSION_WORK_ID = os.environ.get("KOKUNEN_PENSION_WORK_ID", "015")
# 業務ID of the systems that publish or read over the open API (031 and 032 as in 共通機能標準仕様書, the others to be
# checked by the city): a caller reads what the assessment declares for the system of its work, wherever that runs.
WORK_SYSTEMS = {
    "001": "resident_registry",
    "003": "resident_tax",
    "031": "nonresident_registry",
    "032": "unified_atena",
    PENSION_WORK_ID: "national_pension",
}

# Who carries the report to 日本年金機構: the section knows the shape, the city names the carrier.
PENSION_MEDIA_WRITER = "kokunen.counterparts.jps.gateway.city_gateway"

# Who carries the register's messages to outside parties.
REGISTRY_LINES = {
    "juki_cs": "kokunen.counterparts.juki_cs.gateway.city_line",
    "moj": "kokunen.counterparts.moj.gateway.city_line",
    "koseki": "kokunen.counterparts.koseki.gateway.city_line",
}

# Who carries the files of 年金特別徴収.
TAX_LINE = "kokunen.counterparts.eltax.gateway.city_line"

# Who carries files to the 中間サーバー.
INTERMEDIATE_SERVER_LINE = "kokunen.counterparts.intermediate_server.gateway.city_line"

# Who shows a 個人番号 for a certificate that may bear it (住基法7条8号の2, 12条): the number vault, and nobody else.
INDIVIDUAL_NUMBER_SOURCE = "kokunen.nonresident_registry.services.numbers.number_for_certificate"

# Who opens the counter for 証明書交付センター.
CERTIFICATE_COUNTER = "kokunen.counterparts.certificate_centre.gateway.city_counter"

# Which section makes the certificates that the register does not: code of the certificate → who makes it (S6-5).
KIOSK_DESKS = dict.fromkeys(("31", "32"), "kokunen.resident_tax.services.kiosk.certificate")

# The queue of the jobs: its tables stand in the platform's schema, its tasks in one module.
PROCRASTINATE_DATABASE_ALIAS = "default"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
JOBS_SNAPSHOT = "kokunen.common_platform.jobs.latest_snapshot"  # the generation that a run is given
PROCRASTINATE_IMPORT_PATHS = ["kokunen.common_platform.operations.queue"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kokunen.common_platform.operations.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"kokunen": {"level": "INFO"}},
}

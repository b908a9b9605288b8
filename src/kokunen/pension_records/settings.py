"""設定: Django settings of 社会保険オンライン, a program of its own with one database login and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kokunen.config import environment, keys
from kokunen.config.databases import database

PACKAGE_DIR = Path(__file__).resolve().parent
HOUSE = PACKAGE_DIR.parent

DEBUG = False
SECRET_KEY = keys.secret("pension_records.secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", environment.passkey_host()]
ROOT_URLCONF = "kokunen.pension_records.web.urls"
WSGI_APPLICATION = "kokunen.pension_records.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.postgres", "kokunen.pension_records"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kokunen.pension_records.web.middleware.HeadersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kokunen.pension_records.web.middleware.TerminalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "kokunen.pension_records.web.middleware.for_templates",
            ],
            "builtins": ["kokunen.pension_records.web.words"],
        },
    },
]

# One alias. "default" must be named and stays empty: what forgets its alias reaches nothing.
DATABASES: dict[str, Any] = {"default": {}, "pension_records": database("pension_records")}
DATABASE_ROUTERS = ["kokunen.config.routers.SubsystemRouter"]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.data_dir() / "static"
STATICFILES_DIRS = [HOUSE / "static"]
WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
CSRF_COOKIE_NAME = ("" if environment.is_demo() else "__Host-") + "kokunen_terminal_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = not environment.is_demo()
CSRF_FAILURE_VIEW = "kokunen.pension_records.web.views.problems.csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 0 if environment.is_demo() else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not environment.is_demo()
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"kokunen": {"level": "INFO"}},
}

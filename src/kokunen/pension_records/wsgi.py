"""WSGI の入口: what the web server of 社会保険オンライン serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.pension_records.settings"
os.environ.setdefault("KOKUNEN_DB_POOL", "1")
application = get_wsgi_application()

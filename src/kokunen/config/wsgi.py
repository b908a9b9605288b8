"""WSGI の入口: what the web server serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
os.environ.setdefault("KOKUNEN_DB_POOL", "1")
application = get_wsgi_application()

from kokunen.common_platform.assessment_desk.storage import stop_when_undeclared, stop_when_views_differ  # noqa: E402
from kokunen.config.collector import keep_out_of_the_way  # noqa: E402
from kokunen.config.places import stop_when_abroad  # noqa: E402

stop_when_abroad()
stop_when_undeclared()
stop_when_views_differ()
keep_out_of_the_way()

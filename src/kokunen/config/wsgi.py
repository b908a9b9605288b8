"""WSGI の入口: what the web server serves."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokunen.config.settings")
os.environ.setdefault("KOKUNEN_DB_POOL", "1")
application = get_wsgi_application()

from kokunen.common_platform.assessment_desk.storage import stop_when_undeclared, stop_when_views_differ  # noqa: E402
from kokunen.config.places import stop_when_abroad  # noqa: E402

stop_when_abroad()
stop_when_undeclared()
stop_when_views_differ()

# What is loaded now stays as long as the process: the collector need not walk through it while an officer waits.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

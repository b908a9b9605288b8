"""公開データのAPIのアドレス"""

from __future__ import annotations

from django.urls import path

from kokunen.common_platform.open_api.web.dataset_views import published_dataset

app_name = "open_datasets"

urlpatterns = [path("<slug:dataset>", published_dataset, name="published_dataset")]

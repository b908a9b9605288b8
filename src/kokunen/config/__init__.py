"""設定: where the parts of the city hall are put together (settings, urls, database roles, provisioning)."""

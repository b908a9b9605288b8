"""住民記録の画面: forms, views, addresses and templates. No query, no rule."""

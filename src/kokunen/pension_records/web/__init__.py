"""社会保険オンラインの画面: no query, no rule."""

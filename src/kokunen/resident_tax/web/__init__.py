"""画面: no query, no rule; every screen extends the base page."""

"""社会保険オンラインの登録と照会: one use case a function."""

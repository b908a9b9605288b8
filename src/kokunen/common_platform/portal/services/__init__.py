"""ポータルの登録: one use case a function."""

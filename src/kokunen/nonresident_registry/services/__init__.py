"""住登外管理の登録: one use case a function, one transaction."""

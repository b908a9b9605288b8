"""保護措置の業務: one use case a function, one transaction."""

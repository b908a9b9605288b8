"""業務処理: one use case a function, one transaction each; the batch and the single person go one way."""

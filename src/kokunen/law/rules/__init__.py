"""規則 (rules): one module a rule, pure functions from facts to explained results."""

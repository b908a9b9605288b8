"""書き込み (団体内統合宛名): one use case a function, one transaction."""

"""核 (kernel): the words every office shares, from eras to check digits.

Task: dates in 和暦, 開庁日 and legal deadlines, numbers with check digits, names and their search keys,
addresses, intervals in two times and whole-yen money. The kernel knows no database, no framework and no
other part of kokunen; everything above may import it.

Each module can be read alone. What a person may see as an error is an :class:`~kokunen.kernel.errors.InputError`
in Japanese: what is wrong, what would be right, what to do.
"""

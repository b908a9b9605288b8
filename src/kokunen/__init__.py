"""国年 (kokunen): the National Pension work of a Japanese city hall, with its privacy assessment as running policy."""

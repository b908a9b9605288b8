"""給付 (benefits): 老齢基礎年金・寡婦年金・死亡一時金・年金生活者支援給付金, one module a benefit."""

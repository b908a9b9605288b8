"""個人住民税 (システム6): the section that assesses the tax of everybody who lived in the city on 1 January.

Law: 地方税法第24条, 第294条 and after. Neighbours: the register tells who lives here (住民), the pension section takes
所得情報 for exemptions (国民年金法第90条 and after) through the integrated database.

This first part holds what the pension work rests on, before the tax itself is computed:

1. For each person and tax year stands what was declared or reported: receipts and incomes by kind, deductions, the
number of dependants (:mod:`.models.income`). What the office learns later is a new row; the old one stays known as of
   its time. 2. Somebody for whom nothing was filed and who is nobody's dependant is 未申告. That is a state of its
   own with empty amounts, never zero yen.
3. Who is claimed by whom stands apart (:mod:`.models.dependant`), since one person can be claimed by one taxpayer only.
4. The items of <所得情報> (別添1) go to the integrated database as the dataset ``income``, one row a person and tax
year (:mod:`.linkage`); the pension of July N to June N+1 is judged with tax year N.
"""

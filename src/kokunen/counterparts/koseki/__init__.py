"""戸籍附票 — the family registers and their 附票 (of the own city and, behind it, of the others) as a counterpart.

It takes 戸籍附票記載事項通知 (住基法19条1項) for every person whose 本籍 is known, keeps the 附票, and sends the
住民票記載事項通知 of a 本籍地 (法9条2項) when an operator has it do so. `layout.yaml` lists the messages.
"""

"""帳票: certificates, decisions and papers of a change, each a layout (*.typ) and the source of every field.

| paper | layout | fields from |
|---|---|---|
| 課税(非課税)証明書, 所得証明書 | certificate.typ | the decision in force and its steps |
| 更正決議書 | resolution.typ | the change: before and after, instalments, both officers |
| 税額変更通知書 | notice.typ | the decision after the change |
| 税額決定通知書 | notice.typ | the decision in force, instalments with their due dates |
"""

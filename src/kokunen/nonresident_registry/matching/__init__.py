"""名寄せの計算 (S5-5): which records over the whole city may be one person (Fellegi-Sunter), columns in, columns out.

1. `people` gives every record its keys: name, kana, given name, former name, birth, sex, number token, the address and
   the one before (of somebody who moved in: where the record outside the register was made).
2. `candidates` brings together pairs that share a block: birth date and sex; kana and birth year; kanji and birth year;
   former name and birth year; number.
3. `judge` compares each pair item by item. How much an agreement says depends on how rare the value is (佐藤 says less
   than a name of one family); how often one person's records agree (m) is learnt from the pairs themselves (EM); how
   often two people's agree (u) is counted in the city.
4. The answer keeps every item's level and weight in bits: what the officer is shown is what was computed.

No database and no Django here; `services.matching` brings the columns and stores the proposals.
"""

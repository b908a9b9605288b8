"""評価書の机: the published assessment for everybody, and the desk where the next version is made.

1. `/assessment/` shows the assessment in force to the public, as a page and as a PDF, without sign-in and without
   anybody's data.
2. The desk shows live figures beside declared ones, what does not agree, and the flows that are open.
3. A version goes from draft through reasons for each change and a second person's approval to publication with an
   effective date; from that day its policy is the one that is enforced (`kokunen.assessment.flows`).

Law: 番号法28条, 特定個人情報保護評価に関する規則; assessment cover, V, 別添2.
"""

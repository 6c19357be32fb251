"""Adequacy decisions of the European Commission (GDPR Art. 45(3), 45(9)), with their scopes and ends.

The eleven from before the GDPR are those that Implementing Decision (EU) 2016/2295 amends by their numbers,
and that the review of January 2024 upheld. The others are on the Commission's list, or were announced by it:
the European Patent Organisation on 15 July 2025 (Implementing Decision (EU) 2025/1382, OJ L of 18 July 2025),
the United Kingdom renewed on 19 December 2025 until 27 December 2031 (Implementing Decision (EU) 2025/2574,
OJ L of 23 December 2025), Brazil on 26 January 2026 (OJ L of 28 January 2026). What is not confirmed so does
not belong here: without an entry there is no adequacy.
"""

from __future__ import annotations

from datetime import date

from apps.policy.law_words import AdequacyScope
from apps.policy.packs.pack import Adequacy
from apps.policy.vocabulary import NO_LIMIT, Until


def _decision(
    place: str,
    source: str,
    decided_on: date,
    scope: AdequacyScope = AdequacyScope.GENERAL,
    ends_on: Until = NO_LIMIT,
) -> Adequacy:
    return Adequacy(place=place, source=source, decided_on=decided_on, scope=scope, ends_on=ends_on)


EU_ADEQUACY = (
    _decision("AD", "Decision 2010/625/EU", date(2010, 10, 19)),
    _decision("AR", "Decision 2003/490/EC", date(2003, 6, 30)),
    _decision("BR", "Implementing Decision (EU) 2026/179", date(2026, 1, 26)),
    _decision("CA", "Decision 2002/2/EC", date(2001, 12, 20), AdequacyScope.COMMERCIAL),
    _decision("CH", "Decision 2000/518/EC", date(2000, 7, 26)),
    _decision("EPO", "Implementing Decision (EU) 2025/1382", date(2025, 7, 15)),
    _decision("FO", "Decision 2010/146/EU", date(2010, 3, 5)),
    _decision("GB", "Implementing Decision (EU) 2021/1772", date(2021, 6, 28), ends_on=date(2031, 12, 27)),
    _decision("GG", "Decision 2003/821/EC", date(2003, 11, 21)),
    _decision("IL", "Decision 2011/61/EU", date(2011, 1, 31)),
    _decision("IM", "Decision 2004/411/EC", date(2004, 4, 28)),
    _decision("JE", "Decision 2008/393/EC", date(2008, 5, 8)),
    _decision("JP", "Implementing Decision (EU) 2019/419", date(2019, 1, 23), AdequacyScope.COMMERCIAL),
    _decision("KR", "Implementing Decision (EU) 2022/254", date(2021, 12, 17), AdequacyScope.NOT_EXCLUDED),
    _decision("NZ", "Implementing Decision 2013/65/EU", date(2012, 12, 19)),
    _decision("US", "Implementing Decision (EU) 2023/1795", date(2023, 7, 10), AdequacyScope.DPF_LIST),
    _decision("UY", "Implementing Decision 2012/484/EU", date(2012, 8, 21)),
)

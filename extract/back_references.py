"""Nouns by which a sentence calls a thing that was named before, as alternatives of a regular expression.

GUIDE.md, "Facts": `公司位于…` and `项目占地…` speak of the company or project named last.
"""

FIRM = "公司|企业|集团|厂区?"
WORK = "项目|工程"
SITE = "园区|基地|景区|公园|电站|水库|机场|开发区|小镇|度假区"
UNION = "合作社"

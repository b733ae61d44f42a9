"""How a check reads on a page: the value found, and the limit, in the units that people use."""

import pytest

from civic.web.places import check_line


@pytest.mark.parametrize(
    ("unit", "value", "limit", "lang", "reads"),
    [
        ("m", 2.345, 2.0, "ja", ("2.35 m", "2 m")),
        ("m2", 1738100.07, 400, "en", ("1,738,100.07 m²", "400 m²")),
        ("kN/m2", 1.2, 3.5, "ja", ("1.2 kN/m²", "3.5 kN/m²")),
        ("h", 1.5, 2, "ja", ("1.5 時間", "2 時間")),
        ("h", 1.5, 2, "en", ("1.5 h", "2 h")),
        ("days", 30, 180, "en", ("30 days", "180 days")),
        ("share", 0.126, 0.3, "ja", ("13%", "30%")),
        ("share", 0.0, None, "en", ("0%", "")),
    ],
)
def test_a_value_and_its_limit(unit, value, limit, lang, reads):
    check = {"name": "height", "verdict": "pass", "value": value, "limit": limit, "unit": unit}
    line = check_line({**check, "reason_ja": "理由", "reason_en": "Reason"}, lang)
    assert (line.value, line.limit) == reads

"""QR codes for paper, as SVG inside a page."""

import segno
from markupsafe import Markup

_MASK = 3
"""Any of the eight is a right one; trying all of them for the prettiest takes five times as long."""


def qr_svg(link: str) -> Markup:
    """The code of a link, sized by the style sheet; still read with 15 % of it dirty (error level M)."""
    code = segno.make(link, error="m", micro=False, mask=_MASK)
    return Markup(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True))  # noqa: S704

"""Voting in a browser as the LINE account that somebody has: LIFF inside LINE, LINE Login elsewhere.

Both end in a token signed by LINE, which is checked here and exchanged for the personal link of the voting form.
"""

from civic.public.liff.pages import liff_routes

__all__ = ["liff_routes"]

"""How messages look in a chat: drawn from the very JSON that goes to LINE. Knows nothing of who shows them."""

from pathlib import Path

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
"""``cards.html`` draws the cards of ``cards``; ``preview.html`` a chat that cannot be tapped."""

STYLESHEET = _HERE / "static" / "chat.css"
"""The one stylesheet of a chat, with every class that ``looks`` gives."""

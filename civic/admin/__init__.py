"""Plain pages for staff. There are no accounts yet: they answer only in demo mode, to this machine itself."""

from civic.admin.quarantine import Quarantine
from civic.admin.routes import router

__all__ = ["Quarantine", "router"]

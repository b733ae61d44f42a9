"""The pages of planners and facilitators, behind the gate."""

from civic.admin.quarantine import Quarantine
from civic.admin.routes import router

__all__ = ["Quarantine", "router"]

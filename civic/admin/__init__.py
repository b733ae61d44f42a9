"""The pages of planners and facilitators, behind the gate."""

from civic.admin.quarantine import Quarantine
from civic.admin.routes import router
from civic.admin.sending import Messaging

__all__ = ["Messaging", "Quarantine", "router"]

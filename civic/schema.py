"""All tables in one place, for migrations and tests. Nothing but the composition imports this."""

# ruff: noqa: F401 - importing a module is what makes its tables known

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import civic.audit.tables
import civic.ballots.tables
import civic.buildings.tables
import civic.codes.tables
import civic.drawings.tables
import civic.installations.tables
import civic.kernel.leases
import civic.kernel.queue
import civic.outbox.tables
import civic.programmes.tables
import civic.proposals.tables
import civic.residents.tables
import civic.sites.tables
import civic.staff.tables
import civic.tallies.tables
import civic.votes.tables
import civic.workshops.tables
import webhooks.line.richmenu.tables
import webhooks.line.tables

metadata: MetaData = SQLModel.metadata

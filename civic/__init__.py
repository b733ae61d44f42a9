"""Attara: from an idea for a public place to the real thing.

site -> programme -> workshop -> proposal -> ballot -> vote -> tally -> decision -> installation

The packages of this folder stand in that order, and imports run against it: a ballot knows its
proposals, a proposal never knows its ballots. Entry points (api, admin, public, jobs and
``webhooks.line``) translate the outside world into actions and commit; ``kernel`` knows no noun above.
"""

__version__ = "0.1.0"

"""LINE at another URL, for demos and tests: real client calls in, signed webhooks out.

It stands for LINE, so it imports nothing of the product, and the product has no path of its own for it:
point ``CIVIC_LINE_API_URL`` at it and everything else is as with LINE.
"""

from webhooks.line.simulator.app import create_simulator
from webhooks.line.simulator.crowd import Taste, send_crowd
from webhooks.line.simulator.settings import Person, SimulatorSettings
from webhooks.line.simulator.simulator import Simulator

__all__ = ["Person", "Simulator", "SimulatorSettings", "Taste", "create_simulator", "send_crowd"]

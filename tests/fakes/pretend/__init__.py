"""A pretend world: the twenty services as far as the facts say, each on a port of its own on this computer.

    with World(lambda: NOW) as world:
        channel = world.channel("zendesk")          # configured for the pretended account, base_url included
        ...                                         # tell it something
        world["zendesk"].standings()                # ["resolved"]
        world["zendesk"].faults[3] = Fault.HANG     # what goes wrong with its third request

Without `with` nothing listens, and `world.transport(key)` answers inside the process: a hundred times as many lives
in the same time, with the same services and the same faults.
"""

from tests.fakes.pretend.service import DONE, WAIT, Fault, Service, Thing
from tests.fakes.pretend.world import World

__all__ = ["DONE", "WAIT", "Fault", "Service", "Thing", "World"]

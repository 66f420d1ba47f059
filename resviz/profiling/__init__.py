"""Forward time, measured so that one can publish it: protocol, clock, result, store."""

from resviz.profiling.measure import profile, sweep
from resviz.profiling.protocol import PROTOCOLS, Protocol
from resviz.profiling.result import Profile, Sweep

__all__ = ["PROTOCOLS", "Profile", "Protocol", "Sweep", "profile", "sweep"]

"""What works on this machine, and what to do where something does not."""

from perfxl.doctor.examining import examine
from perfxl.doctor.result import Result, State

__all__ = ["Result", "State", "examine"]

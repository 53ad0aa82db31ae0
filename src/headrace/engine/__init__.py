"""The loop: events in, ``core.run.decide``, one commit, effects out."""

from headrace.engine.loop import Engine

__all__ = ["Engine"]

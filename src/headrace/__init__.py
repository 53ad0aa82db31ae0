"""Headrace runs an organisation's standard operating procedures: define, approve, run, watch, repair."""

__version__ = "0.1.0"

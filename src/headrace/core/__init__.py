"""Decisions only: no clock, no I/O, no randomness. Everything it needs arrives as an argument."""

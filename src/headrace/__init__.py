"""Headrace runs an organisation's standard operating procedures: define, approve, run, watch, repair."""

import sys
from types import ModuleType

__version__ = "0.1.0"

# The library of expressions brings a command line, and that a terminal toolkit: 8 MB in every process.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))

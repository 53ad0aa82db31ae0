"""The end of a server: running steps get their grace."""

import signal
from contextlib import suppress

from headrace import main
from headrace.cli.screen import note


class _Hurry(Exception):
    """A signal while draining."""


def drain(system: main.System) -> None:
    """Wait for running steps, at most the grace of the settings; a signal takes it away. Then stop."""
    grace = system.settings.shutdown_grace

    def hurry(*_: object) -> None:
        raise _Hurry

    with suppress(_Hurry):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, hurry)
        if system.dispatch.at_work():
            note("cli_draining", seconds=f"{grace:g}")
        system.dispatch.drain(grace)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    system.stop()

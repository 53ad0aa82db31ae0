"""Bridges from the event loop to the two places that block: the store's readers and the inbox."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Annotated, TypeVar

import anyio.to_thread
from fastapi import Depends
from starlette.requests import Request

from headrace.api.http.system import System
from headrace.ports.store import Reader

T = TypeVar("T")


def system_of(request: Request) -> System:
    """The system the application was made for."""
    system: System = request.app.state.system
    return system


async def _system(request: Request) -> System:
    return system_of(request)


Sys = Annotated[System, Depends(_system)]


async def reading(system: System, look: Callable[[Reader], T]) -> T:
    """``look`` at one consistent snapshot, in a worker thread."""

    def inside() -> T:
        with system.store.read() as reader:
            return look(reader)

    return await anyio.to_thread.run_sync(inside)


async def told(future: Future[T]) -> T:
    """What the inbox answers once it is committed. A caller that goes away takes nothing back."""
    return await asyncio.shield(asyncio.wrap_future(future))

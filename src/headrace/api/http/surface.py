"""What a surface is: routes of its own under a prefix, and its own envelope for errors."""

from dataclasses import dataclass

from fastapi import APIRouter

from headrace.api.http.errors import Render


@dataclass(frozen=True, slots=True)
class Surface:
    """``router``'s paths all begin with ``prefix``; ``render`` answers every error under it."""

    prefix: str
    router: APIRouter
    render: Render

"""``Idempotency-Key``: the same key, the same answer."""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from headrace.core.access.caller import Caller
from headrace.ports.errors import Problem, Refused
from headrace.ports.inbox import Ticket

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Idempotency:
    """A request's key, if it has one; ``ticket`` binds it to the tenant, the user and the route."""

    def __init__(self, key: str | None, route: str, fingerprint: str) -> None:
        self._key = key
        self._route = route
        self._fingerprint = fingerprint

    def ticket(self, caller: Caller) -> Ticket | None:
        if self._key is None:
            return None
        return Ticket(caller.tenant, self._route, f"{caller.user}:{self._key}", self._fingerprint)


async def _idempotency(
    request: Request, idempotency_key: Annotated[str | None, Header(max_length=255)] = None
) -> Idempotency:
    if idempotency_key is None:
        return Idempotency(None, "", "")
    if not _KEY.fullmatch(idempotency_key):
        problem = Problem("header.Idempotency-Key", "idempotency_key_malformed")
        raise Refused("invalid", "request_invalid", {}, [problem])
    route = f"{request.method} {request.url.path}"
    # Keyed: the body may hold a password, which a plain hash in the database would let anybody guess fast.
    cipher = request.app.state.system.cipher
    return Idempotency(idempotency_key, route, cipher.fingerprint(await request.body()))


Once = Annotated[Idempotency, Depends(_idempotency)]

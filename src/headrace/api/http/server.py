"""uvicorn, told to end open streams when it stops, and to trust the headers of named proxies alone."""

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

from headrace.api.http.protocol import Protocol


class Server(uvicorn.Server):
    """Serves one application. ``shutdown`` first ends the event streams, which would never end alone."""

    def __init__(self, app: FastAPI, host: str, port: int, **options: Any) -> None:
        proxies = list(app.state.system.settings.trusted_proxies)
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=Protocol,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=10,
                **options,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.streams.close()
        await super().shutdown(sockets)

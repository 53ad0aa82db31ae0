"""A connection of kind ``http``: where a service is, and how it is told who calls."""

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.executors.executor import refuse
from headrace.ports.vault import ConnectionRecord

if TYPE_CHECKING:
    import httpx2

SCHEMES = ("https", "http")
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
AUTH = "basic / bearer / header:NAME"


@dataclass(frozen=True, slots=True)
class Service:
    """``header`` and ``value`` are sent to this origin alone, wherever redirects lead."""

    base: "httpx2.URL"
    header: str | None
    value: str

    def url(self, path: str) -> "httpx2.URL":
        """An address of the service: a path under its base, or a whole address of the same origin."""
        import httpx2

        if _WHOLE.match(path):
            found = httpx2.URL(path)
            if not self._here(found):
                raise refuse("work_http_elsewhere", found=found.host, host=self.base.host)
            return found
        base = str(self.base)
        if path[:1] in ("", "?"):
            return httpx2.URL(base + path)
        return httpx2.URL(base.rstrip("/") + "/" + path.lstrip("/"))

    async def sign(self, request: "httpx2.Request") -> None:
        """Before each request, redirects too."""
        if self.header is None:
            return
        if self._here(request.url):
            request.headers[self.header] = self.value
        elif self.header in request.headers:
            del request.headers[self.header]

    def _here(self, url: "httpx2.URL") -> bool:
        return (url.scheme, url.host, _port(url)) == (self.base.scheme, self.base.host, _port(self.base))


def _port(url: "httpx2.URL") -> int | None:
    return url.port or {"https": 443, "http": 80}.get(url.scheme)


def service_of(record: ConnectionRecord, secret: str | None) -> Service:
    """Raises Failed where the connection makes no sense. Without ``auth`` a user means basic, a secret
    alone bearer."""
    import httpx2

    scheme = str(record.options.get("scheme", "https"))
    if scheme not in SCHEMES:
        raise refuse("work_input", name="scheme", found=scheme, wanted=" / ".join(SCHEMES))
    host = f"[{record.host}]" if ":" in record.host else record.host
    port = f":{record.port}" if record.port else ""
    path = str(record.options.get("path", "/"))
    try:
        base = httpx2.URL(f"{scheme}://{host}{port}/{path.lstrip('/')}")
    except httpx2.InvalidURL as error:
        raise refuse("work_http", why=str(error)) from None
    header, value = _credentials(record, secret)
    return Service(base, header, value)


def _credentials(record: ConnectionRecord, secret: str | None) -> tuple[str | None, str]:
    auth = str(record.options.get("auth") or ("basic" if record.user else "bearer"))
    if secret is None and not (record.user and auth == "basic"):
        return None, ""
    if auth == "basic":
        pair = f"{record.user}:{secret or ''}".encode()
        return "authorization", "Basic " + base64.b64encode(pair).decode()
    if auth == "bearer":
        return "authorization", f"Bearer {secret}"
    kind, _, name = auth.partition(":")
    if kind != "header" or not name.strip():
        raise refuse("work_input", name="auth", found=auth, wanted=AUTH)
    return name.strip(), secret or ""

"""``http``: one request. It is not repeated; that is what a node's ``retry`` is for."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headrace.core.messages import text
from headrace.executors.addresses import Addresses
from headrace.executors.executor import Executor, Failed, Quoted, Task, refuse
from headrace.executors.http_connection import Service, service_of
from headrace.executors.http_faults import why
from headrace.executors.inputs import maybe_text, seconds, shown, text_map, wanted_text
from headrace.executors.keeper.masks import Masks

if TYPE_CHECKING:
    import httpx2

Json = Any
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LONGEST_WAIT = 86_400.0
BODY_LIMIT = 100_000  # bytes of an answer that become outputs


class Http(Executor):
    """Inputs: ``url``, or ``connection`` (of kind http) and in ``url`` a path under it; ``method``,
    ``headers``, ``json`` or ``body``, ``expect`` (statuses; default 2xx), ``timeout`` (seconds, default 30,
    for all of it), ``redirects`` (follow them, default true).

    Outputs: ``status``, ``headers``, ``json`` or ``body``, ``truncated``. ``addresses`` says which
    hosts may be called.
    """

    name = "http"
    rollback_by_node = True
    needs = (("url", "connection"),)
    takes = (
        *("url", "connection", "method", "headers", "json", "body"),
        *("expect", "timeout", "redirects"),
    )

    def __init__(self, addresses: Addresses | None = None) -> None:
        self._addresses = addresses or Addresses()

    def start(self, task: Task) -> None:
        asyncio.run(self._cancellable(task))

    async def _cancellable(self, task: Task) -> None:
        loop = asyncio.get_running_loop()
        work = asyncio.ensure_future(self._request(task))
        task.on_cancel(lambda: _from_outside(loop, work))
        try:
            await work
        except asyncio.CancelledError:
            raise refuse("work_cancelled") from None

    async def _request(self, task: Task) -> None:
        import httpx2  # a server that makes no requests does without it

        inputs = task.inputs
        limit = seconds(inputs, "timeout", 30.0, LONGEST_WAIT)
        expected = _expected(inputs)
        begun = time.monotonic()
        service = _service(task)
        client = httpx2.AsyncClient(
            event_hooks={"request": [service.sign] if service else []},
            transport=self._addresses.transport(),
            timeout=None,  # the whole exchange has one limit
            follow_redirects=inputs.get("redirects", True) is not False,
            trust_env=False,
        )
        try:
            async with asyncio.timeout(limit), client:
                async with client.stream(**_what(inputs, service)) as response:
                    body, truncated = await _read(response)
        except TimeoutError:
            raise refuse("work_http_timeout", seconds=f"{limit:g}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, ExceptionGroup) as error:
            raise refuse("work_http", why=Quoted(why(error, _host(error, task.inputs)), 500)) from None
        url = response.request.url.copy_with(query=None, username=None, password=None)
        task.log(f"{response.request.method} {url}: {response.status_code}, {time.monotonic() - begun:.3f} s")
        _answer(task, response, body, truncated)
        if not expected(response.status_code):
            raise _unwelcome(response.status_code, body, task.masks)


def _host(error: BaseException, inputs: Mapping[str, Json]) -> str:
    """Whom the request was for that found no answer, after redirects maybe another than the first."""
    import httpx2

    with contextlib.suppress(RuntimeError, httpx2.InvalidURL):  # the one where no request was made
        url = error.request.url if isinstance(error, httpx2.RequestError) else None
        url = url or httpx2.URL(str(inputs.get("url", "")))
        if url.host:
            host = f"[{url.host}]" if ":" in url.host else url.host
            return f"{host}:{url.port}" if url.port else host
    return str(inputs.get("connection") or "url")


def _from_outside(loop: asyncio.AbstractEventLoop, work: "asyncio.Future[None]") -> None:
    with contextlib.suppress(RuntimeError):  # the request is over and its loop closed
        loop.call_soon_threadsafe(work.cancel)


def _service(task: Task) -> Service | None:
    name = maybe_text(task.inputs, "connection")
    if name is None:
        return None
    record, secret = task.connection(name)
    if record.kind != "http":
        raise refuse("work_connection_kind", name=name, kind=record.kind, wanted="http")
    return service_of(record, secret)


def _what(inputs: Mapping[str, Json], service: Service | None) -> dict[str, Any]:
    method = inputs.get("method", "GET")
    if not isinstance(method, str) or method.upper() not in METHODS:
        raise refuse("work_input", name="method", found=shown(method), wanted=", ".join(sorted(METHODS)))
    what: dict[str, Any] = {
        "method": method.upper(),
        "url": service.url(maybe_text(inputs, "url") or "") if service else wanted_text(inputs, "url"),
        "headers": text_map(inputs, "headers"),
    }
    if "json" in inputs:
        what["json"] = inputs["json"]
    elif (body := maybe_text(inputs, "body")) is not None:
        what["content"] = body
    return what


def _expected(inputs: Mapping[str, Json]) -> Any:
    """A test for statuses: numbers, or classes like 2xx."""
    value = inputs.get("expect", ["2xx"])
    entries = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    patterns = [str(entry).lower() for entry in entries]
    for pattern in patterns:
        if not (len(pattern) == 3 and pattern[0] in "12345" and (pattern.isdigit() or pattern[1:] == "xx")):
            raise refuse("work_input", name="expect", found=shown(value), wanted=text("wanted_statuses", {}))
    return lambda status: any(pattern in (str(status), f"{status // 100}xx") for pattern in patterns)


async def _read(response: "httpx2.Response") -> tuple[bytes, bool]:
    """Up to the limit; whether there was more."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > BODY_LIMIT:
            return body[:BODY_LIMIT], True
    return body, False


def _answer(task: Task, response: "httpx2.Response", body: bytes, truncated: bool) -> None:
    task.add_output("status", response.status_code)
    headers = list(response.headers.items())[:100]
    task.add_output("headers", {key: task.masks.text(value)[:1000] for key, value in headers})
    task.add_output("truncated", truncated)
    if "json" in response.headers.get("content-type", "") and not truncated:
        try:
            task.add_output("json", json.loads(body))
        except (ValueError, RecursionError):
            pass
        else:
            return
    task.add_output("body", _decoded(body, response.charset_encoding))


def _decoded(body: bytes, charset: str | None) -> str:
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _unwelcome(status: int, body: bytes, masks: Masks) -> Failed:
    """With the beginning of the answer, where it has one; masked before it is cut."""
    line = " ".join(masks.text(body.decode("utf-8", "replace")).split())[:200]
    if line:
        return refuse("work_http_status_said", status=status, body=line)
    return refuse("work_http_status", status=status)

"""One request with a JSON body. No redirect is followed, no proxy of the environment used."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from headrace.core.messages import Language
from headrace.hosts import Denied, pinned
from headrace.notify.letter import denied, refused, too_slow, unreachable
from headrace.notify.reach import Reach
from headrace.ports.notifier import Outcome

if TYPE_CHECKING:
    import httpx2

ANSWER_MOST = 10_000  # bytes of an answer that are read
BUSY = frozenset({408, 425, 429})
Judge = Callable[[int, str], Outcome]


async def post(
    reach: Reach, language: Language, url: str, body: bytes, headers: Mapping[str, str], judge: Judge
) -> Outcome:
    """Send it and let ``judge`` look at status and answer; what goes wrong before is judged here."""
    import httpx2  # a server that sends nothing does without it

    host = urlsplit(url).hostname or ""
    try:
        async with asyncio.timeout(reach.seconds):
            transport = pinned(reach.resolve, verify=_trusted())
            async with httpx2.AsyncClient(transport=transport, timeout=None, trust_env=False) as client:
                async with client.stream("POST", url, content=body, headers=headers) as response:
                    status, answer = response.status_code, await _start(response)
    except TimeoutError:
        return too_slow(language, reach.seconds)
    except Denied as why:
        return denied(language, why)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, ExceptionGroup) as error:
        return unreachable(language, host, error)
    return judge(status, answer)


def by_status(language: Language, url: str) -> Judge:
    """2xx is success; what a busy or failing server says may change."""
    host = urlsplit(url).hostname or ""

    def judge(status: int, answer: str) -> Outcome:
        told = f"{status} {answer}".strip()
        if 200 <= status < 300:
            return Outcome(ok=True, response=told[:500])
        return refused(language, host, told, again=status in BUSY or status >= 500)

    return judge


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificates, read once: it takes longer than a message."""
    return ssl.create_default_context()


async def _start(response: "httpx2.Response") -> str:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > ANSWER_MOST:
            break
    return body[:ANSWER_MOST].decode("utf-8", "replace")

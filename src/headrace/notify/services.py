"""All other services, through Apprise."""

import asyncio
import logging
import threading
from typing import Any
from urllib.parse import urlsplit

from headrace.core.messages import text
from headrace.hosts import Denied
from headrace.notify.letter import Letter, Open, denied, refused, taken, too_slow, unreachable
from headrace.notify.reach import Reach
from headrace.ports.notifier import Outcome

LOCAL = frozenset(
    {
        "blink1",
        "dbus",
        "gio",
        "glib",
        "gnome",
        "kde",
        "macosx",
        "qt",
        "syslog",
        "windows",
        "apprise",
        "apprises",
    }
)
"""Services that act on the server itself, or that only pass on to other services."""


async def send(reach: Reach, channel: Open, letter: Letter) -> Outcome:
    url = channel.secret or ""
    scheme = urlsplit(url).scheme.lower()
    service = None if scheme in LOCAL else await _made(url)
    if service is None:
        values = {"scheme": scheme}
        return Outcome(ok=False, response=text("alarm_service", values, channel.language))
    try:
        async with asyncio.timeout(reach.seconds):
            if _own_host(service):
                await reach.resolve(service.host, service.port or 0)
            return await _told(channel, service, letter)
    except TimeoutError:
        return too_slow(channel.language, reach.seconds)
    except Denied as why:
        return denied(channel.language, why)
    except OSError as error:
        return unreachable(channel.language, service.host or scheme, error)


async def _made(url: str) -> Any:
    """The service, or None where Apprise knows none such; the first time it loads them all."""
    return await in_thread(lambda: _instantiated(url))


def _instantiated(url: str) -> Any:
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Headrace", app_desc="Headrace", secure_logging=True, async_mode=False
    )
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _own_host(service: Any) -> bool:
    """Whether the person chose the host, not the service's maker."""
    return any("{host}" in str(template) for template in service.templates) and bool(service.host)


async def _told(channel: Open, service: Any, letter: Letter) -> Outcome:
    import apprise

    logging.getLogger("apprise").setLevel(logging.WARNING)  # why it failed stands in its log alone
    group = apprise.Apprise(asset=service.asset)
    service.redirects = False
    group.add(service)
    result = await in_thread(lambda: group.notify(body=letter.message.text, title=letter.message.subject))
    if result:
        return taken(service.service_name)
    said = "; ".join(entry.message for entry in result.logs()) if hasattr(result, "logs") else ""
    return refused(channel.language, str(service.service_name), said, again=True)


async def in_thread(work: Any) -> Any:
    """In a thread of its own that nobody waits for when it hangs."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(value: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    def run() -> None:
        value, error = None, None
        try:
            value = work()
        except Exception as caught:  # noqa: BLE001 - it is the caller's
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name="alarm-service", daemon=True).start()
    return await future

"""Mail by SMTP. aiosmtplib rather than the standard library: one limit for the whole exchange, however
slowly the other side talks, and a stop that ends it at once."""

import asyncio
import socket
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from headrace.core.alarm.channels import PORTS
from headrace.hosts import Denied
from headrace.notify.letter import Letter, Open, denied, refused, taken, too_slow, unreachable
from headrace.notify.reach import Reach
from headrace.ports.notifier import Outcome


async def send(reach: Reach, channel: Open, letter: Letter) -> Outcome:
    """To each of the letter's receivers, who are addresses here."""
    import aiosmtplib  # a server that sends nothing does without it

    host = channel.settings["host"]
    try:
        async with asyncio.timeout(reach.seconds):
            return taken(await _exchange(reach, channel, compose(channel, letter)))
    except TimeoutError:
        return too_slow(channel.language, reach.seconds)
    except Denied as why:
        return denied(channel.language, why)
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        return refused(channel.language, host, f"{first.code} {first.message}", first.code < 500)
    except aiosmtplib.SMTPResponseException as error:
        return refused(channel.language, host, f"{error.code} {error.message}", error.code < 500)
    except (OSError, ValueError) as error:  # of aiosmtplib's own those that are about the connection
        return unreachable(channel.language, host, error)
    except aiosmtplib.SMTPException as error:  # the server cannot do what the channel wants of it
        return refused(channel.language, host, str(error))


def compose(channel: Open, letter: Letter) -> EmailMessage:
    """Headers are set by the library, which refuses line breaks in them."""
    made = EmailMessage()
    sender = channel.settings["from"]
    made["From"] = sender
    made["To"] = ", ".join(letter.receivers)
    made["Subject"] = letter.message.subject
    made["Date"] = format_datetime(localtime())
    made["Message-ID"] = f"<headrace-{letter.key}@{sender.rpartition('@')[2]}>"
    made["X-Headrace-Id"] = letter.key
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.message.text)
    return made


async def _exchange(reach: Reach, channel: Open, message: EmailMessage) -> str:
    import aiosmtplib

    settings = channel.settings
    security = settings.get("security", "starttls")
    port = settings.get("port") or PORTS[security]
    client = aiosmtplib.SMTP(
        hostname=settings["host"],
        sock=await _connected(await reach.resolve(settings["host"], port), port),
        use_tls=security == "ssl",
        start_tls=security == "starttls",
        timeout=None,
        username=settings.get("user") if channel.secret else None,
        password=channel.secret,
        local_hostname="headrace.localdomain",
    )
    try:
        await client.connect()
        _, answer = await client.send_message(message)
        with suppress(aiosmtplib.SMTPException):  # it has the message
            await client.execute_command(b"QUIT")
    finally:
        if isinstance(client.transport, asyncio.WriteTransport):
            client.transport.abort()  # without waiting for the other side to agree
        client.close()
    return answer


async def _connected(address: str, port: int) -> socket.socket:
    """To the address that was checked; the certificate is still held to the host's name."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, (address, port))
    except BaseException:
        made.close()
        raise
    return made

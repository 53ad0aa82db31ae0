"""A token for commands of the person who owns the home folder, as long as a server or command runs."""

from datetime import timedelta

from headrace import main
from headrace.core.access.caller import DEFAULT_TENANT
from headrace.ports.errors import Gone
from headrace.ports.records import TokenRecord
from headrace.ports.store import Writer

NAME = "local command line"
LIFETIME = timedelta(days=365).total_seconds()
SECONDS = 30.0  # to wait for a commit


def local_token(system: main.System) -> tuple[int, str]:
    """(id, text) of a token of the administrator; whoever can read the home folder owns the data anyway."""
    secret, digest = system.gate.mint()

    def work(writer: Writer, now: float) -> int:
        tenant = writer.tenant_named(DEFAULT_TENANT)
        admin = writer.user_named(tenant.id, "admin") if tenant else None
        if tenant is None or admin is None:
            raise Gone("user", "admin")
        token_id = writer.allocate("token", 1)[0]
        writer.put_token(TokenRecord(token_id, tenant.id, admin.id, NAME, digest, now, now + LIFETIME, None))
        return token_id

    return system.inbox.transact(work).result(SECONDS), secret


def forget(system: main.System, token_id: int) -> None:
    """The token is of no use any more, and nobody made it: nothing is kept of it."""
    system.inbox.transact(lambda writer, _: writer.delete_token(token_id)).result(SECONDS)

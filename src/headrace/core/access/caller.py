"""Who asks: the outcome of authentication, and all that deciding about rights needs."""

from dataclasses import dataclass

from headrace.core.refusal import Refused
from headrace.core.run.events import Actor
from headrace.core.words import Permission

DEFAULT_TENANT = "default"


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user of one tenant. ``permissions`` are those of the roles at this moment."""

    tenant: int
    tenant_name: str
    user: int
    name: str
    roles: frozenset[str]
    permissions: frozenset[Permission]
    token: int | None = None  # id of the API token that proved it, if one did
    address: str = ""  # where the request came from
    session: str | None = None  # digest of the browser session that proved it, if one did

    @property
    def actor(self) -> Actor:
        """The caller as the engine records it."""
        return Actor(self.user, self.name, self.roles)

    def require(self, permission: Permission) -> None:
        """Raise Refused (forbidden) where the caller lacks ``permission``."""
        if permission not in self.permissions:
            raise Refused("forbidden", "permission_missing", {"permission": permission.value})

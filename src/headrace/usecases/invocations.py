"""Starting a workflow from outside with a token of its own: who may, and when it is refused.

A token stands for the user who made it: a run that it starts has this user's name, and can start only
while this user could start it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from headrace.core.access.caller import Caller
from headrace.core.instants import instant
from headrace.core.refusal import Refused
from headrace.core.run.events import Actor
from headrace.core.words import Permission
from headrace.ports.errors import Gone
from headrace.ports.invocations import InvocationToken
from headrace.ports.records import UserRecord, WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit
from headrace.usecases.definitions import workflow_of

PREFIX = "hri_"
API_PREFIX = "hr_"  # of the tokens that stand for a user everywhere
YEAR = 365 * 86_400.0  # seconds that a token holds
MOST = 100  # tokens of one workflow that hold at a time
KIND = "invocation"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A token that was proved, and what it starts in whose name."""

    token: InvocationToken
    workflow: WorkflowRecord
    user: UserRecord

    @property
    def actor(self) -> Actor:
        return Actor(self.user.id, self.user.name, frozenset(self.user.roles))


def digest_of(text: str) -> str:
    """What is stored of a token."""
    return sha256(text.encode()).hexdigest()


def create(
    writer: Writer,
    now: float,
    caller: Caller,
    workflow: str,
    digest: str,
    label: str = "",
    lifetime: float = YEAR,
) -> int:
    """A new token's id; ``lifetime`` is seconds. The caller must be able to start runs."""
    caller.require(Permission.TASK_MANAGER)
    record = workflow_of(writer, caller.tenant, workflow)
    _refuse_many(writer, now, record)
    return _created(writer, now, caller, record, digest, label, lifetime).id


def revoke(writer: Writer, now: float, caller: Caller, workflow: str, token_id: int) -> int:
    """It starts nothing any more. Revoking it again changes nothing."""
    record = workflow_of(writer, caller.tenant, workflow)
    token = token_of(writer, record, token_id)
    if token.revoked_at is None:
        _revoked(writer, now, caller, record, token)
    return token_id


def rotate(writer: Writer, now: float, caller: Caller, workflow: str, token_id: int, digest: str) -> int:
    """A new token of the caller's with the label and lifetime of the old one, which is revoked."""
    caller.require(Permission.TASK_MANAGER)
    record = workflow_of(writer, caller.tenant, workflow)
    token = token_of(writer, record, token_id)
    if token.revoked_at is not None:
        raise Refused("state", "invocation_revoked_already", {"label": token.label or token.id})
    _revoked(writer, now, caller, record, token)
    lifetime = token.expires_at - token.created_at
    return _created(writer, now, caller, record, digest, token.label, lifetime).id


def tokens(reader: Reader, tenant: int, workflow: str) -> Sequence[InvocationToken]:
    """All of a workflow's, the newest first."""
    return reader.invocation_tokens(tenant, workflow_of(reader, tenant, workflow).id)


def admit(reader: Reader, now: float, workflow_id: int, text: str) -> Admitted:
    """Whom the token stands for. Refused (unauthenticated, forbidden), each case with a code of its own.

    Nothing is said of a workflow to somebody without a token of just this workflow.
    """
    token = _proved(reader, now, text)
    if token.workflow_id != workflow_id:
        raise Refused("forbidden", "invocation_token_foreign", {"workflow": workflow_id})
    if any(tenant.id == token.tenant and tenant.disabled for tenant in reader.tenants()):
        raise Refused("forbidden", "invocation_tenant_disabled")
    user = reader.user(token.tenant, token.user_id)
    if user is None or user.disabled:
        raise Refused("forbidden", "invocation_user_disabled", {"user": token.user})
    if not _may_start(reader, user):
        raise Refused("forbidden", "invocation_user_rights", {"user": user.name})
    workflow = reader.workflow_by_id(token.tenant, workflow_id)
    assert workflow is not None, "tokens are deleted with their workflow"
    return Admitted(token, workflow, user)


def use(writer: Writer, now: float, workflow_id: int, text: str, address: str) -> Admitted:
    """In the transaction that starts the run: everything once more, and the token is marked as used.

    Refused (state) where the workflow is not published, or its published version takes no calls.
    """
    admitted = admit(writer, now, workflow_id, text)
    workflow = admitted.workflow
    if workflow.published is None:
        raise Refused("state", "invocation_not_published", {"workflow": workflow.name})
    version = writer.version(workflow.tenant, workflow.name, workflow.published)
    assert version is not None, "what is published exists"
    if not (version.document["spec"].get("invocation") or {}).get("enabled", False):
        raise Refused("state", "invocation_off", {"workflow": workflow.name})
    writer.put_invocation_token(replace(admitted.token, last_used_at=now))
    audit.record(
        writer,
        now,
        _as_caller(admitted, address),
        "invoke",
        "workflow",
        workflow.name,
        None,
        _shown(admitted.token),
    )
    return admitted


def token_of(reader: Reader, workflow: WorkflowRecord, token_id: int) -> InvocationToken:
    """Gone where the workflow has no such token."""
    for token in reader.invocation_tokens(workflow.tenant, workflow.id):
        if token.id == token_id:
            return token
    raise Gone("token", token_id)


def _proved(reader: Reader, now: float, text: str) -> InvocationToken:
    if text.startswith(API_PREFIX):
        raise Refused("unauthenticated", "invocation_token_kind")
    token = reader.invocation_token(digest_of(text))
    if token is None:
        raise Refused("unauthenticated", "invocation_token_wrong")
    if token.revoked_at is not None:
        raise Refused("unauthenticated", "invocation_token_revoked")
    if token.expires_at <= now:
        raise Refused("unauthenticated", "invocation_token_expired")
    return token


def _may_start(reader: Reader, user: UserRecord) -> bool:
    roles = (role for role in reader.roles(user.tenant) if role.name in user.roles)
    return any(Permission.TASK_MANAGER.value in role.permissions for role in roles)


def _refuse_many(reader: Reader, now: float, workflow: WorkflowRecord) -> None:
    held = reader.invocation_tokens(workflow.tenant, workflow.id)
    if sum(token.revoked_at is None and token.expires_at > now for token in held) >= MOST:
        raise Refused("limit", "invocation_tokens_many", {"limit": MOST})


def _created(
    writer: Writer,
    now: float,
    caller: Caller,
    workflow: WorkflowRecord,
    digest: str,
    label: str,
    lifetime: float,
) -> InvocationToken:
    token = InvocationToken(
        id=writer.allocate("invocation_token", 1)[0],
        tenant=caller.tenant,
        workflow_id=workflow.id,
        label=label,
        digest=digest,
        user_id=caller.user,
        user=caller.name,
        created_at=now,
        expires_at=now + lifetime,
        revoked_at=None,
        last_used_at=None,
    )
    writer.put_invocation_token(token)
    audit.record(writer, now, caller, "create", KIND, workflow.name, None, _shown(token))
    return token


def _revoked(
    writer: Writer, now: float, caller: Caller, workflow: WorkflowRecord, token: InvocationToken
) -> None:
    writer.put_invocation_token(replace(token, revoked_at=now))
    audit.record(writer, now, caller, "revoke", KIND, workflow.name, _shown(token), None)


def _shown(token: InvocationToken) -> dict[str, object]:
    return {"id": token.id, "label": token.label, "user": token.user, "expiresAt": instant(token.expires_at)}


def _as_caller(admitted: Admitted, address: str) -> Caller:
    """For the audit log: who stands behind the token, from where it came."""
    user = admitted.user
    return Caller(user.tenant, "", user.id, user.name, frozenset(user.roles), frozenset(), address=address)

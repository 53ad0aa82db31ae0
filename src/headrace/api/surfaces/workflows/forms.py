"""Reading an imported file: a form with a file, or the file itself as the body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

from starlette.requests import Request

from headrace.core.refusal import Problem, Refused

Json = Any
FILE = "workflowConfigFile"
KIND = "headrace/job-flow"


@dataclass(frozen=True, slots=True)
class Import:
    """A definition to bring in, and the workflow that it is for, if it is not to be a new one."""

    document: Mapping[str, Json]
    workflow_id: str | None


def exported(document: Mapping[str, Json]) -> dict[str, Json]:
    """The file of a definition: nothing in it belongs to this server or tenant."""
    metadata = document["metadata"]
    head = {"name": metadata["name"], "remark": metadata.get("remark", "")}
    return {"format": KIND, "workflow": head, "workflowConfig": document}


async def imported(request: Request) -> Import:
    """What is to be brought in. Refused (invalid) where it cannot be read."""
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return Import(_document(body), None)
    parts = _parts(kind, body)
    if FILE not in parts:
        raise Refused("invalid", "request_invalid", {}, [Problem(FILE, "import_file_missing")])
    given = parts.get("workflowId", b"").decode(errors="replace").strip()
    return Import(_document(parts[FILE]), given or None)


def _parts(kind: str, body: bytes) -> dict[str, bytes]:
    """The form's fields by name; what is no form has none."""
    message = message_from_bytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body, policy=HTTP)
    found: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


def _document(content: bytes) -> Mapping[str, Json]:
    unreadable = Refused("invalid", "request_invalid", {}, [Problem(FILE, "import_unreadable")])
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(file, Mapping) or file.get("format") != KIND:
        raise unreadable
    document = file.get("workflowConfig")
    if not isinstance(document, Mapping):
        raise unreadable
    return document

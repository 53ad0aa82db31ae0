"""The call from outside, ready to be copied."""

import json
from shlex import quote

from headrace.api.http.access import INVOKE


def curl_of(address: str, workflow_id: int, text: str) -> str:
    """The command that calls; fit for a POSIX shell whatever ``address`` holds."""
    body = json.dumps({"workflowId": str(workflow_id), "token": text})
    return f"curl -X POST {quote(address + INVOKE)} -H 'Content-Type: application/json' -d {quote(body)}"

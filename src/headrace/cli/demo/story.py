"""What the demo does, step by step, as a user of the API would; and what it then checks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from headrace.cli.demo.fleet import Fleet
from headrace.cli.live import Picture, follow
from headrace.cli.screen import out, words
from headrace.cli.session import Session

Json = Any
WORKFLOW = Path(__file__).with_name("rolling-restart.yaml")
CLUSTER = "web"
SECONDS = 60.0


@dataclass
class Facts:
    """Each is checked by asking; the demo succeeds when all hold."""

    found: list[tuple[bool, str]] = field(default_factory=list)

    def check(self, holds: bool, code: str, **values: Json) -> None:
        self.found.append((holds, words(code, **values)))

    @property
    def all_hold(self) -> bool:
        return bool(self.found) and all(holds for holds, _ in self.found)


class Story:
    """``admin`` is the requester's session, ``lead`` the approver's."""

    def __init__(self, admin: Session, lead: Session, fleet: Fleet, record: Path) -> None:
        self.admin = admin
        self.lead = lead
        self.fleet = fleet
        self.record = record
        self.facts = Facts()

    def prepare(self) -> None:
        """Targets, and the published workflow."""
        self.admin.call("PUT", f"/targets/cluster/{CLUSTER}", json={"attributes": {"type": "PRIMARY"}})
        for host in self.fleet.hosts.values():
            body = {"attributes": {"url": host.url}, "parent": {"type": "cluster", "name": CLUSTER}}
            self.admin.call("PUT", f"/targets/host/{host.name}", json=body)
        headers = {"Content-Type": "application/yaml"}
        content = WORKFLOW.read_bytes()
        options = {"params": {"publish": "true"}, "content": content, "headers": headers}
        self.admin.call("PUT", "/workflows/rolling-restart", **options)

    def start(self, version: str) -> int:
        """A run; its id."""
        params = {"control": self.fleet.url, "version": version, "record": str(self.record)}
        body = {"params": params, "targets": [{"type": "cluster", "name": CLUSTER}]}
        return int(self.admin.post("/workflows/rolling-restart/runs", body)["id"])

    def first_run(self) -> Picture:
        """Everything goes well, after a retry and with a signature."""
        run_id = self.start("v2")
        signer = threading.Thread(target=self._sign_off, args=(run_id,), daemon=True)
        signer.start()
        picture = follow(self.admin, run_id, time.monotonic() + SECONDS)
        signer.join(SECONDS)
        steps = list(picture.steps.values())
        check = self.facts.check
        check(picture.run["status"] == "SUCCESSFUL", "demo_run_succeeded", run=run_id)
        check(_overlap(self.fleet), "demo_in_parallel")
        retried = [s for s in steps if s["node"] == "health" and s["attempt"] > 1]
        check(bool(retried), "demo_retried", count=len(retried))
        verdict = _one(steps, "verdict")
        check(
            verdict["outputs"] == {"case": "good"} and _one(steps, "hold")["status"] == "BYPASSED",
            "demo_decided",
        )
        votes = (_one(steps, "sign-off")["outputs"] or {}).get("votes", [])
        check([vote["name"] for vote in votes] == ["lee"], "demo_approved")
        check(set(self.fleet.versions().values()) == {"v2"}, "demo_serves", version="v2")
        check(not self.fleet.drained and self.record.exists(), "demo_open_again")
        return picture

    def _sign_off(self, run_id: int) -> None:
        """The lead waits for the question and answers it."""
        for step in _until(lambda: self._waiting(run_id)):
            self.lead.post(f"/runs/{run_id}/steps/{step['id']}/approve", {"comment": "looks good"})
            out().print(words("demo_lead_approves", step=step["id"]))

    def _waiting(self, run_id: int) -> list[Json]:
        steps = self.lead.get(f"/runs/{run_id}/steps")["items"]
        return [step for step in steps if step["wait"] == "approval"]

    def second_run(self) -> Picture:
        """The new version is broken: the run fails, and is rolled back."""
        run_id = self.start("v3")
        picture = follow(self.admin, run_id, time.monotonic() + SECONDS)
        check = self.facts.check
        failed = [s for s in picture.steps.values() if s["status"] == "FAILED"]
        check(picture.run["status"] == "FAILED" and bool(failed), "demo_failed", count=len(failed))
        check(
            set(self.fleet.versions().values()) == {"v3"} and self.fleet.drained, "demo_serves", version="v3"
        )
        asked = len(self.fleet.log)
        out().print(words("demo_rolling_back", run=run_id))
        self.admin.post(f"/runs/{run_id}/rollback")
        picture = follow(self.admin, run_id, time.monotonic() + SECONDS)
        undone = self.fleet.log[asked:]
        check(
            (picture.run["status"], picture.run["operation"]) == ("SUCCESSFUL", "ROLLBACK"),
            "demo_rolled_back",
            run=run_id,
        )
        check(undone[-1] == "/undrain" and len(undone) == len(self.fleet.hosts) + 1, "demo_in_reverse")
        check(set(self.fleet.versions().values()) == {"v2"}, "demo_serves", version="v2")
        check(not self.record.exists() and not self.fleet.drained, "demo_nothing_left")
        return picture


def _one(steps: list[Json], node: str) -> Json:
    return next(step for step in steps if step["node"] == node)


def _overlap(fleet: Fleet) -> bool:
    """Whether two hosts restarted at the same time."""
    spans = sorted(host.restarts[-1] for host in fleet.hosts.values())
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans))


def _until(look: Callable[[], list[Json]]) -> list[Json]:
    """What ``look`` finds, as soon as it finds something; nothing when the time is over."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    return []

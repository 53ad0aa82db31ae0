"""A user of Zhiqingyun's calls before a real server."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2

from tests.api import flows
from tests.api.conftest import ADMIN_TOKEN, Running

Json = Any
_numbers = count(1)


@dataclass
class FlowDesk:
    """Defines workflows natively, and does everything else over ``/workflow``."""

    live: Running
    client: httpx2.Client

    def call(self, path: str, expect: int = 200, client: httpx2.Client | None = None, **body: Json) -> Json:
        """The envelope; asserts HTTP's status and that the envelope says the same."""
        answer = (client or self.client).post(f"/workflow/{path}", json=body)
        assert answer.status_code == expect, answer.text
        envelope = answer.json()
        assert envelope["msg"]
        if expect == 200:
            assert envelope["code"] == "200"
        else:
            assert envelope["code"] in (str(expect), "55500")
            assert envelope["err"]
            assert "data" not in envelope
        return envelope

    def data(self, path: str, **body: Json) -> Json:
        return self.call(path, **body)["data"]

    def flow(self, *nodes: Json, publish: bool = True, **spec: Json) -> str:
        """A new workflow of these nodes; its id."""
        name = f"flow-{next(_numbers)}"
        answer = self.client.put(
            f"/api/v1/workflows/{name}?publish={str(publish).lower()}",
            json=flows.workflow(name, *nodes, **spec),
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def name(self, flow: str) -> str:
        name: str = self.data("getWorkflow", workflowId=flow)["name"]
        return name

    def run(self, *nodes: Json, **spec: Json) -> str:
        """An instance of a new workflow of these nodes."""
        return self.start(self.flow(*nodes, **spec))

    def start(self, flow: str) -> str:
        instance: str = self.data("runWorkflow", workflowId=flow)
        return instance

    def jobs(self, instance: str) -> Json:
        return self.data("getRunWorkInstances", workflowInstanceId=instance)

    def states(self, instance: str) -> dict[str, str]:
        return {job["workId"]: job["runStatus"] for job in self.jobs(instance)["workInstances"]}

    def job(self, instance: str, work: str) -> str:
        """The id of a job instance."""
        found: str = next(
            job["workInstanceId"] for job in self.jobs(instance)["workInstances"] if job["workId"] == work
        )
        return found

    def until(self, instance: str, *wanted: str) -> Json:
        """The instance once the flow has one of these statuses; woken by what happens to the run."""
        flows.until(self.client, int(instance), lambda _: self.jobs(instance)["flowStatus"] in wanted)
        return self.jobs(instance)

    def job_until(self, instance: str, work: str, wanted: str) -> None:
        flows.until(self.client, int(instance), lambda _: self.states(instance)[work] == wanted)

    def log(self, instance: str, work: str, attempt: int = 1) -> str:
        """What an attempt of a job wrote."""
        path = f"/api/v1/runs/{instance}/steps/{self.job(instance, work)}/attempts/{attempt}/log"
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def history(self, **which: Json) -> list[Json]:
        content: list[Json] = self.data("queryWorkFlowInstances", **which)["content"]
        return content

    def token(self, flow: str) -> str:
        text: str = self.data("getInvokeUrl", workflowId=flow)["token"]
        return text

    def nobody(self) -> httpx2.Client:
        return self.live.client()

    def tenant(self, name: str, **more: Json) -> "FlowDesk":
        """The administrator of a new tenant."""
        password = "a long password"
        made = self.client.post("/api/v1/tenants", json={"name": name, "password": password, **more})
        assert made.status_code == 201, made.text
        return FlowDesk(self.live, self.live.client(auth=(f"{name}/admin", password)))


def desk_of(live: Running) -> FlowDesk:
    return FlowDesk(live, live.client(ADMIN_TOKEN))


def cell(id: str, node: Json = None, **position: float) -> Json:
    """A job on the canvas."""
    data = {"data": {"node": node}} if node else {}
    return {"id": id, "shape": "dag-node", "position": position or {"x": 0, "y": 0}, **data}


def edge(source: str, target: str) -> Json:
    return {
        "id": f"{source}-{target}",
        "shape": "dag-edge",
        "source": {"cell": source},
        "target": {"cell": target},
    }

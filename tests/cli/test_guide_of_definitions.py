"""The examples of the guide to definitions do what the guide says they do."""

import re
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import wait_until

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = ("definitions.md", "definitions.zh-CN.md")
TOOL = '#!/bin/sh\necho "$(basename "$0") $*" >> {calls}\ntest "$1" != broken\n'
CLUSTER = {"attributes": {"obClusterId": 1, "type": "PRIMARY"}}
CHILD = """
apiVersion: headrace/v1
kind: Workflow
metadata: {{name: send-report}}
spec:
  params: {{count: {{type: integer, default: -1}}}}
  nodes: [{{id: send, executor: shell, with: {{script: 'echo "report of $PARAM_COUNT" >> {calls}'}}}}]
"""


def examples(page):
    text = (GUIDES / page).read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


class Bench:
    """A server whose steps find tools that note how they were called."""

    def __init__(self, server, calls):
        self.client = server.client()
        self.calls = calls

    def publish(self, text):
        """Its name is that of the document."""
        name = yaml.safe_load(text)["metadata"]["name"]
        headers = {"Content-Type": "application/yaml"}
        answer = self.client.put(f"/workflows/{name}?publish=true", content=text, headers=headers)
        assert answer.is_success, answer.text
        return name

    def start(self, name, **given):
        answer = self.client.post(f"/workflows/{name}/runs", json=given)
        assert answer.is_success, answer.text
        return answer.json()["id"]

    def steps(self, run):
        return self.client.get(f"/runs/{run}/steps").json()["items"]

    def step(self, run, node):
        return next(step for step in self.steps(run) if step["node"] == node)

    def wait_for(self, run, node, **wanted):
        return wait_until(lambda: (s := self.step(run, node)) and wanted.items() <= s.items() and s)

    def tell(self, run, node, verb, **body):
        path = f"/runs/{run}/steps/{self.step(run, node)['id']}/{verb}"
        answer = self.client.post(path, json=body)
        assert answer.is_success, answer.text

    def ended(self, run):
        wait_until(lambda: self.client.get(f"/runs/{run}").json()["status"] != "RUNNING")
        return self.client.get(f"/runs/{run}").json()["status"]


@pytest.fixture
def bench(cli, tmp_path):
    tools, calls = tmp_path / "tools", tmp_path / "calls"
    tools.mkdir()
    for name in ("lbctl", "ssh", "pg_dump"):
        (tools / name).write_text(TOOL.format(calls=calls))
        (tools / name).chmod(0o700)
    path = f"{tools}:{cli.env['PATH']}"
    with cli.serving("--shutdown-grace", "0", PATH=path) as server:
        made = Bench(server, calls)
        with made.client:
            yield made


def whole(fragment, **spec):
    nodes = yaml.safe_load(fragment)
    head = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    return yaml.safe_dump({**head, "spec": {**spec, "nodes": nodes}})


@pytest.mark.parametrize("page", PAGES)
def test_the_whole_example(bench, page):
    text = examples(page)[0]
    bench.client.post(
        "/channels", json={"name": "ops-dingtalk", "kind": "dingtalk", "secret": "0123456789abcdef"}
    ).raise_for_status()
    for cluster, hosts in (("c", ("h1", "h2")), ("d", ("broken",))):
        bench.client.put(f"/targets/cluster/{cluster}", json=CLUSTER).raise_for_status()
        for host in hosts:
            parent = {"parent": {"type": "cluster", "name": cluster}}
            bench.client.put(f"/targets/host/{host}", json=parent).raise_for_status()
    bench.publish(CHILD.format(calls=bench.calls))
    name = bench.publish(text)
    run = bench.start(name, targets=[{"type": "cluster", "name": "c"}])
    assert bench.wait_for(run, "healthy", status="SUCCESSFUL")["outputs"] == {"case": "good"}
    bench.wait_for(run, "window", wait="timer")
    bench.tell(run, "window", "skip")
    assert bench.ended(run) == "SUCCESSFUL"
    assert bench.step(run, "sign-off")["status"] == "BYPASSED"
    calls = bench.calls.read_text().splitlines()
    assert calls[0] == "lbctl drain c"
    assert sorted(calls[1:3]) == ["ssh h1 systemctl restart nginx", "ssh h2 systemctl restart nginx"]
    assert calls[3:] == ["lbctl undrain c", "report of -1"]
    other = bench.start(name, targets=[{"type": "cluster", "name": "d"}])
    bench.wait_for(other, "sign-off", wait="approval")
    assert bench.step(other, "healthy")["outputs"] == {"case": "bad"}
    assert bench.step(other, "window")["status"] == "BYPASSED"


@pytest.mark.parametrize("page", PAGES)
def test_a_fan_out_and_what_its_child_is_given(bench, page):
    fragment = examples(page)[2].replace('> "/backup/', f'> "{bench.calls.parent}/')
    bench.publish(CHILD.format(calls=bench.calls))
    bench.publish(whole(fragment, params={"hosts": {"type": "array", "items": {"type": "string"}}}))
    run = bench.start("w", params={"hosts": ["db1", "web", "db2"]})
    assert bench.ended(run) == "SUCCESSFUL", bench.steps(run)
    assert bench.calls.read_text().splitlines() == ["pg_dump -h db1 app", "pg_dump -h db2 app", "report of 2"]


@pytest.mark.parametrize("page", PAGES)
def test_decisions_are_taken_and_chosen(bench, page):
    bench.publish(whole(examples(page)[3], params={"hosts": {"type": "array", "default": [1]}}))
    run = bench.start("w")
    assert bench.wait_for(run, "size", status="SUCCESSFUL")["outputs"] == {"case": "small"}
    bench.wait_for(run, "which", wait="choice")
    assert bench.step(run, "at-once")["status"] == "PENDING"
    bench.tell(run, "which", "choose", case="now")
    assert bench.ended(run) == "SUCCESSFUL"
    assert bench.step(run, "at-once")["status"] == "SUCCESSFUL"
    large = bench.start("w", params={"hosts": list(range(11))})
    assert bench.wait_for(large, "size", status="SUCCESSFUL")["outputs"] == {"case": "large"}


@pytest.mark.parametrize("page", PAGES)
def test_timers_wait_and_may_be_skipped_or_not(bench, page):
    bench.publish(whole(examples(page)[5], params={"start_at": {"type": "string"}}))
    run = bench.start("w", params={"start_at": "2020-01-01T00:00:00"})
    bench.wait_for(run, "planned", status="SUCCESSFUL")
    due = {node: bench.wait_for(run, node, wait="timer") for node in ("settle", "night")}
    verbs = {
        node: bench.client.get(f"/runs/{run}/steps/{step['id']}").json()["verbs"]
        for node, step in due.items()
    }
    assert "skip" in verbs["settle"]
    assert "skip" not in verbs["night"]

"""An engine driven batch by batch: no thread, no clock but ours, work that ends when the test says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Accepted, Actor, Event, Fact, Finished, Vanished
from headrace.core.run.state import Run, Step
from headrace.core.words import Act, Phase
from headrace.engine import Engine
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.records import TargetRecord, VersionRecord, WorkflowRecord
from headrace.ports.store import Store, Writer
from headrace.storage import MemoryStore

Json = Any
ADA = Actor(7, "ada")
TENANT, OTHER_TENANT = 1, 2
CAPABILITIES = {
    "noop": Capabilities(inline=True, context=False, idempotent=True),
    "work": Capabilities(),
    "safe": Capabilities(idempotent=True),
    "undo": Capabilities(rollback=True),
}


class Clock:
    def __init__(self, time: float = 1_000.0) -> None:
        self.time = time

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


class Hands:
    """``ports.dispatch.Dispatch``: remembers what it is asked; the test plays the workers."""

    capabilities: Mapping[str, Capabilities] = CAPABILITIES

    def __init__(self) -> None:
        self.handed: dict[tuple[int, int], HandOver] = {}
        self.begun: list[tuple[int, int, int]] = []
        self.cancelled: list[CancelWork] = []

    def start(self, deliver: object) -> None:
        pass

    def hand_over(self, effects: Sequence[HandOver]) -> list[tuple[int, Fact]]:
        inline: list[tuple[int, Fact]] = []
        for effect in effects:
            if effect.executor == "noop":
                phase = Phase.MONITOR_SUCCESS if effect.act is Act.START else Phase(f"{effect.act}.success")
                inline.append((effect.run, Finished(effect.step, effect.attempt, effect.act, True, phase)))
            else:
                self.handed[effect.run, effect.step] = effect
        return inline

    def proceed(self, effects: Sequence[Proceed]) -> None:
        self.begun += [(effect.run, effect.step, effect.attempt) for effect in effects]

    def cancel(self, effects: Sequence[CancelWork]) -> None:
        self.cancelled += effects

    def drain(self, grace: float) -> None:
        pass

    def stop(self) -> None:
        pass


class Desk:
    """The engine with its store, and hands for every worker."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store if store is not None else MemoryStore()
        self.clock = Clock()
        self.restart()

    def restart(self) -> None:
        """As after kill -9: everything but the store is gone."""
        self.hands = Hands()
        self.engine = Engine(self.store, self.hands, self.clock)
        self.engine.recover()

    # -- definitions and targets

    def publish(self, name: str, *nodes: Json, number: int = 1, tenant: int = TENANT, **spec: Json) -> None:
        """A version of a workflow, published."""
        document = {
            "apiVersion": "headrace/v1",
            "kind": "Workflow",
            "metadata": {"name": name},
            "spec": {"nodes": list(nodes), **spec},
        }

        def work(writer: Writer, now: float) -> None:
            known = writer.workflow(tenant, name)
            id = known.id if known else writer.allocate("workflow", 1)[0]
            writer.put_workflow(
                WorkflowRecord(id, tenant, name, "", document, "e", number, number, now, now, "ada")
            )
            version = writer.allocate("version", 1)[0]
            writer.add_version(VersionRecord(version, tenant, name, number, document, now, "ada"))

        self.ask(self.engine.transact(work))

    def target(self, type: str, name: str, parent: int | None = None, **attributes: Json) -> int:
        def work(writer: Writer, now: float) -> int:
            id = writer.allocate("target", 1)[0]
            writer.put_target(TargetRecord(id, TENANT, type, name, attributes, parent))
            return id

        return self.ask(self.engine.transact(work))

    # -- asking

    def go(self) -> None:
        """Until nothing is left to do now."""
        while self.engine.run_once(self.clock.now()):
            pass

    def ask(self, future: Future[Any]) -> Any:
        self.go()
        return future.result(0)

    def starting(self, name: str, ticket: Ticket | None = None, **more: Json) -> Future[int]:
        """Asked for, not worked on yet."""
        request = {"tenant": TENANT, "workflow": name, "actor": ADA, **more}
        return self.engine.start_run(StartRun(**request), ticket)

    def start(self, name: str, **more: Json) -> int:
        return int(self.ask(self.starting(name, **more)))

    def tell(self, run: int, event: Event, tenant: int = TENANT) -> Any:
        return self.ask(self.engine.tell(tenant, run, event))

    def after(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.time += seconds
        self.go()

    # -- playing the workers

    def post(self, run: int, *facts: Fact) -> None:
        self.engine.post([(run, fact) for fact in facts])
        self.go()

    def accept(self, run: int, node: str, index: int = 0) -> Step:
        step = self.step(run, node, index)
        self.post(run, Accepted(step.id, step.attempt, "w"))
        return self.step(run, node, index)

    def finished(self, run: int, node: str, index: int = 0, ok: bool = True, **more: Json) -> Finished:
        """The end of the current attempt, not told yet."""
        step = self.step(run, node, index)
        verb = "monitor" if step.act is Act.START else str(step.act)
        phase = Phase(f"{verb}.{'success' if ok else 'failed'}")
        return Finished(step.id, step.attempt, step.act, ok, phase, **more)

    def finish(self, run: int, node: str, index: int = 0, ok: bool = True, **more: Json) -> None:
        """Accept where that has not happened, begin, end."""
        if self.step(run, node, index).status == "READY":
            self.accept(run, node, index)
        self.post(run, self.finished(run, node, index, ok, **more))

    def vanish(self, run: int, node: str) -> None:
        step = self.step(run, node)
        self.post(run, Vanished(step.id, step.attempt))

    # -- looking

    def run(self, run_id: int) -> Run:
        with self.store.read() as reader:
            run = reader.run(None, run_id)
        assert run is not None
        return run

    def steps(self, run_id: int) -> list[Step]:
        with self.store.read() as reader:
            return list(reader.steps(run_id))

    def step(self, run_id: int, node: str, index: int = 0) -> Step:
        run = self.run(run_id)
        with self.store.read() as reader:
            version = reader.version_by_id(run.version_id)
            assert version is not None
            names = [each["id"] for each in version.document["spec"]["nodes"]]
            found = [step for step in reader.steps(run_id) if names[step.node] == node]
        return found[index]

    def child(self, run_id: int, node: str) -> int:
        """The newest child run of a step."""
        children = self.step(run_id, node).children
        assert children
        return children[-1]

    def statuses(self, *runs: int) -> list[str]:
        return [str(self.run(run).status) for run in runs]

    def figure(self, name: str) -> float:
        return self.engine.figures().get(name, 0.0)


def noop(name: str, *after: str, **more: Json) -> Json:
    return task(name, *after, executor="noop", **more)


def task(name: str, *after: str, executor: str = "work", **more: Json) -> Json:
    return {"id": name, "executor": executor, **({"after": list(after)} if after else {}), **more}


def sub(name: str, workflow: str, *after: str, **more: Json) -> Json:
    """A node whose step is a run of another workflow."""
    edges = {"after": list(after)} if after else {}
    return {"id": name, "kind": "workflow", "workflow": workflow, **edges, **more}


def ticket(key: str = "k", fingerprint: str = "f", route: str = "r", tenant: int = TENANT) -> Ticket:
    return Ticket(tenant, route, key, fingerprint)

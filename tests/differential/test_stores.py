"""A seeded random life on all three stores at once: every answer is the same.

``HEADRACE_SEED=N`` lives one life again.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from headrace.core.run.state import Decision, Run, Step, Target
from headrace.core.words import (
    Act,
    Due,
    Operation,
    Phase,
    Reason,
    RunStatus,
    StepStatus,
    Trigger,
    Wait,
)
from headrace.ports.errors import Conflict
from headrace.ports.records import (
    RoleRecord,
    RunFilter,
    StoredAnswer,
    TargetRecord,
    TokenRecord,
    UserRecord,
    VersionRecord,
    WorkflowRecord,
)
from headrace.ports.store import SORTS, Store
from headrace.storage import MemoryStore, open_postgres, open_sqlite
from tests.storage.samples import a_decision, an_attempt, an_operation, everything

SEEDS = [int(os.environ["HEADRACE_SEED"])] if "HEADRACE_SEED" in os.environ else list(range(4))
MOVES = 80
TENANTS = (1, 2, 3)
NAMES = ["a", "A", "deploy%", "de_ploy", "it's", "重启", "重启 数据库", "Back\\slash", "é", "É"]
TYPES = ["host", "cluster", "机器"]

pytestmark = pytest.mark.postgres


class Life:
    """Chooses what is done next; the same choice goes to every store."""

    def __init__(self, seed: int, stores: dict[str, Store]) -> None:
        self.dice = random.Random(seed)
        self.stores = stores
        self.runs: dict[int, Run] = {}
        self.steps: dict[int, dict[int, Step]] = {}
        self.attempts: dict[int, int] = {}
        self.sequences: dict[int, int] = {}
        self.last = 0

    def go(self) -> None:
        moves = [self.start, self.change, self.change, self.change, self.record, self.answer]
        for _ in range(MOVES):
            steps = {run_id: dict(known) for run_id, known in self.steps.items()}
            before = (dict(self.runs), steps, dict(self.attempts), dict(self.sequences))
            works = [self.dice.choice(moves)() for _ in range(self.dice.randint(1, 4))]
            how = self.dice.choice(["commit", "commit", "commit", "undo", "savepoint"])
            if not self.together(works, how):
                self.runs, self.steps, self.attempts, self.sequences = before
            self.compare(self.question())
        self.compare(lambda reader: everything(reader, TENANTS))

    # -- doing

    def together(self, works: list[Callable[[Any], Any]], how: str) -> bool:
        """One transaction on each store; whether it was committed."""
        answers = {name: self.transact(store, works, how) for name, store in self.stores.items()}
        same(answers)
        return answers["memory"][0] == "done"

    def transact(self, store: Store, works: list[Callable[[Any], Any]], how: str) -> tuple[str, list[Any]]:
        found: list[Any] = []
        try:
            with store.write() as writer:
                if how == "savepoint":
                    try:
                        with writer.savepoint():
                            writer.allocate("thing", 2)
                            works[0](writer)
                            raise ZeroDivisionError
                    except (ZeroDivisionError, Conflict) as error:
                        found.append(type(error).__name__)
                    return "undone", found
                found += [work(writer) for work in works]
                if how == "undo":
                    raise ZeroDivisionError
        except (ZeroDivisionError, Conflict) as error:
            return type(error).__name__, found
        return "done", found

    def next(self) -> int:
        self.last += 1
        return self.last

    def maybe(self, value: Any) -> Any:
        return value if self.dice.random() < 0.5 else None

    def instant(self) -> float:
        return 1_700_000_000 + self.dice.randint(0, 20) / 4

    def json(self) -> Any:
        odd = ["é\n\u0000", {"数": [True, None, -(2**53)]}, 2**70, "''"]
        return self.dice.choice([None, {}, [], 1, 1.5, *odd])

    def start(self) -> Callable[[Any], Any]:
        run_id = self.next()
        dice = self.dice
        parent = dice.choice([None, (dice.randint(1, 5), dice.randint(1, 9), dice.randint(1, 3))])
        run = Run(
            run_id,
            dice.choice(TENANTS),
            dice.choice(NAMES),
            1,
            1,
            params={"p": self.json()},
            targets=tuple(self.target() for _ in range(dice.randint(0, 1))),
            trigger=dice.choice(list(Trigger)),
            status=dice.choice(list(RunStatus)),
            parent_run=parent and parent[0],
            parent_step=parent and parent[1],
            parent_attempt=parent and parent[2],
            created_at=self.instant(),
            started_at=self.maybe(self.instant()),
            deadline=self.maybe(self.instant()),
        )
        steps = [Step(self.next(), node, item=self.json()) for node in range(dice.randint(0, 4))]
        self.runs[run_id] = run
        self.steps[run_id] = {step.id: step for step in steps}
        return lambda writer: writer.create_run(run, steps, an_operation(run_id))

    def target(self) -> Target:
        return Target(self.dice.randint(1, 3), self.dice.choice(TYPES), self.dice.choice(NAMES))

    def change(self) -> Callable[[Any], Any]:
        if not self.runs:
            return self.record()
        dice = self.dice
        run = self.runs[dice.choice(list(self.runs))]
        known = self.steps[run.id]
        changed = [self.changed(step) for step in known.values() if dice.random() < 0.5]
        fresh = [self.changed(Step(self.next(), dice.randint(0, 5))) for _ in range(dice.randint(0, 2))]
        removed = [i for i in known if dice.random() < 0.1 and i not in {step.id for step in changed}]
        head: dict[str, Any] = {}
        if dice.random() < 0.5:
            head = {
                "status": dice.choice(list(RunStatus)),
                "paused": dice.random() < 0.5,
                "started_at": self.maybe(self.instant()),
                "finished_at": self.maybe(self.instant()),
                "deadline": self.maybe(self.instant()),
                "message": self.maybe(dice.choice(NAMES)),
            }
        sequence = self.sequences.get(run.id, 0)
        stale = sequence > 0 and dice.random() < 0.1
        decision = a_decision(
            run,
            sequence if stale else sequence + 1,
            steps=changed + fresh,
            created={step.id for step in fresh},
            reshaped={step.id for step in changed},
            removed=removed,
            attempts=[self.ended(step) for step in changed if dice.random() < 0.5],
            operations=[an_operation(run.id, finished_at=self.maybe(self.instant()))],
            **head,
        )
        self.follow(decision)
        return lambda writer: writer.save([decision])

    def follow(self, decision: Decision) -> None:
        self.runs[decision.run.id] = decision.run
        self.sequences[decision.run.id] = decision.seq
        steps = self.steps[decision.run.id]
        steps.update(decision.steps)
        for step_id in decision.removed:
            steps.pop(step_id)

    def ended(self, step: Step) -> Any:
        number = self.attempts[step.id] = self.attempts.get(step.id, 0) + 1
        return an_attempt(step.id, number, outputs=self.json())

    def changed(self, step: Step) -> Step:
        dice = self.dice
        return replace(
            step,
            parallel_idx=dice.randint(-1, 3),
            item=self.json(),
            status=dice.choice(list(StepStatus)),
            operation=dice.choice(list(Operation)),
            phase=self.maybe(dice.choice(list(Phase))),
            act=dice.choice(list(Act)),
            wait=self.maybe(dice.choice(list(Wait))),
            reason=self.maybe(dice.choice(list(Reason))),
            message=self.maybe(dice.choice(NAMES)),
            progress=self.maybe(0.25),
            attempt=step.attempt + 1,
            executed=dice.random() < 0.5,
            inputs=[self.json()],
            outputs=self.json(),
            due_at=self.maybe(self.instant()),
            due=self.maybe(dice.choice(list(Due))),
        )

    def record(self) -> Callable[[Any], Any]:
        dice, tenant, id = self.dice, self.dice.choice(TENANTS), self.dice.randint(1, 12)
        name, at, parent = dice.choice(NAMES), self.instant(), self.maybe(id + 1)
        workflow = WorkflowRecord(
            self.next(), tenant, name, dice.choice(NAMES), {}, "e", None, 0, at, at, "u"
        )
        works: list[Callable[[Any], Any]] = [
            lambda w: w.put_workflow(workflow),
            lambda w: w.delete_workflow(tenant, name),
            lambda w: w.add_version(VersionRecord(workflow.id, tenant, name, id, {"n": id}, at, "u")),
            lambda w: w.put_target(TargetRecord(id, tenant, "host", name, {"k": name}, parent)),
            lambda w: w.delete_target(tenant, id),
            lambda w: w.put_user(UserRecord(id, tenant, name, None, False, (name,))),
            lambda w: w.put_role(RoleRecord(id, tenant, name, frozenset({name}))),
            lambda w: w.delete_role(tenant, id),
            lambda w: w.put_token(TokenRecord(id, tenant, id % 3, name, f"{name}{id % 4}", at, None, None)),
            lambda w: w.allocate("thing", id),
        ]
        return dice.choice(works)

    def answer(self) -> Callable[[Any], Any]:
        dice = self.dice
        # Ages differ: which of two equally old answers goes first is nobody's business.
        answer = StoredAnswer("f", self.json(), 1_700_000_000 + self.next())
        tenant, key = dice.choice(TENANTS), dice.choice(NAMES)
        limit = dice.randint(1, 3)
        if dice.random() < 0.3:
            return lambda writer: writer.forget_answers(answer.created_at - 3, limit)
        return lambda writer: writer.store_answer(tenant, "r", key, answer)

    # -- asking

    def question(self) -> Callable[[Any], Any]:
        dice = self.dice
        tenant, id, name = dice.choice(TENANTS), dice.randint(1, 40), dice.choice(NAMES)
        part = self.maybe(dice.choice([*NAMES, "%", "_", "'", "\\", "启", "e", ""]))
        which = RunFilter(
            name=part,
            statuses=frozenset(dice.sample(list(RunStatus), dice.randint(0, 2))),
            triggers=frozenset(dice.sample(list(Trigger), dice.randint(0, 2))),
            workflow=name if dice.random() < 0.2 else None,
            target_ids={dice.choice(TYPES): dice.randint(1, 3)} if dice.random() < 0.2 else {},
            target_names={dice.choice(TYPES): part or ""} if dice.random() < 0.2 else {},
        )
        sort = [(field, dice.random() < 0.5) for field in dice.sample(sorted(SORTS), dice.randint(0, 2))]
        page, size = dice.randint(1, 3), dice.randint(1, 20)
        plain = RunFilter(statuses=which.statuses, triggers=which.triggers)

        def ask(reader: Any) -> list[Any]:
            return [
                reader.runs(tenant, which, sort, page, size),
                reader.runs(tenant, plain, [], page, size),
                reader.runs_with_steps(tenant, which, sort, page, size),
                list(reader.runs_after(tenant, which, id * 5, size)),
                [list(reader.open_runs()), list(reader.due_runs())],
                list(reader.queued_runs(tenant, name)),
                reader.active_count(tenant, name),
                [reader.child_of(id % 9, attempt) for attempt in (1, 2, 3)],
                [run.id for run in reader.children(id % 5)],
                [reader.run(tenant, id), reader.step_run(id), list(reader.steps(id))],
                [reader.workflow(tenant, name), reader.workflows(tenant, part, page, size)],
                [reader.version(tenant, name, id), list(reader.versions(tenant, name))],
                [reader.target(tenant, id), reader.target_named(tenant, "host", name)],
                [reader.targets(tenant, None, part, page, size), list(reader.target_children(tenant, id))],
                dict(reader.targets_by_id(tenant, range(id))),
                [reader.user(tenant, id), reader.user_named(tenant, name), reader.users(tenant, page, size)],
                [list(reader.roles(tenant)), list(reader.tokens(tenant, self.maybe_id(id)))],
                reader.token_by_digest(f"{name}{id % 4}"),
                reader.stored_answer(tenant, "r", name),
            ]

        return ask

    def maybe_id(self, id: int) -> int | None:
        return id % 3 if id % 2 else None

    def compare(self, question: Callable[[Any], Any]) -> None:
        answers = {}
        for name, store in self.stores.items():
            with store.read() as reader:
                answers[name] = question(reader)
        same(answers)


def same(answers: dict[str, Any]) -> None:
    expected = answers["memory"]
    for name, answer in answers.items():
        assert answer == expected, name


@pytest.fixture
def stores(tmp_path: Path, ready_database: str) -> Iterator[dict[str, Store]]:
    with ExitStack() as stack:
        made: dict[str, Store] = {
            "memory": MemoryStore(),
            "sqlite": open_sqlite(tmp_path / "headrace.db"),
            "postgres": open_postgres(ready_database),
        }
        for store in made.values():
            stack.callback(store.close)
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_one_life_on_three_stores(seed: int, stores: dict[str, Store]) -> None:
    print(f"HEADRACE_SEED={seed}")
    Life(seed, stores).go()

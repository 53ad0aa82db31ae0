"""Links between the steps a run really has (conformance B38, B39)."""

from headrace.core.definition.model import After, Node, Workflow
from headrace.core.run.links import Links, links_of
from headrace.core.run.state import Step


def node(id: str, *after: str, serial: bool = False) -> Node:
    return Node(id=id, executor="noop", after=tuple(After(each) for each in after), serial=serial)


def links(nodes: list[Node], counts: list[int]) -> Links:
    """Step ids are 10 * node + index."""
    steps = [
        Step(id=10 * n + i, node=n, parallel_idx=i if count > 1 else -1)
        for n, count in enumerate(counts)
        for i in range(count)
    ]
    return links_of(Workflow("w", nodes=tuple(nodes)), steps)


def test_diamond() -> None:
    made = links([node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")], [1, 1, 1, 1])
    assert made.upstreams == {0: [], 10: [0], 20: [0], 30: [10, 20]}
    assert made.downstreams == {0: [10, 20], 10: [30], 20: [30], 30: []}


def test_parallel_after_parallel_knows_all() -> None:
    made = links([node("a"), node("b", "a")], [3, 2])
    assert made.upstreams[10] == made.upstreams[11] == [0, 1, 2]
    assert made.downstreams[0] == made.downstreams[2] == [10, 11]


def test_serial_is_a_chain() -> None:
    made = links([node("a"), node("b", "a", serial=True), node("c", "b")], [1, 3, 1])
    assert made.upstreams == {0: [], 10: [0], 11: [10], 12: [11], 20: [12]}
    assert made.downstreams == {0: [10], 10: [11], 11: [12], 12: [20], 20: []}


def test_an_empty_fan_out_is_passed_through() -> None:
    made = links([node("a"), node("b", "a"), node("c", "b", "a")], [1, 0, 1])
    assert made.upstreams == {0: [], 20: [0]}
    assert made.downstreams == {0: [20], 20: []}

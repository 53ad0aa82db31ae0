"""What was written down in English is told again in the reader's language."""

from string import Formatter

import pytest

from headrace.core.messages import CATALOGUE, text
from headrace.core.retold import ELSEWHERE, LETTERS_MIN, LONGEST, retold, values_in

STORED = sorted(code for code in CATALOGUE if code.startswith(("work_", "said_", "start_", "vault_", "run_")))


def values_of(code: str) -> dict[str, object]:
    """Such as no template of ours has."""
    names = [name for _, name, *_ in Formatter().parse(CATALOGUE[code][0]) if name]
    return {name: f"«{number}»" for number, name in enumerate(names)}


@pytest.mark.parametrize("code", STORED)
def test_every_sentence_that_is_stored_has_its_other_language(code: str) -> None:
    values = values_of(code)
    english = text(code, values)
    assert retold(english, "en") == english
    assert retold(english, "zh") == text(code, values, "zh")


def test_sentences_within_sentences() -> None:
    wanted = text("wanted_seconds", {"most": 60})
    english = text("work_input", {"name": "timeout", "found": "-1", "wanted": wanted})
    assert retold(english, "zh") == "timeout 的值为 -1，应为：秒数，0 到 60。"
    why = text("start_not_published", {"workflow": "w"})
    chinese = retold(text("start_child", {"workflow": "w", "why": why}), "zh")
    assert chinese is not None
    assert text("start_not_published", {"workflow": "w"}, "zh") in chinese


@pytest.mark.parametrize(
    "message",
    [
        "",
        "it broke",
        "exit",
        "磁盘已满",
        "a" * (LONGEST + 1),
        "Traceback\n  timed out after 3 s",
        "{name}",
        "(",
    ],
)
def test_what_is_nobody_s_sentence_stays(message: str) -> None:
    assert retold(message, "zh") == retold(message, "en") == message


def test_values_of_a_message() -> None:
    given = {"error": "foreach gives int, a list is needed", "name": "canceled", "why": 3}
    assert values_in(given, "zh") == {**given, "error": "foreach 的值为 int，应为列表"}
    assert values_in(given, "en") == given


def test_nothing_stays_nothing() -> None:
    assert retold(None, "zh") is None


def test_a_code_that_was_stored_bare_becomes_its_message() -> None:
    assert retold("work_cancelled", "en") == "canceled"
    assert retold("work_cancelled", "zh") == "已取消"


def test_values_of_several_lines_and_of_any_signs() -> None:
    last = " : .*(?P<x>\n{}\\ 第二行"
    english = text("work_exit_code_said", {"number": 3, "last": last})
    assert retold(english, "zh") == f"退出码为 3：{last}"


def letters(code: str) -> int:
    return sum(map(str.isalpha, text(code, dict.fromkeys(values_of(code), ""))))


def test_every_template_could_be_found() -> None:
    """Too few letters of their own would keep them from it."""
    few = [code for code in STORED if values_of(code) and letters(code) < LETTERS_MIN]
    assert few == []
    assert not any(code.startswith(ELSEWHERE) for code in STORED)


def test_a_value_that_is_there_twice_is_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from headrace.core import retold as module

    monkeypatch.setitem(CATALOGUE, "said_twice", ("from {name} again to {name}", "从 {name} 又到 {name}"))
    monkeypatch.setitem(CATALOGUE, "said_sign", ("{name}: {why}", "{name}：{why}"))
    for cache in (module._known, module._translated):
        cache.cache_clear()
    assert retold("from a again to a", "zh") == "从 a 又到 a"
    assert retold("from a again to b", "zh") == "from a again to b"
    assert retold("a: b", "zh") == "a: b"
    for cache in (module._known, module._translated):
        cache.cache_clear()


def test_kinds_of_things_are_translated_too() -> None:
    why = text("not_found", {"what": "workflow", "key": "w"})
    assert retold(text("start_child", {"workflow": "w", "why": why}), "zh") == (
        text("start_child", {"workflow": "w", "why": "工作流 w 不存在。"}, "zh")
    )
    assert values_in({"what": "target type"}, "zh") == {"what": "目标类型"}
    assert values_in({"what": "target type"}, "en") == {"what": "target type"}
    assert values_in({"what": "oddity"}, "zh") == {"what": "oddity"}
    assert values_in({"users": "connection c, workflow a b"}, "zh") == {"users": "连接 c, 工作流 a b"}
    assert values_in({"users": "3"}, "zh") == {"users": "3"}

"""What the library says of common mistakes is told in our words, with the values, in both languages."""

import pytest

from headrace.core.expr import ExpressionError, compile_expression, evaluate
from headrace.core.expr.library import unreadable
from headrace.core.retold import retold

NAMES = {
    "params": {"n": 3, "ratio": 0.5, "text": "x" * 60, "none": None, "list": [1], "map": {}},
    "item": "a",
}
CONVERT = "int(x), double(x) and string(x) convert"
CONVERT_ZH = "可用 int(x)、double(x)、string(x) 转换"
OVERLOAD = f"an operator or a function does not take values of these types; {CONVERT}"
OVERLOAD_ZH = f"运算或函数不接受这些类型的值；{CONVERT_ZH}"


def said(source: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        evaluate(compile_expression(source), NAMES)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        (
            "params.n + params.ratio",
            f"{OVERLOAD}; the values: params.n = 3, params.ratio = 0.5",
            f"{OVERLOAD_ZH}；相关的值：params.n = 3, params.ratio = 0.5",
        ),
        (
            "params.none > 1",
            f"{OVERLOAD}; the values: params.none = null",
            f"{OVERLOAD_ZH}；相关的值：params.none = null",
        ),
        (
            "params.list.filter(x, x)",
            f"{OVERLOAD}; the values: params.list = […]",
            f"{OVERLOAD_ZH}；相关的值：params.list = […]",
        ),
        (
            "params.map + params.map",
            f"there is no map + map; {CONVERT}; the values: params.map = {{…}}",
            f"不支持 map + map；{CONVERT_ZH}；相关的值：params.map = {{…}}",
        ),
        (
            "timestamp('2020-01-01T00:00:00Z') + 5",
            f"there is no timestamp + int; {CONVERT}",
            f"不支持 timestamp + int；{CONVERT_ZH}",
        ),
        (
            "has(params.gone) || params.n > 'a'",
            f"{OVERLOAD}; the values: params.n = 3",
            f"{OVERLOAD_ZH}；相关的值：params.n = 3",
        ),
        ("1 / 0", "a number is divided by zero", "除数为零"),
        ("1 % 0", "a number is divided by zero", "除数为零"),
        ("[1][5]", "the list has no element 5; the first one is 0", "列表没有第 5 个元素（从 0 开始计数）"),
        (
            "[1]['a']",
            "found a value of type string where int|uint is needed",
            "值的类型为 string，此处应为 int|uint",
        ),
        (
            "size(params.none)",
            "the function size does not take what it is given; the values: params.none = null",
            "函数 size 不接受所给的参数；相关的值：params.none = null",
        ),
        (
            "int(params.text)",
            "the function int cannot read what it is given: a whole number is needed; "
            f'the values: params.text = "{"x" * 38}…',
            f'函数 int 无法识别所给的值：应为整数；相关的值：params.text = "{"x" * 38}…',
        ),
        (
            "duration('5 minutes')",
            "the function duration cannot read what it is given: a duration like 1h30m is needed",
            "函数 duration 无法识别所给的值：应为形如 1h30m 的时长",
        ),
        (
            "'a'.matches('(')",
            "matches(x) is given a text that is no regular expression",
            "matches(x) 所给的文本不是正则表达式",
        ),
        (
            "9223372036854775807 + 1",
            "the result for 9223372036854775807 and 1 does not fit into 64 bits",
            "9223372036854775807 与 1 的运算结果超出 64 位整数的范围",
        ),
        (
            "nowhere == 1",
            "there is no name nowhere here; the names are: item, params",
            "此处没有名称 nowhere；可用的名称：item, params",
        ),
        (
            "True",
            "write true instead of True, which expressions do not know",
            "表达式中没有 True，请改写为 true",
        ),
    ],
)
def test_why_values_do_not_suit_an_expression(source: str, english: str, chinese: str) -> None:
    found = said(source)
    assert found == f"the expression {source} fails on its values: {english}"
    assert retold(found, "zh") == f"表达式 {source} 计算出错：{chinese}"


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        (
            "params.n +",
            "line 1, column 11: the expression ends where something is still needed",
            "第 1 行第 11 列：表达式不完整",
        ),
        ("1 +\n [1,", "line 2, column 5: ] is missing", "第 2 行第 5 列：缺少 ]"),
        (
            "'abc",
            "line 1, column 1: the text that begins here is not closed or has a wrong escape",
            "第 1 行第 1 列：从此处开始的文本没有结束引号，或含有无效的转义",
        ),
        ("params..n", "line 1, column 8: .. cannot stand here", "第 1 行第 8 列：此处不能出现 .."),
        ("1 2", "line 1, column 3: 2 cannot stand here", "第 1 行第 3 列：此处不能出现 2"),
        ("if(true)", "line 1, column 1: if is a reserved word", "第 1 行第 1 列：if 是保留字"),
        (
            "true ? 1",
            "line 1, column 1: after condition ? value a colon and another value are needed",
            "第 1 行第 1 列：“条件 ? 值”之后还需要冒号和另一个值",
        ),
        (
            "params.n == 1 and 'and' == 'or'",
            "write && instead of and, which expressions do not know",
            "表达式中没有 and，请改写为 &&",
        ),
        (
            "params.n = 1",
            "write == instead of =, which expressions do not know",
            "表达式中没有 =，请改写为 ==",
        ),
        (
            "has(1)",
            "line 1, column 5: has(x) asks for a field: has(params.name)",
            "第 1 行第 5 列：has(x) 用于询问字段是否存在，例如 has(params.name)",
        ),
        (
            "[1].map(1, 2)",
            "line 1, column 9: a name for the element is needed: list.map(x, x.name)",
            "第 1 行第 9 列：此处应为元素的名称，例如 list.map(x, x.name)",
        ),
        (
            "99999999999999999999",
            "line 1, column 1: the number or text here is none that can be read",
            "第 1 行第 1 列：此处的数字或文本无效",
        ),
        ("max(1)", "there is no function 'max', did you mean 'map'?", "没有函数 'max'；是否想写 'map'？"),
        ("zzzz(1)", "there is no function 'zzzz'", "没有函数 'zzzz'"),
    ],
)
def test_why_a_source_is_no_expression(source: str, english: str, chinese: str) -> None:
    found = said(source)
    assert (found, retold(found, "zh")) == (english, chinese)


def test_what_is_unknown_stays_in_the_library_s_words() -> None:
    assert unreadable(ValueError("ERROR: <input>:1:2: something new\n| a"), "a") == "1:2: something new"
    assert unreadable(ValueError("stack overflow"), "a") == "stack overflow"
    assert "Recursion limit" in said("(" * 300 + "1" + ")" * 300)

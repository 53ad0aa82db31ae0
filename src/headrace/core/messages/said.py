"""What is written down with a step when time, a child, a worker or an expression ends it: code -> (English,
zh-CN). A changed English text leaves rows with the old one behind, which then stay English."""

MESSAGES: dict[str, tuple[str, str]] = {
    "said_timeout": ("timed out after {seconds} s", "运行 {seconds} 秒后超时"),
    "said_child": ("child run {run} ended {status}", "子运行 {run} 以 {status} 结束"),
    "said_child_rollback": (
        "the rollback of child run {run} ended {status}",
        "子运行 {run} 的回滚以 {status} 结束",
    ),
    "said_lost": ("the worker that carried it out died", "执行它的工作进程已终止"),
    "said_gate": (
        "its own schedule ({cron}) has no time left",
        "它自己的调度（{cron}）已没有剩余的触发时间",
    ),
    "said_too_many": (
        "the run would have {found} steps, the limit is {limit}",
        "运行将有 {found} 个步骤，上限为 {limit}",
    ),
    "said_no_case": (
        "no case holds and there is none without a condition",
        "没有满足条件的分支，也没有不带条件的分支",
    ),
    "said_until": ("until gives {found}, an instant is needed", "until 的值为 {found}，应为一个时间点"),
    "said_foreach": ("foreach gives {found}, a list is needed", "foreach 的值为 {found}，应为列表"),
    "said_expression": (
        "the expression {expression} fails on its values: {why}",
        "表达式 {expression} 计算出错：{why}",
    ),
    "said_no_field": (
        "{of} has no field {field}; it has {known}",
        "{of} 没有字段 {field}；已有字段：{known}",
    ),
    "said_empty": ("{of} is empty and has no field {field}", "{of} 为空，没有字段 {field}"),
    "said_fieldless": (
        "{of} is of type {found} and has no field {field}",
        "{of} 的类型为 {found}，没有字段 {field}",
    ),
    "said_field": ("there is no field {field}", "没有字段 {field}"),
    "said_child_inputs": (
        "with gives {found}, a mapping with params or target is needed",
        "with 的值为 {found}，应为含 params 或 target 的映射",
    ),
    "said_number": (
        "the expression gives {found}, which is no JSON number",
        "表达式的值为 {found}，不是 JSON 数字",
    ),
    "said_kind": (
        "the expression gives a {found}, which JSON cannot hold",
        "表达式的值类型为 {found}，JSON 无法表示",
    ),
    "said_costly": (
        "the expression costs too much for these values (limit {limit} units); filter less at once",
        "表达式对这些值的计算量过大（上限 {limit} 个单位）；请减少一次过滤的数量",
    ),
    "said_long": (
        "the expression has {found} characters, the limit is {limit}",
        "表达式有 {found} 个字符，上限为 {limit}",
    ),
    "said_reserved": ("names that begin with hr__ are reserved", "以 hr__ 开头的名称为保留名称"),
    "said_dot": ("write {name} without the dot before it", "{name} 前不要加点"),
    "said_condition": (
        "the condition gives {found}, true or false is needed",
        "条件的值为 {found}，应为 true 或 false",
    ),
    "said_function": ("there is no function {name}{hint}", "没有函数 {name}{hint}"),
    "said_text_long": (
        "the expression could make a text of more than {limit} characters",
        "表达式可能产生超过 {limit} 个字符的文本",
    ),
    "said_address": (
        "{host} is {address}, an address that must not be called",
        "{host} 的地址是 {address}，不允许访问",
    ),
    "said_header": ("a header has letters that are not ASCII", "请求头含有非 ASCII 字符"),
    "wanted_text": ("a text that is not empty", "非空文本"),
    "wanted_seconds": ("seconds, 0 to {most}", "秒数，0 到 {most}"),
    "wanted_texts": ("a list of texts", "文本列表"),
    "wanted_text_object": ("an object of texts", "值为文本的对象"),
    "wanted_program": ("a program, or a list of texts", "一个程序，或文本列表"),
    "wanted_statuses": ("statuses like 200 or 2xx", "形如 200 或 2xx 的状态码"),
    "wanted_statements": ("a text or a list of statements", "文本，或语句列表"),
    "wanted_part": ("an object with connection and table", "含有 connection 和 table 的对象"),
    "wanted_plain": ("an object of plain values", "由简单值组成的对象"),
    "wanted_number": ("a number, 1 to {most}", "数字，1 到 {most}"),
    "wanted_keys": ("the columns that tell rows apart", "用于区分各行的列"),
    "wanted_reach": ("it cannot be reached", "无法到达"),
}

"""What is written down with a step when time, a child, a worker or an expression ends it: code -> (English,
zh-CN). A changed English text leaves rows with the old one behind, which then stay English."""

MESSAGES: dict[str, tuple[str, str]] = {
    "said_timeout": ("timed out after {seconds} s", "运行 {seconds} 秒后超时"),
    "said_child": ("child run {run} ended {status}", "子运行 {run} 以 {status} 结束"),
    "said_child_undone": ("child run {run} was rolled back", "子运行 {run} 已被回滚"),
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
    "said_function": ("there is no function {name}", "没有函数 {name}"),
    "said_function_near": (
        "there is no function {name}, did you mean {near}?",
        "没有函数 {name}；是否想写 {near}？",
    ),
    "said_values": ("{why}; the values: {given}", "{why}；相关的值：{given}"),
    "said_overload": (
        "an operator or a function does not take values of these types; "
        "int(x), double(x) and string(x) convert",
        "运算或函数不接受这些类型的值；可用 int(x)、double(x)、string(x) 转换",
    ),
    "said_operation": (
        "there is no {operation}; int(x), double(x) and string(x) convert",
        "不支持 {operation}；可用 int(x)、double(x)、string(x) 转换",
    ),
    "said_arguments": (
        "the function {function} does not take what it is given",
        "函数 {function} 不接受所给的参数",
    ),
    "said_conversion": (
        "the function {function} cannot read what it is given: {wanted} is needed",
        "函数 {function} 无法识别所给的值：应为{wanted}",
    ),
    "said_zero": ("a number is divided by zero", "除数为零"),
    "said_index": (
        "the list has no element {index}; the first one is 0",
        "列表没有第 {index} 个元素（从 0 开始计数）",
    ),
    "said_type": (
        "found a value of type {found} where {need} is needed",
        "值的类型为 {found}，此处应为 {need}",
    ),
    "said_pattern": (
        "matches(x) is given a text that is no regular expression",
        "matches(x) 所给的文本不是正则表达式",
    ),
    "said_overflow": (
        "the result for {left} and {right} does not fit into 64 bits",
        "{left} 与 {right} 的运算结果超出 64 位整数的范围",
    ),
    "said_name": (
        "there is no name {name} here; the names are: {known}",
        "此处没有名称 {name}；可用的名称：{known}",
    ),
    "said_syntax": (
        "line {line}, column {column}: {found} cannot stand here",
        "第 {line} 行第 {column} 列：此处不能出现 {found}",
    ),
    "said_syntax_end": (
        "line {line}, column {column}: the expression ends where something is still needed",
        "第 {line} 行第 {column} 列：表达式不完整",
    ),
    "said_syntax_missing": (
        "line {line}, column {column}: {missing} is missing",
        "第 {line} 行第 {column} 列：缺少 {missing}",
    ),
    "said_syntax_quote": (
        "line {line}, column {column}: the text that begins here is not closed or has a wrong escape",
        "第 {line} 行第 {column} 列：从此处开始的文本没有结束引号，或含有无效的转义",
    ),
    "said_syntax_word": (
        "line {line}, column {column}: {found} is a reserved word",
        "第 {line} 行第 {column} 列：{found} 是保留字",
    ),
    "said_syntax_else": (
        "line {line}, column {column}: after condition ? value a colon and another value are needed",
        "第 {line} 行第 {column} 列：“条件 ? 值”之后还需要冒号和另一个值",
    ),
    "said_syntax_has": (
        "line {line}, column {column}: has(x) asks for a field: has(params.name)",
        "第 {line} 行第 {column} 列：has(x) 用于询问字段是否存在，例如 has(params.name)",
    ),
    "said_syntax_element": (
        "line {line}, column {column}: a name for the element is needed: list.map(x, x.name)",
        "第 {line} 行第 {column} 列：此处应为元素的名称，例如 list.map(x, x.name)",
    ),
    "said_syntax_literal": (
        "line {line}, column {column}: the number or text here is none that can be read",
        "第 {line} 行第 {column} 列：此处的数字或文本无效",
    ),
    "said_syntax_meant": (
        "write {meant} instead of {found}, which expressions do not know",
        "表达式中没有 {found}，请改写为 {meant}",
    ),
    "wanted_whole": ("a whole number", "整数"),
    "wanted_any_number": ("a number", "数字"),
    "wanted_instant": ("an instant like 2026-12-01T08:00:00Z", "形如 2026-12-01T08:00:00Z 的时间点"),
    "wanted_duration": ("a duration like 1h30m", "形如 1h30m 的时长"),
    "wanted_other": ("another value", "其他值"),
    "said_text_long": (
        "the expression could make a text of more than {limit} characters",
        "表达式可能产生超过 {limit} 个字符的文本",
    ),
    "said_address": (
        "{host} is {address}, an address that must not be called",
        "{host} 的地址是 {address}，不允许访问",
    ),
    "said_json_at": ("line {line}, column {column}: {error}", "第 {line} 行第 {column} 列：{error}"),
    "said_json_value": (
        "a value is needed here",
        "此处应为一个值",
    ),
    "said_json_name": ("a name in double quotes is needed here", "此处应为双引号中的名称"),
    "said_json_comma": ("a comma or the end is needed here", "此处应为逗号或结尾"),
    "said_json_colon": ("a colon is needed here", "此处应为冒号"),
    "said_json_extra": ("something follows after its end", "结尾之后还有内容"),
    "said_json_open": ("the text that begins here is not closed", "从此处开始的文本没有结束引号"),
    "said_json_control": (
        "a text holds a line break or another control character",
        "文本中含有换行或其他控制字符",
    ),
    "said_json_digits": ("a number has too many digits", "数字的位数过多"),
    "said_json_constant": ("JSON does not know {found}", "JSON 中没有 {found}"),
    "said_os_missing": ("No such file or directory", "没有该文件或目录"),
    "said_os_denied": ("Permission denied", "没有权限"),
    "said_os_no_folder": ("Not a directory", "不是目录"),
    "said_os_folder": ("Is a directory", "是一个目录"),
    "said_os_full": ("No space left on device", "磁盘空间不足"),
    "said_os_quota": ("Disk quota exceeded", "超出磁盘配额"),
    "said_os_large": ("File too large", "文件过大"),
    "said_os_readonly": ("Read-only file system", "文件系统为只读"),
    "said_os_format": ("Exec format error", "不是可执行的程序"),
    "said_os_arguments": ("Argument list too long", "参数总长度超出限制"),
    "said_os_files": ("Too many open files", "打开的文件过多"),
    "said_os_memory": ("Cannot allocate memory", "内存不足"),
    "said_os_io": ("Input/output error", "输入输出错误"),
    "said_no_answer": ("there is no answer within {seconds} seconds", "{seconds} 秒内没有应答"),
    "said_no_host": ("no address is known for the host {host}", "无法解析主机 {host} 的地址"),
    "said_certificate": (
        "the certificate of {host} is not trusted ({why})",
        "{host} 的证书不受信任（{why}）",
    ),
    "said_no_tls": (
        "the host {host} does not answer with TLS there: perhaps http:// is meant",
        "{host} 在该端口未使用 TLS，可能应为 http://",
    ),
    "said_refused": (
        "the host {host} refuses the connection: nothing listens there",
        "{host} 拒绝连接：该端口没有服务在监听",
    ),
    "said_unreachable": ("there is no route to the host {host}", "无法到达主机 {host}"),
    "said_redirects": ("the redirects do not come to an end", "重定向次数过多"),
    "said_url": (
        "url is no address that begins with http:// or https:// and can be called",
        "url 不是以 http:// 或 https:// 开头的有效地址",
    ),
    "said_header_form": (
        "a header has a name or a value that HTTP does not allow",
        "请求头的名称或值不符合 HTTP 的规定",
    ),
    "said_encoding": (
        "the answer is not encoded as its header content-encoding says",
        "响应内容与其 content-encoding 头不符",
    ),
    "said_broken_off": (
        "the host {host} ended the connection before its answer was whole",
        "{host} 在响应完成之前断开了连接",
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
    "wanted_reach": ("it shows no host key", "未出示主机密钥"),
}

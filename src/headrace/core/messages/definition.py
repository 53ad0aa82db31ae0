"""Messages of the area ``definition``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    # -- a document as a whole
    "definition_invalid": (
        "The definition has {count} problem(s).",
        "定义中有 {count} 处问题。",
    ),
    "definition_too_deep": (
        "The document is nested deeper than {limit} levels.",
        "文档嵌套超过 {limit} 层。",
    ),
    "definition_too_large": (
        "The document holds more than {limit} values.",
        "文档中的值超过 {limit} 个。",
    ),
    "definition_too_long": (
        "The document has {size} bytes; the limit is {limit}.",
        "文档大小为 {size} 字节，上限为 {limit} 字节。",
    ),
    "definition_nodes_many": (
        "There are {found} nodes; the limit is {limit}.",
        "共有 {found} 个节点，上限为 {limit} 个。",
    ),
    "definition_encoding": (
        "The document is not valid UTF-8: byte {position} is {found}.",
        "文档不是有效的 UTF-8：第 {position} 个字节为 {found}。",
    ),
    "definition_empty": ("The document is empty.", "文档为空。"),
    "definition_documents": (
        "There is a second document at line {line}; one file holds one workflow.",
        "第 {line} 行开始了第二个文档；一个文件只能包含一个工作流。",
    ),
    "definition_syntax": (
        "Line {line}, column {column}: {error}.",
        "第 {line} 行第 {column} 列有语法错误：{error}。",
    ),
    "definition_key_twice": (
        "Line {line}: the key {key} stands twice in the same mapping.",
        "第 {line} 行：同一个映射中重复出现了键 {key}。",
    ),
    "definition_key_again": (
        "The key {key} stands twice in the same object.",
        "同一个对象中重复出现了键 {key}。",
    ),
    "definition_alias_unknown": (
        "Line {line}: there is no anchor {found} above.",
        "第 {line} 行：前文没有锚点 {found}。",
    ),
    "definition_tag": (
        "Line {line}: the tag {found} is not allowed; write the value without a tag.",
        "第 {line} 行：不允许使用标签 {found}，请直接写值。",
    ),
    "definition_merge": (
        "Line {line}: merge keys (<<) are not supported; write the keys out.",
        "第 {line} 行：不支持合并键（<<），请写出各个键。",
    ),
    "definition_character": (
        "Found {found}: the text holds a character that cannot be stored (NUL or half a surrogate pair).",
        "此处为 {found}：文本中含有无法存储的字符（NUL 或不成对的代理字符）。",
    ),
    "definition_not_json": (
        "Found {found}, which JSON cannot hold.",
        "{found} 无法用 JSON 表示。",
    ),
    "definition_key_type": (
        "The key {found} is not a text; put it in quotes.",
        "键 {found} 不是文本，请加上引号。",
    ),
    # -- keys and types
    "definition_required": ("{key} is missing.", "缺少 {key}。"),
    "definition_key_unknown": (
        "There is no key {found} here; the keys are: {known}.",
        "此处没有键 {found}；可用的键：{known}。",
    ),
    "definition_key_unknown_near": (
        "There is no key {found} here; did you mean {near}?",
        "此处没有键 {found}；是否想写 {near}？",
    ),
    "definition_key_elsewhere": (
        "{key} has no meaning in a node of kind {kind}; it belongs to: {kinds}.",
        "{kind} 类型的节点不支持 {key}；它用于以下类型：{kinds}。",
    ),
    "definition_type_text": (
        "Found {found}; a text is needed (put numbers, dates and the like in quotes).",
        "此处为 {found}；应为文本（数字、日期等请加引号）。",
    ),
    "definition_type_flag": (
        "Found {found}; true or false is needed.",
        "此处为 {found}；应为 true 或 false。",
    ),
    "definition_type_mapping": (
        "Found {found}; a mapping (key: value) is needed.",
        "此处为 {found}；应为映射（键：值）。",
    ),
    "definition_type_list": ("Found {found}; a list is needed.", "此处为 {found}；应为列表。"),
    "definition_type_integer": ("Found {found}; a whole number is needed.", "此处为 {found}；应为整数。"),
    "definition_type_number": ("Found {found}; a number is needed.", "此处为 {found}；应为数字。"),
    "definition_type_choice": (
        "Found {found}; one of these is needed: {known}.",
        "此处为 {found}；应为以下之一：{known}。",
    ),
    "definition_choice": (
        "Found {found}; one of these is needed: {known}.",
        "此处为 {found}；应为以下之一：{known}。",
    ),
    "definition_choice_near": (
        "Found {found}; did you mean {near}? One of these is needed: {known}.",
        "此处为 {found}；是否想写 {near}？应为以下之一：{known}。",
    ),
    "definition_range": (
        "Found {found}; it must be from {least} to {most}.",
        "此处为 {found}；取值范围为 {least} 到 {most}。",
    ),
    "definition_length": (
        "The text has {length} characters; the limit is {limit}.",
        "文本有 {length} 个字符，上限为 {limit} 个。",
    ),
    "definition_duration": (
        'Found {found}; a duration is needed: "10s", "5m", "1h30m", "1d", or a number of seconds.',
        '此处为 {found}；应为时长："10s"、"5m"、"1h30m"、"1d"，或以秒为单位的数字。',
    ),
    "definition_instant": (
        'Found {found}; a date or an instant is needed: "2026-12-01" or "2026-12-01T08:00:00+08:00".',
        '此处为 {found}；应为日期或时刻："2026-12-01" 或 "2026-12-01T08:00:00+08:00"。',
    ),
    "definition_clock": (
        'Found {found}; a time of day is needed: "02:00".',
        '此处为 {found}；应为一天中的时刻："02:00"。',
    ),
    "definition_timezone": (
        "Found {found}; the name of a time zone is needed: Asia/Shanghai.",
        "此处为 {found}；应为时区名称：Asia/Shanghai。",
    ),
    # -- names
    "definition_name": (
        "Found {found}; a name has letters of any script, digits, spaces and _ . - ( ), and begins with a "
        "letter, a digit or _.",
        "此处为 {found}；名称可使用各种文字、数字、空格和 _ . - ( )，并以文字、数字或 _ 开头。",
    ),
    "definition_id": (
        "Found {found}; letters of any script, digits and _ . - are allowed, no . or - at the ends.",
        "此处为 {found}；可使用各种文字、数字和 _ . -，首尾不能是 . 或 -。",
    ),
    "definition_name_differs": (
        "The document is named {found}, the address says {wanted}.",
        "文档中的名称是 {found}，而地址中的名称是 {wanted}。",
    ),
    # -- the graph
    "definition_id_twice": (
        "The id {found} is used already, by {first}.",
        "标识 {found} 已被 {first} 使用。",
    ),
    "definition_edge": (
        "Found {found}; an upstream is a node's id, or {{node: id, case: name}}.",
        "此处为 {found}；上游应为节点标识，或 {{node: 标识, case: 分支名}}。",
    ),
    "definition_edge_twice": ("The upstream {found} is named twice.", "上游 {found} 重复出现。"),
    "definition_node_unknown": (
        "There is no node {found}; the nodes are: {known}.",
        "没有节点 {found}；现有节点：{known}。",
    ),
    "definition_node_unknown_near": (
        "There is no node {found}; did you mean {near}?",
        "没有节点 {found}；是否想写 {near}？",
    ),
    "definition_cycle": (
        "These nodes wait for each other: {cycle}.",
        "以下节点互相等待，形成环：{cycle}。",
    ),
    "definition_case_of": (
        "{node} is of kind {kind}; only the edges of a decision have a case.",
        "{node} 的类型是 {kind}；只有判断节点的连线才有分支。",
    ),
    "definition_case_unknown": (
        "{node} has no case {found}; its cases are: {known}.",
        "{node} 没有分支 {found}；它的分支：{known}。",
    ),
    "definition_case_unknown_near": (
        "{node} has no case {found}; did you mean {near}?",
        "{node} 没有分支 {found}；是否想写 {near}？",
    ),
    # -- parts of a node
    "definition_expression": (
        "The expression {found} does not compile: {error}.",
        "表达式 {found} 无法编译：{error}。",
    ),
    "definition_computed": (
        'Found {found}; a computed value is {{"$cel": "expression"}} and nothing else.',
        '此处为 {found}；计算值只能写作 {{"$cel": "表达式"}}。',
    ),
    "definition_name_unknown": (
        "The expression uses {found}, which no run knows; the names are: {known}.",
        "表达式使用了未知的名称 {found}；可用的名称：{known}。",
    ),
    "definition_name_unknown_near": (
        "The expression uses {found}, which no run knows; did you mean {near}?",
        "表达式使用了未知的名称 {found}；是否想写 {near}？",
    ),
    "definition_field_unknown": (
        "{owner} has no field {found}; it has: {known}.",
        "{owner} 没有字段 {found}；可用的字段：{known}。",
    ),
    "definition_field_unknown_near": (
        "{owner} has no field {found}; did you mean {near}?",
        "{owner} 没有字段 {found}；是否想写 {near}？",
    ),
    "definition_item_alone": (
        "item is the element of a fan-out, and this node has no foreach.",
        "item 是扇出的元素，而此节点没有 foreach。",
    ),
    "definition_param_unknown": (
        "There is no parameter {found}; the parameters are: {known}.",
        "没有参数 {found}；现有参数：{known}。",
    ),
    "definition_param_unknown_near": (
        "There is no parameter {found}; did you mean {near}?",
        "没有参数 {found}；是否想写 {near}？",
    ),
    "definition_cases_empty": ("A decision needs at least one case.", "判断节点至少需要一个分支。"),
    "definition_case_twice": ("The case {found} is there already.", "分支 {found} 已经存在。"),
    "definition_fallback_twice": (
        "Two cases have no condition; only one can be what holds otherwise.",
        "有两个分支没有条件；只有一个分支可以作为其余情况。",
    ),
    "definition_rollback": (
        "Found {found}; a rollback is a mapping for the executor, or the word forbidden.",
        "此处为 {found}；回滚应为交给执行器的映射，或者 forbidden。",
    ),
    "definition_rollback_kind": (
        "A node of kind {kind} has nothing to roll back; only forbidden can stand here.",
        "{kind} 类型的节点没有可回滚的内容；此处只能写 forbidden。",
    ),
    "definition_value_missing": (
        "{key} has no value: write one, or leave the key out.",
        "{key} 没有值：请填写，或去掉此键。",
    ),
    "definition_idle_timer": (
        "{key} does nothing at a timer: it ends when its time has come.",
        "{key} 对定时节点不起作用：到点即结束。",
    ),
    "definition_idle_child": (
        "{key} does nothing at a sub-workflow: its child run is rolled back; only forbidden can stand here.",
        "{key} 对子工作流不起作用：回滚的是其子运行；此处只能写 forbidden。",
    ),
    "definition_idle_decision": (
        "{key} does nothing at a decision: one person chooses, whom approvers names.",
        "{key} 对判断节点不起作用：由 approvers 中的一人选择。",
    ),
    "definition_idle_automatic": (
        "{key} does nothing here: a case has a condition, so no person chooses.",
        "{key} 在此不起作用：有分支带条件，无需人工选择。",
    ),
    "definition_only_with": ("{key} needs {other} beside it.", "{key} 需要与 {other} 一起使用。"),
    "definition_timer": (
        "A timer needs exactly one of for, at, until; found: {found}.",
        "定时节点需要且只能有 for、at、until 之一；现有：{found}。",
    ),
    "definition_approvers": (
        "Found {found}; approvers are {{roles: [...], users: [...]}}, or a list of {{role: name}} and "
        "{{user: name}}, and not empty.",
        "此处为 {found}；审批人应为 {{roles: [...], users: [...]}}，或由 {{role: 名称}} 和 {{user: 名称}} "
        "组成的列表，且不能为空。",
    ),
    "definition_approver": (
        "Found {found}; an approver is either {{role: name}} or {{user: name}}.",
        "此处为 {found}；审批人应为 {{role: 名称}} 或 {{user: 名称}}。",
    ),
    "definition_approvals": (
        "Found {found}; approvals is any, all, or a number of people from 1 to 1000.",
        "此处为 {found}；approvals 应为 any、all，或 1 到 1000 之间的人数。",
    ),
    "definition_approvals_many": (
        "{found} approvals are needed, but only {people} people may give one.",
        "需要 {found} 人审批，但只有 {people} 人可以审批。",
    ),
    "definition_child_key": (
        "The child run is not given {found}: write its parameters as with.params, its target as with.target.",
        "{found} 不会传给子运行：其参数请写在 with.params 下，目标请写在 with.target 下。",
    ),
    # -- executors
    "definition_executor_unknown": (
        "There is no executor {found}; the executors are: {known}.",
        "没有执行器 {found}；现有执行器：{known}。",
    ),
    "definition_executor_unknown_near": (
        "There is no executor {found}; did you mean {near}?",
        "没有执行器 {found}；是否想写 {near}？",
    ),
    "definition_input_unknown": (
        "The executor {executor} takes no input {found}; it takes: {known}.",
        "执行器 {executor} 没有输入 {found}；可用的输入：{known}。",
    ),
    "definition_input_unknown_near": (
        "The executor {executor} takes no input {found}; did you mean {near}?",
        "执行器 {executor} 没有输入 {found}；是否想写 {near}？",
    ),
    "definition_input_beside": (
        "The executor {executor} takes no input {found}: it belongs to the node, beside with.",
        "执行器 {executor} 没有输入 {found}：它属于节点本身，应与 with 并列书写。",
    ),
    "definition_executor_rollback": (
        "The executor {executor} takes no rollback block.",
        "执行器 {executor} 不支持 rollback 配置。",
    ),
    # -- declared parameters
    "definition_param_name": (
        "Found {found}; a parameter's name has ASCII letters, digits and _ and does not begin with a digit "
        "(it becomes an environment variable).",
        "此处为 {found}；参数名只能使用 ASCII 字母、数字和 _，且不能以数字开头（它会成为环境变量名）。",
    ),
    "definition_param_twice": (
        "{found} and {other} would be the same environment variable.",
        "{found} 与 {other} 会成为同一个环境变量。",
    ),
    "definition_param_schema": (
        "This is not a valid JSON Schema: {error}",
        "这不是有效的 JSON Schema：{error}",
    ),
    "definition_param_reference": (
        "{found} is not allowed in a parameter's schema; write the schema out.",
        "参数的 schema 中不允许使用 {found}；请写出完整的 schema。",
    ),
    "definition_param_default": (
        "The default {found} does not fit the parameter's own schema.",
        "默认值 {found} 不符合该参数自己的 schema。",
    ),
    # -- parameters of a run
    "params_invalid": ("The parameters have {count} problem(s).", "参数中有 {count} 处问题。"),
    "params_type": (
        "Found {found}; parameters are an object (name: value).",
        "此处为 {found}；参数应为对象（名称：值）。",
    ),
    "params_too_large": (
        "The parameters have {size} bytes of JSON; the limit is {limit}.",
        "参数的 JSON 大小为 {size} 字节，上限为 {limit} 字节。",
    ),
    "params_unknown": (
        "The workflow has no parameter {found}; its parameters are: {known}.",
        "该工作流没有参数 {found}；它的参数：{known}。",
    ),
    "params_unknown_near": (
        "The workflow has no parameter {found}; did you mean {near}?",
        "该工作流没有参数 {found}；是否想写 {near}？",
    ),
    "params_required": ("The parameter {name} is missing.", "缺少参数 {name}。"),
    "params_secret": (
        "{name} takes the name of a secret in the vault; what is given is none.",
        "{name} 须填写保险库中机密的名称；所给的值不是。",
    ),
    "params_kind": ("Found {found}; the type must be: {wanted}.", "此处为 {found}；类型应为：{wanted}。"),
    "params_enum": (
        "Found {found}; it must be one of: {wanted}.",
        "此处为 {found}；应为以下之一：{wanted}。",
    ),
    "params_const": ("Found {found}; it must be {wanted}.", "此处为 {found}；应为 {wanted}。"),
    "params_minimum": ("Found {found}; it must be at least {wanted}.", "此处为 {found}；不能小于 {wanted}。"),
    "params_maximum": ("Found {found}; it must be at most {wanted}.", "此处为 {found}；不能大于 {wanted}。"),
    "params_exclusiveMinimum": (
        "Found {found}; it must be more than {wanted}.",
        "此处为 {found}；应大于 {wanted}。",
    ),
    "params_exclusiveMaximum": (
        "Found {found}; it must be less than {wanted}.",
        "此处为 {found}；应小于 {wanted}。",
    ),
    "params_minLength": (
        "Found {found}; it must have at least {wanted} characters.",
        "此处为 {found}；至少需要 {wanted} 个字符。",
    ),
    "params_maxLength": (
        "Found {found}; it must have at most {wanted} characters.",
        "此处为 {found}；最多 {wanted} 个字符。",
    ),
    "params_minItems": (
        "Found {found}; it must have at least {wanted} elements.",
        "此处为 {found}；至少需要 {wanted} 个元素。",
    ),
    "params_maxItems": (
        "Found {found}; it must have at most {wanted} elements.",
        "此处为 {found}；最多 {wanted} 个元素。",
    ),
    "params_pattern": (
        "Found {found}; it must match the pattern {wanted}.",
        "此处为 {found}；应匹配模式 {wanted}。",
    ),
    "params_format": ("Found {found}; it must be a valid {wanted}.", "此处为 {found}；应为有效的 {wanted}。"),
    "params_multipleOf": (
        "Found {found}; it must be a multiple of {wanted}.",
        "此处为 {found}；应为 {wanted} 的倍数。",
    ),
    "params_uniqueItems": (
        "Found {found}; its elements must differ.",
        "此处为 {found}；其中的元素不能重复。",
    ),
    "params_other": ("Found {found}; {error}", "此处为 {found}；{error}"),
    # -- workflows as resources
    "workflow_exists": ("There is a workflow {name} already.", "工作流 {name} 已存在。"),
    "workflow_published": (
        "The workflow {name} is published; take it offline first.",
        "工作流 {name} 已发布；请先下线。",
    ),
    "workflow_open_runs": (
        "The workflow {name} has {count} open run(s); end them first.",
        "工作流 {name} 有 {count} 个未结束的运行；请先结束它们。",
    ),
    "workflow_not_published": ("The workflow {name} is not published.", "工作流 {name} 未发布。"),
}

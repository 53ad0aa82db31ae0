"""Messages of the area ``run``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "run_wrong_state": (
        "Run {run} is {status}: this is not possible now.",
        "运行 {run} 处于 {status} 状态，现在不能执行此操作。",
    ),
    "run_paused": (
        "Run {run} is paused: resume it first.",
        "运行 {run} 已暂停，请先恢复。",
    ),
    "run_not_paused": ("Run {run} is {status} and not paused.", "运行 {run} 处于 {status} 状态，并未暂停。"),
    "run_closed": (
        "Run {run} is {status}: its steps can no longer be changed.",
        "运行 {run} 已是 {status} 状态，其步骤不能再更改。",
    ),
    "run_rolled_back": ("Run {run} is already rolled back.", "运行 {run} 已经回滚完毕。"),
    "run_rollback_forbidden": (
        "Run {run} cannot be rolled back: its node {node} was executed and forbids it.",
        "运行 {run} 不能回滚：节点 {node} 已执行且禁止回滚。",
    ),
    "run_too_many_steps": (
        "The run would have {found} steps; the limit is {limit}.",
        "该运行将有 {found} 个步骤，上限为 {limit}。",
    ),
    "run_not_startable": ("Workflow {workflow} cannot be started.", "工作流 {workflow} 无法启动。"),
    "foreach_failed": ("foreach cannot be evaluated: {error}.", "foreach 无法求值：{error}。"),
    "step_wrong_state": (
        "Step {step} is {status}: this is not possible now.",
        "步骤 {step} 处于 {status} 状态，现在不能执行此操作。",
    ),
    "retry_inputs": (
        "Step {step} cannot be retried with these inputs.",
        "步骤 {step} 无法以这些输入重试。",
    ),
    "retry_expression": (
        "The definition has no expression {found} for this step: give its value instead.",
        "该步骤的定义中没有表达式 {found}：请直接填写它的值。",
    ),
    "step_taken_away": ("Step {step} is no longer part of the run.", "步骤 {step} 已不属于该运行。"),
    "step_expired": (
        "Step {step} is {status}: the time to answer is over.",
        "步骤 {step} 处于 {status} 状态：答复期限已过。",
    ),
    "step_not_skippable": (
        "The timer of step {step} may not be skipped.",
        "步骤 {step} 的定时不允许跳过。",
    ),
    "step_awaits_rollback": (
        "Step {step} is {status} and waits for its rollback: retry is for a failed rollback.",
        "步骤 {step} 处于 {status} 状态，正等待回滚；重试只用于失败的回滚。",
    ),
    "approval_by_requester": (
        "The person who started the run may not approve step {step}.",
        "发起人不能审批步骤 {step}。",
    ),
    "approval_not_yours": (
        "{user} is not among those whose turn it is to approve step {step}.",
        "{user} 不在步骤 {step} 当前的审批人之列。",
    ),
    "choice_not_yours": (
        "{user} is not among those who choose at step {step}.",
        "{user} 不在步骤 {step} 的选择人之列。",
    ),
    "approval_twice": ("You have already answered step {step}.", "您已经审批过步骤 {step}。"),
    "comment_too_long": (
        "The comment has {length} characters; the limit is {limit}.",
        "备注共 {length} 个字符，上限为 {limit}。",
    ),
    "case_unknown": (
        "Step {step} has no case {case!r}; it has: {cases}.",
        "步骤 {step} 没有分支 {case!r}；可选分支：{cases}。",
    ),
    "work_no_executor": ("There is no executor named {executor}.", "没有名为 {executor} 的执行器。"),
    "work_input": ("{name} is {found}: it must be {wanted}.", "{name} 的值为 {found}，应为：{wanted}。"),
    "work_nul": (
        "{name} contains a NUL character, which no program can receive.",
        "{name} 含有 NUL 字符，任何程序都无法接收。",
    ),
    "work_env_name": ("{name} cannot be the name of an environment variable.", "{name} 不能用作环境变量名。"),
    "work_env_large": (
        "note: {name} is too large for the environment ({bytes} bytes): read it from $HEADRACE_CONTEXT",
        "提示：{name} 有 {bytes} 字节，超出环境变量的容量，请从 $HEADRACE_CONTEXT 读取",
    ),
    "work_program": ("{program} cannot be started: {why}.", "无法启动 {program}：{why}。"),
    "work_program_none": (
        "There is no program {program} in the PATH of the server.",
        "在服务器的 PATH 中找不到程序 {program}。",
    ),
    "work_program_words": (
        "There is no program named {program}: a program with arguments is written as a list.",
        "没有名为 {program} 的程序：带参数的程序应写成列表。",
    ),
    "work_cwd": ("The folder {cwd} cannot be entered: {why}.", "无法进入目录 {cwd}：{why}。"),
    "work_folder": ("The files of the step cannot be written: {why}.", "无法写入该步骤的文件：{why}。"),
    "work_log": ("The log cannot be written: {why}.", "无法写入日志：{why}。"),
    "work_log_cut": ("The log is incomplete: {why}.", "日志不完整：{why}。"),
    "work_exit_code": ("exited with code {number}", "退出码为 {number}"),
    "work_exit_code_said": ("exited with code {number}: {last}", "退出码为 {number}：{last}"),
    "work_signal": ("killed from outside by signal {signal}", "被外部信号 {signal} 终止"),
    "work_crash": ("crashed with signal {signal}", "因信号 {signal} 崩溃"),
    "work_oom_within": (
        "exited with code {number}: the machine ran out of memory and killed what it was running",
        "退出码为 {number}：机器内存耗尽，其运行的程序被终止",
    ),
    "work_oom": (
        "killed by signal {signal}: the machine ran out of memory",
        "被信号 {signal} 终止：机器内存耗尽",
    ),
    "work_outputs_json": ("The outputs are not valid JSON: {why}.", "输出不是有效的 JSON：{why}。"),
    "work_outputs_text": (
        "The outputs are not UTF-8, as JSON must be.",
        "输出不是 UTF-8 编码，JSON 必须使用 UTF-8。",
    ),
    "work_outputs_object": (
        "The outputs are a JSON {found}: an object is needed.",
        "输出是 JSON {found}，应为对象。",
    ),
    "work_outputs_kept": ("The outputs cannot be written down: {why}.", "无法保存输出：{why}。"),
    "work_outputs_unbraced": (
        "The outputs have {bytes} bytes and are no JSON object: they do not begin with {{ or end with }}.",
        "输出有 {bytes} 字节，但不是 JSON 对象：开头不是 {{ 或结尾不是 }}。",
    ),
    "work_outputs_large": (
        "The outputs have {bytes} bytes; the limit is {limit}.",
        "输出有 {bytes} 字节，上限为 {limit}。",
    ),
    "work_outputs_file": (
        "$HEADRACE_OUTPUTS cannot be read: it must be a plain file.",
        "无法读取 $HEADRACE_OUTPUTS：它必须是普通文件。",
    ),
    "work_cancelled": ("canceled", "已取消"),
    "work_resists": ("still there after being killed: process {why}", "终止后仍存在：进程 {why}"),
    "work_thread_resists": (
        "the executor {executor} does not stop when asked to",
        "执行器 {executor} 未按要求停止",
    ),
    "work_server_stopped": ("the server stopped while it ran", "运行期间服务器停止"),
    "work_keeper_killed": ("the process that carried it was killed", "承载它的进程被终止"),
    "work_keeper_silent": ("the process that carries it does not answer", "承载它的进程没有应答"),
    "work_http": ("The request failed: {why}.", "请求失败：{why}。"),
    "work_http_timeout": ("No whole answer within {seconds} seconds.", "{seconds} 秒内没有收到完整的响应。"),
    "work_http_status": ("answered with status {status}", "响应状态码为 {status}"),
    "work_http_status_said": ("answered with status {status}: {body}", "响应状态码为 {status}：{body}"),
    "work_sql": ("The database refused: {why}", "数据库拒绝：{why}"),
    "work_sql_url": ("url is not a database URL.", "url 不是数据库地址。"),
    "work_sql_database": (
        "The database {found} is not supported; there are {known}.",
        "不支持数据库 {found}，可用的有 {known}。",
    ),
    "work_sql_driver": ("The driver for {database} is missing: {why}.", "缺少 {database} 的驱动：{why}。"),
    "work_sql_params": ("params lacks {names}.", "params 缺少 {names}。"),
    "start_not_published": (
        "Workflow {workflow} is not published: publish it, or name a version.",
        "工作流 {workflow} 尚未发布：请先发布，或指定版本。",
    ),
    "start_concurrency": (
        "Workflow {workflow} already has {limit} active run(s), which is its limit.",
        "工作流 {workflow} 已有 {limit} 个运行，达到并发上限。",
    ),
    "start_targets_invalid": (
        "The targets do not fit workflow {workflow}.",
        "目标对象与工作流 {workflow} 不符。",
    ),
    "start_target_unknown": ("There is no target {found}.", "目标对象 {found} 不存在。"),
    "start_target_missing": (
        "A target of type {type} is needed.",
        "需要一个类型为 {type} 的目标对象。",
    ),
    "start_child": (
        "The run of workflow {workflow} could not be started: {why}",
        "工作流 {workflow} 的运行无法启动：{why}",
    ),
    "start_child_problem": (
        "The run of workflow {workflow} could not be started because of {place}: {why}",
        "工作流 {workflow} 的运行因 {place} 无法启动：{why}",
    ),
    "start_behind_itself": (
        "Workflow {workflow} has {limit} active run(s), its limit, and one of them waits for this run.",
        "工作流 {workflow} 已有 {limit} 个运行，达到并发上限，而其中一个正在等待此运行。",
    ),
    "start_too_deep": (
        "Workflows may start one another {limit} levels deep, not deeper.",
        "工作流之间最多可以嵌套启动 {limit} 层。",
    ),
    "work_unrecorded": ("Its end could not be recorded: {why}.", "无法记录其结果：{why}。"),
    "idempotency_mismatch": (
        "This idempotency key was used for another request.",
        "此幂等键已用于另一个请求。",
    ),
}

"""Messages of the area ``cli``: what commands print. Code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_serving": ("Headrace {version} serves {url}", "Headrace {version} 已启动:{url}"),
    "cli_password": (
        "First start. Sign in as user {user} with password {password} (shown only now).",
        "首次启动。用户名 {user},密码 {password}(仅显示这一次)。",
    ),
    "cli_stop_hint": ("Ctrl-C ends it after running steps have finished.", "按 Ctrl-C 停止(会等待运行中的步骤结束)。"),
    "cli_draining": (
        "Ending: waiting up to {seconds} s for running steps; Ctrl-C again ends them now.",
        "正在停止:最多等待运行中的步骤 {seconds} 秒;再次按 Ctrl-C 立即结束。",
    ),
    "cli_port_taken": (
        "Port {port} on {host} cannot be used: {error}. Choose another with --port.",
        "无法使用 {host} 的端口 {port}:{error}。请用 --port 指定其他端口。",
    ),
    "cli_plugin": ("Not loaded: {problem}", "未加载:{problem}"),
    "cli_file_unreadable": ("{path} cannot be read: {error}", "无法读取 {path}:{error}"),
    "cli_lint_ok": ("{path}: ok", "{path}:正确"),
    "cli_lint_bad": ("{path}: {count} problem(s)", "{path}:{count} 个问题"),
    "cli_applied": ("{name}: draft saved", "{name}:草稿已保存"),
    "cli_applied_published": ("{name}: version {version} published", "{name}:已发布版本 {version}"),
    "cli_unchanged": ("{name}: unchanged", "{name}:无变化"),
    "cli_would_apply": ("{name}: would change (nothing was written)", "{name}:将会更改(未写入)"),
    "cli_exported": ("{name} -> {path}", "{name} -> {path}"),
    "cli_nothing_found": ("No definition found in {path}.", "在 {path} 中没有找到定义。"),
    "cli_unreachable": (
        "The server {url} does not answer: {error}",
        "服务 {url} 没有响应:{error}",
    ),
    "cli_token_needed": (
        "A token is needed for {url}: give --token or set HEADRACE_TOKEN.",
        "访问 {url} 需要令牌:请使用 --token 或设置 HEADRACE_TOKEN。",
    ),
    "cli_param_form": (
        "-p {given}: expected name=value",
        "-p {given}:应为 名称=值",
    ),
    "cli_target_form": (
        "--target {given}: expected type/name",
        "--target {given}:应为 类型/名称",
    ),
    "cli_started": ("Run {run} of {workflow} (version {version}) started", "已启动 {workflow}(版本 {version})的运行 {run}"),
    "cli_finished": ("Run {run} is {status} after {seconds}", "运行 {run} 已结束:{status},用时 {seconds}"),
    "cli_waits": (
        "Step {step} ({node}) waits for {wait}",
        "步骤 {step}({node})正在等待:{wait}",
    ),
    "cli_failed_step": ("Step {step} ({node}) {status}: {reason}", "步骤 {step}({node}){status}:{reason}"),
    "cli_next_steps": (
        "With `headrace serve` running you can repair it: retry, skip or roll back (see docs/guides/cli.md).",
        "启动 `headrace serve` 后可以修复该运行:重试、跳过或回滚(见 docs/guides/cli.zh-CN.md)。",
    ),
    "cli_wait_over": ("Run {run} is still {status} after {seconds} s.", "{seconds} 秒后运行 {run} 仍为 {status}。"),
    "cli_trace": ("(trace {trace})", "(跟踪号 {trace})"),
    "cli_column_step": ("step", "步骤"),
    "cli_column_state": ("state", "状态"),
    "cli_column_attempt": ("attempt", "次数"),
    "cli_column_time": ("time", "用时"),
    "cli_column_message": ("message", "信息"),
}

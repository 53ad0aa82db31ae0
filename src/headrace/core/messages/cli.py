"""Messages of the area ``cli``: what commands print. Code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli_serving": ("Headrace {version} serves {url}", "Headrace {version} 已启动:{url}"),
    "cli_password": (
        "First start. Sign in as user {user} with password {password} (shown only now).",
        "首次启动。用户名 {user},密码 {password}(仅显示这一次)。",
    ),
    "cli_stop_hint": (
        "Ctrl-C ends it after running steps have finished.",
        "按 Ctrl-C 停止(会等待运行中的步骤结束)。",
    ),
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
    "cli_started": (
        "Run {run} of {workflow} (version {version}) started",
        "已启动 {workflow}(版本 {version})的运行 {run}",
    ),
    "cli_finished": ("Run {run} is {status} after {seconds}", "运行 {run} 已结束:{status},用时 {seconds}"),
    "cli_failed_step": ("Step {step} ({node}) {status}: {reason}", "步骤 {step}({node}){status}:{reason}"),
    "cli_no_such_step": (
        "Run {run} has no step “{step}”. Its nodes: {nodes}.",
        "运行 {run} 没有步骤“{step}”。它的节点:{nodes}。",
    ),
    "cli_several_steps": (
        "“{step}” is more than one step. Name one by its id: {ids}.",
        "“{step}”对应多个步骤,请用编号指定:{ids}。",
    ),
    "cli_nothing_waits": (
        "No step of run {run} waits for: {wait}.",
        "运行 {run} 没有等待“{wait}”的步骤。",
    ),
    "cli_not_json": ("{path} is not JSON: {error}", "{path} 不是 JSON:{error}"),
    "cli_run_is": ("Run {run}: {state}", "运行 {run}:{state}"),
    "cli_run_paused": ("Run {run}: {state}, paused", "运行 {run}:{state},已暂停"),
    "cli_waits_approval": (
        "waits for approval: headrace approve {run} {step}, or headrace reject {run} {step}",
        "等待审批:headrace approve {run} {step} 或 headrace reject {run} {step}",
    ),
    "cli_waits_choice": (
        "waits for a choice: headrace choose {run} CASE --step {step}",
        "等待选择分支:headrace choose {run} CASE --step {step}",
    ),
    "cli_waits_debug": (
        "waits to be repaired: headrace retry {run} {step}, or headrace skip {run} {step}",
        "等待修复:headrace retry {run} {step} 或 headrace skip {run} {step}",
    ),
    "cli_next_steps": (
        "To repair it: headrace retry {run}, headrace skip {run} {step}, or headrace rollback {run}",
        "可以修复:headrace retry {run}、headrace skip {run} {step} 或 headrace rollback {run}",
    ),
    "cli_wait_over": (
        "Run {run} is still {state} after {seconds} s.",
        "{seconds} 秒后运行 {run} 仍为 {state}。",
    ),
    "cli_trace": ("(trace {trace})", "(跟踪号 {trace})"),
    "cli_column_step": ("step", "步骤"),
    "cli_column_state": ("state", "状态"),
    "cli_column_attempt": ("attempt", "次数"),
    "cli_column_time": ("time", "用时"),
    "cli_column_message": ("message", "信息"),
    "demo_hosts": ("Started four web services: {hosts}", "已启动四个 Web 服务:{hosts}"),
    "demo_server": ("Started a server of its own at {url}", "已启动演示用的服务:{url}"),
    "demo_workflow": (
        "\nThe procedure: change record, drain, restart two hosts at a time, check, sign-off, open again\n",
        "\n流程:写变更记录、摘除流量、每次重启两台主机、健康检查、负责人签核、恢复流量\n",
    ),
    "demo_first": ("\nFirst run: version v2", "\n第一次运行:版本 v2"),
    "demo_second": (
        "\nSecond run: version v3, which is broken",
        "\n第二次运行:版本 v3(有缺陷)",
    ),
    "demo_lead_approves": ("lee (release-lead) approves step {step}", "lee(release-lead)批准了步骤 {step}"),
    "demo_rolling_back": ("\nRolling back run {run}\n", "\n正在回滚运行 {run}\n"),
    "demo_timeline": ("timeline, {seconds} s", "时间线,共 {seconds} 秒"),
    "demo_run_succeeded": ("run {run} succeeded", "运行 {run} 成功"),
    "demo_in_parallel": ("hosts were restarted two at a time", "主机按每次两台并行重启"),
    "demo_retried": (
        "{count} health check(s) failed while a service warmed up, and were retried",
        "{count} 个健康检查在服务预热时失败,并已自动重试",
    ),
    "demo_decided": (
        "the decision took the branch `good` and bypassed `bad`",
        "判断节点选择了 good 分支,跳过了 bad 分支",
    ),
    "demo_approved": ("lee signed it off; the requester could not", "由 lee 签核,发起人不能自己签核"),
    "demo_serves": (
        "every host really serves {version} (asked over HTTP)",
        "每台主机确实在提供 {version}(通过 HTTP 确认)",
    ),
    "demo_open_again": (
        "the load balancer is open, the change record written",
        "流量已恢复,变更记录已写入",
    ),
    "demo_failed": (
        "with v3, {count} health check(s) failed for good and the run is FAILED",
        "v3 的 {count} 个健康检查最终失败,运行状态为 FAILED",
    ),
    "demo_rolled_back": ("run {run} was rolled back completely", "运行 {run} 已完整回滚"),
    "demo_in_reverse": (
        "undone in reverse order: hosts first, the load balancer last",
        "按相反顺序撤销:先主机,最后恢复流量",
    ),
    "demo_nothing_left": ("the change record is gone, the load balancer open", "变更记录已删除,流量已恢复"),
    "demo_checked": ("What was checked:", "检查结果:"),
    "demo_next": (
        "All of it happened. Go on: `make serve`, then open http://127.0.0.1:8080/docs; "
        "the procedure is src/headrace/cli/demo/rolling-restart.yaml, the guide docs/guides/start.md.",
        "以上全部属实。下一步:执行 `make serve`,打开 http://127.0.0.1:8080/docs;"
        "流程定义见 src/headrace/cli/demo/rolling-restart.yaml,入门指南见 docs/guides/start.zh-CN.md。",
    ),
    "demo_not_all": ("Not everything happened as it should.", "并非所有检查都通过。"),
}

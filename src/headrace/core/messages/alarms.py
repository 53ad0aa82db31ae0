"""Messages of the area ``alarms``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    # -- definitions
    "definition_alarm_value": (
        "A text cannot show {{{found}}}; it can show: {known}.",
        "文本中不能使用 {{{found}}}；可用的值：{known}。",
    ),
    "definition_alarm_value_near": (
        "A text cannot show {{{found}}}; did you mean {{{near}}}?",
        "文本中不能使用 {{{found}}}；是否想写 {{{near}}}？",
    ),
    "definition_channel_unknown": (
        "There is no channel {found}; create it before publishing.",
        "没有渠道 {found}；请先创建再发布。",
    ),
    # -- channels
    "channel_invalid": ("The channel has {count} problem(s).", "该渠道有 {count} 处问题。"),
    "channel_exists": ("There is a channel {name} already.", "渠道 {name} 已存在。"),
    "channel_used": (
        "The channel {name} is named by published workflows: {workflows}.",
        "渠道 {name} 正被已发布的工作流使用：{workflows}。",
    ),
    "channel_url": (
        "Found {found}; an address like https://host/path is needed.",
        "此处为 {found}；应为形如 https://host/path 的地址。",
    ),
    "channel_address": (
        "Found {found}; an e-mail address is needed.",
        "此处为 {found}；应为电子邮件地址。",
    ),
    "channel_header": (
        "The header {found} cannot be set: {why}.",
        "不能设置请求头 {found}：{why}。",
    ),
    "channel_secret_robot": (
        "The robot's webhook address is needed, or the token at its end.",
        "需要填写机器人的 webhook 地址，或其末尾的令牌。",
    ),
    "channel_secret_webhook": (
        "The address of the incoming webhook is needed.",
        "需要填写 Incoming Webhook 的地址。",
    ),
    "channel_secret_service": (
        "The service's address is needed, as Apprise writes it: tgram://token/chat.",
        "需要填写 Apprise 格式的服务地址，如 tgram://令牌/会话。",
    ),
    "channel_secret_again": (
        "The server has changed: give the password again, so that it cannot be sent to a stranger.",
        "服务器已更改：请重新填写密码，以免将其发送给他人。",
    ),
    "channel_secret_needless": (
        "A channel of kind {kind} has no signing key.",
        "{kind} 类型的渠道没有签名密钥。",
    ),
    "channel_user_missing": (
        "A password needs a user beside it.",
        "有密码时需要同时填写用户。",
    ),
    "channel_clear": (
        "A password must not go over an unencrypted connection; use starttls or ssl.",
        "密码不能通过未加密的连接发送；请使用 starttls 或 ssl。",
    ),
    # -- sending
    "alarm_not_retried": (
        "The alarm {id} has status {status}; only one that FAILED can be tried again.",
        "告警 {id} 的状态为 {status}；只有 FAILED 的告警才能重试。",
    ),
    "alarm_channel_gone": ("There is no channel {channel} any more.", "渠道 {channel} 已不存在。"),
    "alarm_channel_disabled": ("The channel {channel} is disabled.", "渠道 {channel} 已停用。"),
    "alarm_receiver_none": (
        "Nobody is named as receiver, neither by the alarm nor by the channel.",
        "告警和渠道都没有指定接收人。",
    ),
    "alarm_receiver_unknown": ("There is no user {receiver}.", "没有用户 {receiver}。"),
    "alarm_receiver_address": (
        "The user {receiver} has no e-mail address.",
        "用户 {receiver} 没有电子邮件地址。",
    ),
    "alarm_secret": (
        "The channel's secret cannot be read with the key of this server.",
        "当前服务器的密钥无法读取该渠道的密钥。",
    ),
    "alarm_timeout": ("No answer within {seconds} s.", "{seconds} 秒内没有应答。"),
    "alarm_unreachable": ("{host} cannot be reached: {why}", "无法连接 {host}：{why}"),
    "alarm_denied": (
        "{host} is {address}, an address that alarms must not be sent to.",
        "{host} 的地址为 {address}，不允许向其发送告警。",
    ),
    "alarm_refused": ("{host} answered: {answer}", "{host} 的应答：{answer}"),
    "alarm_service": ("The service is not known or not allowed: {scheme}", "未知或不允许的服务：{scheme}"),
    # -- texts
    "alarm_run_started": ("Workflow {workflow} has started", "工作流 {workflow} 已开始"),
    "alarm_run_succeeded": ("Workflow {workflow} succeeded", "工作流 {workflow} 执行成功"),
    "alarm_run_failed": ("Workflow {workflow} failed", "工作流 {workflow} 执行失败"),
    "alarm_run_failed_undoing": (
        "Workflow {workflow} failed and is being rolled back",
        "工作流 {workflow} 执行失败，正在回滚",
    ),
    "alarm_run_canceled": ("Workflow {workflow} was terminated", "工作流 {workflow} 已被终止"),
    "alarm_run_expired": ("Workflow {workflow} ran out of time", "工作流 {workflow} 执行超时"),
    "alarm_run_undone": ("Workflow {workflow} was rolled back", "工作流 {workflow} 已回滚"),
    "alarm_run_undo_failed": (
        "Workflow {workflow} could not be rolled back",
        "工作流 {workflow} 回滚失败",
    ),
    "alarm_step_started": ("{node} of workflow {workflow} has started", "工作流 {workflow} 的 {node} 已开始"),
    "alarm_step_succeeded": (
        "{node} of workflow {workflow} succeeded",
        "工作流 {workflow} 的 {node} 执行成功",
    ),
    "alarm_step_failed": ("{node} of workflow {workflow} failed", "工作流 {workflow} 的 {node} 执行失败"),
    "alarm_step_canceled": (
        "{node} of workflow {workflow} was canceled",
        "工作流 {workflow} 的 {node} 已取消",
    ),
    "alarm_step_undo_failed": (
        "{node} of workflow {workflow} could not be rolled back",
        "工作流 {workflow} 的 {node} 回滚失败",
    ),
    "alarm_status_started": ("started", "已开始"),
    "alarm_status_succeeded": ("succeeded", "成功"),
    "alarm_status_failed": ("failed", "失败"),
    "alarm_status_failed_undoing": ("failed, being rolled back", "失败，回滚中"),
    "alarm_status_canceled": ("canceled", "已取消"),
    "alarm_status_expired": ("out of time", "超时"),
    "alarm_status_undone": ("rolled back", "已回滚"),
    "alarm_status_undo_failed": ("rollback failed", "回滚失败"),
    "alarm_occasion_start": ("start", "开始"),
    "alarm_occasion_end": ("end", "结束"),
    "alarm_occasion_failure": ("failure", "失败"),
    "alarm_occasion_success": ("success", "成功"),
    "alarm_reason_error": ("error", "出错"),
    "alarm_reason_timeout": ("timeout", "超时"),
    "alarm_reason_lost": ("worker lost", "执行进程丢失"),
    "alarm_reason_canceled": ("canceled", "已取消"),
    "alarm_reason_expired": ("expired", "已过期"),
    "alarm_reason_rejected": ("rejected", "被驳回"),
    "alarm_line_run": ("Run: {run}", "运行：{run}"),
    "alarm_line_step": ("Step: {step}", "步骤：{step}"),
    "alarm_line_planned": ("Planned: {planned}", "计划时间：{planned}"),
    "alarm_line_at": ("Time: {at}", "时间：{at}"),
    "alarm_line_node": ("Failed at: {node}", "失败节点：{node}"),
    "alarm_line_reason": ("Reason: {reason}", "原因：{reason}"),
    "alarm_trial": ("Headrace: a test of the channel {channel}", "Headrace：渠道 {channel} 的测试消息"),
    "alarm_trial_more": (
        "If you can read this, alarms over this channel reach you.",
        "收到此消息表示可以通过该渠道接收告警。",
    ),
}

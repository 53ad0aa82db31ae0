"""Messages of the area ``invocation``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "invocation_token_kind": (
        "This is an API token; a call from outside needs an invocation token of the workflow.",
        "这是 API 令牌；外部调用需要使用该工作流的调用令牌。",
    ),
    "invocation_token_wrong": ("The token is not valid.", "令牌无效。"),
    "invocation_token_revoked": ("The token was revoked.", "令牌已被撤销。"),
    "invocation_token_expired": ("The token has expired.", "令牌已过期。"),
    "invocation_token_foreign": (
        "The token belongs to another workflow than {workflow}.",
        "该令牌不属于工作流 {workflow}。",
    ),
    "invocation_user_disabled": (
        "The user {user}, who made the token, is disabled.",
        "创建该令牌的用户 {user} 已被停用。",
    ),
    "invocation_tenant_disabled": (
        "The tenant of the token is disabled.",
        "该令牌所属的租户已被停用。",
    ),
    "invocation_user_rights": (
        "The user {user}, who made the token, may not start runs any more.",
        "创建该令牌的用户 {user} 已没有启动运行的权限。",
    ),
    "invocation_not_published": (
        "The workflow {workflow} is not published.",
        "工作流 {workflow} 未发布。",
    ),
    "invocation_off": (
        "The published version of the workflow {workflow} takes no calls from outside.",
        "工作流 {workflow} 的已发布版本未开启外部调用。",
    ),
    "invocation_too_often": (
        "Too many calls. Try again in {seconds} s.",
        "调用过于频繁，请在 {seconds} 秒后再试。",
    ),
    "publish_input_missing": (
        "A task of the executor {executor} needs {names}.",
        "执行器 {executor} 的任务需要 {names}。",
    ),
    "publish_empty": (
        "There is nothing to publish: the workflow has no nodes.",
        "没有可发布的内容：工作流中没有任何节点。",
    ),
    "flow_done": ("Done.", "操作成功"),
    "flow_saved": ("Saved.", "保存成功"),
    "flow_created": ("Created.", "创建成功"),
    "flow_deleted": ("Deleted.", "删除成功"),
    "flow_found": ("Found.", "查询成功"),
    "flow_started": ("Started.", "提交成功"),
    "flow_invoked": ("Called.", "调用成功"),
    "flow_published": ("Published.", "发布成功"),
    "flow_offline": ("Taken offline.", "下线成功"),
    "flow_imported": ("Imported.", "导入成功"),
    "noun_job_flow": ("job flow", "作业流"),
    "noun_flow_instance": ("flow instance", "作业流实例"),
    "noun_job_instance": ("job instance", "作业实例"),
    "canvas_shape": ("A cell has one of the shapes {expected}.", "单元格的 shape 应为 {expected} 之一。"),
    "canvas_job_unknown": (
        "There is no job {found} in this job flow. A new job brings its definition as data.node.",
        "作业流中没有作业 {found}。新作业需要在 data.node 中提供其定义。",
    ),
    "canvas_edge_loose": ("Both ends of an edge must be on a job.", "连线的两端都必须连接到作业。"),
    "import_unreadable": (
        "The file is not an exported job flow.",
        "该文件不是导出的作业流。",
    ),
    "import_file_missing": (
        "The form has no file workflowConfigFile.",
        "表单中缺少文件 workflowConfigFile。",
    ),
    "invocation_tokens_many": (
        "A workflow has at most {limit} valid invocation tokens; revoke one first.",
        "每个工作流最多有 {limit} 个有效的调用令牌，请先撤销一个。",
    ),
    "invocation_revoked_already": (
        "The token {label} is revoked; make a new one.",
        "令牌 {label} 已被撤销，请新建令牌。",
    ),
}

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
    "invocation_tokens_many": (
        "A workflow has at most {limit} valid invocation tokens; revoke one first.",
        "每个工作流最多有 {limit} 个有效的调用令牌，请先撤销一个。",
    ),
    "invocation_revoked_already": (
        "The token {label} is revoked; make a new one.",
        "令牌 {label} 已被撤销，请新建令牌。",
    ),
}

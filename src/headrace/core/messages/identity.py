"""Messages of the area ``identity``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credentials_missing": (
        "Sign in: send an API token (Authorization: Bearer) or a name and password (Basic).",
        "请先登录：使用 API 令牌（Authorization: Bearer）或用户名和密码（Basic）。",
    ),
    "credentials_wrong": ("The credentials are not valid.", "登录凭据无效。"),
    "too_many_failures": (
        "Too many failed sign-ins. Try again in {seconds} s.",
        "登录失败次数过多，请在 {seconds} 秒后再试。",
    ),
    "session_over": ("Your session has ended. Sign in again.", "登录已过期，请重新登录。"),
    "request_foreign": (
        "With a session cookie, a change needs the header {header}, sent by a page of this server.",
        "使用会话 Cookie 时，修改类请求必须由本服务的页面发出并带有请求头 {header}。",
    ),
    "permission_missing": ("This needs the permission {permission}.", "此操作需要权限 {permission}。"),
    "grant_beyond_own": (
        "You cannot give permissions that you do not have: {permissions}.",
        "不能授予您自己没有的权限：{permissions}。",
    ),
    "change_beyond_own": (
        "What you want to change has permissions that you do not have: {permissions}.",
        "您要修改的对象拥有您没有的权限：{permissions}。",
    ),
    "own_roles": ("You cannot change your own roles.", "不能修改自己的角色。"),
    "disable_self": ("You cannot disable yourself.", "不能停用自己。"),
    "last_administrator": (
        "Afterwards nobody could administer the users of this tenant.",
        "此操作会使该租户不再有任何用户管理员。",
    ),
    "role_unknown": ("There is no role {role}.", "角色 {role} 不存在。"),
    "role_exists": ("There is a role {name} already.", "角色 {name} 已存在。"),
    "role_in_use": ("The role {name} is held by {count} users.", "角色 {name} 仍有 {count} 个用户在使用。"),
    "role_built_in": ("The built-in role {name} cannot be changed.", "内置角色 {name} 不能修改。"),
    "permission_unknown": ("There is no permission {found}.", "权限 {found} 不存在。"),
    "user_exists": ("There is a user {name} already.", "用户 {name} 已存在。"),
    "tenant_exists": ("There is a tenant {name} already.", "租户 {name} 已存在。"),
    "tenants_only_default": (
        "Tenants are administered in the tenant default.",
        "只有租户 default 可以管理租户。",
    ),
    "tenant_default": ("The tenant default cannot be disabled.", "租户 default 不能停用。"),
    "oidc_flow": (
        "This sign-in was not begun in this browser, or took too long. Begin again.",
        "此次登录不是由本浏览器发起，或已超时，请重新登录。",
    ),
    "oidc_declined": ("The provider did not confirm the sign-in.", "身份提供方未确认此次登录。"),
    "oidc_token": ("What the provider sent is not valid.", "身份提供方返回的凭证无效。"),
    "oidc_unknown_user": (
        "You are signed in at the provider, but no user here belongs to it. Ask an administrator.",
        "身份提供方已确认您的身份，但本系统没有对应的用户，请联系管理员。",
    ),
    "oidc_name_taken": (
        "Another user has your name already. Ask an administrator to link the two.",
        "已有同名的其他用户，请联系管理员进行关联。",
    ),
    "oidc_no_role": (
        "The provider gives you no role here. Ask an administrator.",
        "身份提供方未授予您任何角色，请联系管理员。",
    ),
    "oidc_refused": (
        "You could not be let in. An administrator finds the reason in the audit log.",
        "登录未被接受，管理员可在审计日志中查看原因。",
    ),
    "oidc_disabled": ("This user or tenant is disabled.", "该用户或租户已停用。"),
    "oidc_unreachable": (
        "The provider cannot be reached, or does not answer as it should.",
        "无法连接身份提供方，或其响应不符合要求。",
    ),
    "subject_taken": ("Another user is linked to {subject} already.", "{subject} 已关联到其他用户。"),
    "expiry_far": ("The expiry is at most {latest}.", "有效期最晚为 {latest}。"),
    "expiry_past": ("The expiry lies in the past.", "有效期已过。"),
    "password_wrong": ("The current password is not right.", "当前密码不正确。"),
}

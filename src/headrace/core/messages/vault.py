"""Secrets and connections."""

MESSAGES: dict[str, tuple[str, str]] = {
    "vault_key": (
        "A secret cannot be read with this installation's key. Restore vault.key or the setting vault_key.",
        "无法用当前密钥读取机密。请恢复 vault.key 文件或 vault_key 设置。",
    ),
    "vault_key_malformed": (
        "The setting vault_key does not hold keys: each is 32 bytes in url-safe base64.",
        "vault_key 设置不是有效的密钥：每个密钥应为 32 字节的 URL 安全 base64。",
    ),
    "secret_short": (
        "Found {found} characters; at least {least} are needed, so that it can be masked in logs.",
        "此处为 {found} 个字符；至少需要 {least} 个，否则无法在日志中遮蔽。",
    ),
    "secret_long": (
        "Found {found} characters; at most {most} are possible.",
        "此处为 {found} 个字符；最多 {most} 个。",
    ),
    "secret_used": (
        "The secret {name} is used by {users}. Change those first.",
        "机密 {name} 正被 {users} 使用，请先修改它们。",
    ),
    "secret_unknown": ("There is no secret {found}.", "机密 {found} 不存在。"),
    "secret_reference": (
        'Found {found}; a reference names one secret: {{"$secret": "name"}}.',
        '此处为 {found}；引用应写作 {{"$secret": "名称"}}。',
    ),
    "secret_place": (
        "Only tasks are given secrets; a node of kind {kind} names a parameter's secret by its name alone.",
        "只有任务节点可以使用机密；{kind} 类型的节点应直接以机密的名称作为参数值。",
    ),
    "connection_used": (
        "The connection {name} is used by {users}. Change those first.",
        "连接 {name} 正被 {users} 使用，请先修改它们。",
    ),
    "connection_host": (
        "A connection of kind {kind} needs a host.",
        "类型为 {kind} 的连接需要填写主机。",
    ),
    "connection_database": (
        "A connection of kind {kind} needs a database.",
        "类型为 {kind} 的连接需要填写数据库。",
    ),
    "connection_option": (
        "Kind {kind} has no option {found}; it has: {known}.",
        "类型 {kind} 没有选项 {found}；可用选项：{known}。",
    ),
    "work_table": ("There is no table {table}.", "没有名为 {table} 的表。"),
    "work_columns": (
        "The table {table} has no columns {names}; it has {known}.",
        "表 {table} 没有列 {names}；它的列：{known}。",
    ),
    "connection_unknown": ("There is no connection {found}.", "没有名为 {found} 的连接。"),
    "work_secret_unknown": ("There is no secret {name} in the vault.", "保险库中没有机密 {name}。"),
    "work_connection_unknown": ("There is no connection {name}.", "没有名为 {name} 的连接。"),
    "work_connection_kind": (
        "The connection {name} is of kind {kind}; {wanted} is needed.",
        "连接 {name} 的类型为 {kind}；需要 {wanted}。",
    ),
}

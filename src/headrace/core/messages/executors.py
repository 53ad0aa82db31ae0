"""Why plugins are not taken, and what executors answer that reach other hosts: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "plugin_lacks": (
        "The class {name} is not complete: it does not define {methods}.",
        "类 {name} 不完整：未定义 {methods}。",
    ),
    "plugin_other": ("It makes a {found}, which is no executor.", "它创建的是 {found}，不是执行器。"),
    "plugin_misnamed": (
        "The executor calls itself {name}, unlike its entry point.",
        "该执行器自称 {name}，与入口点的名称不一致。",
    ),
    "plugin_taken": ("There is an executor {name} already.", "执行器 {name} 已存在。"),
    "plugin_raised": ("It cannot be loaded: {error}", "无法加载：{error}"),
    "work_secret_argument": (
        "A secret may not be an argument of a program, where everybody on the machine could read it: "
        "use env or a file.",
        "机密不能作为程序参数，否则主机上的任何人都能看到；请改用 env 或文件。",
    ),
    "work_value": (
        "A value does not fit into {table}: row {row}, column {column}: {found}.",
        "有一个值无法写入 {table}：第 {row} 行，列 {column}：{found}。",
    ),
    "work_query": (
        "The query of from gives no rows: a SELECT is needed.",
        "from 的 query 不返回任何行，应为 SELECT 语句。",
    ),
    "work_query_twice": (
        "The query of from gives several columns of the same name: {names}; rename them with AS.",
        "from 的 query 有重名的列：{names}；请用 AS 重新命名。",
    ),
    "work_input_lacks": ("{name} has no {needed}, which it needs.", "{name} 缺少 {needed}。"),
    "work_sql_reach": ("No connection to the database: {why}", "无法连接数据库：{why}"),
    "said_sqlite_locked": (
        "the file is locked: somebody else is writing to it",
        "数据库文件已被锁定：其他程序正在写入",
    ),
    "said_sqlite_file": (
        "the file cannot be opened: its folder is missing, or the server may not write there",
        "无法打开数据库文件：所在目录不存在，或服务器没有权限",
    ),
    "said_sqlite_other": ("the file is no SQLite database", "该文件不是 SQLite 数据库"),
    "work_no_file": ("There is no file {path}.", "文件 {path} 不存在。"),
    "work_http_elsewhere": (
        "url leads to {found}; the connection is for {host}.",
        "url 指向 {found}，而该连接用于 {host}。",
    ),
    "work_ssh": ("{host} cannot be reached: {why}.", "无法连接 {host}：{why}。"),
    "work_ssh_denied": (
        "{host} does not let {user} in with this secret.",
        "{host} 拒绝了用户 {user} 使用此机密登录。",
    ),
    "work_ssh_host_key": (
        "{host} shows another host key than the one that is pinned: {found}",
        "{host} 出示的主机密钥与已固定的不一致：{found}",
    ),
    "work_ssh_unpinned": (
        "The connection pins no host key. {host} shows this one; "
        "compare it, then enter it as host_key: {found}",
        "该连接未固定主机密钥。{host} 出示的密钥如下，请核对后填入 host_key：{found}",
    ),
    "work_ssh_pinned_key": (
        "host_key is no public key: {why}.",
        "host_key 不是有效的公钥：{why}。",
    ),
    "work_ssh_private_key": (
        "The secret is no private key that can be used: {why}.",
        "该机密不是可用的私钥：{why}。",
    ),
    "work_ssh_lost": (
        "The way to the host was lost while the program ran: {why}.",
        "程序运行期间与主机的连接中断：{why}。",
    ),
    "work_ssh_unconfirmed": (
        "The host has not confirmed that the program has ended.",
        "主机尚未确认程序已经结束。",
    ),
}

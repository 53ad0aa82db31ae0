"""Messages of the area ``system``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "disk_full": (
        "The disk is full: nothing was changed. Free some space and repeat the request.",
        "磁盘已满，未作任何更改。请释放空间后重试。",
    ),
    "home_unusable": (
        "The home folder {path} cannot be made: {error}.",
        "无法创建数据目录 {path}：{error}。",
    ),
    "database_driver_missing": (
        "PostgreSQL needs its driver: install psycopg[binary] beside Headrace.",
        "使用 PostgreSQL 需要驱动程序：请在 Headrace 所在环境中安装 psycopg[binary]。",
    ),
    "database_io": (
        "The database file cannot be read or written: nothing was changed.",
        "数据库文件无法读写，未作任何更改。",
    ),
    "database_corrupt": (
        "The database file is damaged: restore it from a backup.",
        "数据库文件已损坏，请从备份恢复。",
    ),
    "database_busy": (
        "The database is busy: nothing was changed. Repeat the request.",
        "数据库繁忙，未作任何更改，请重试。",
    ),
    "database_down": (
        "The database does not answer: nothing was changed. Repeat the request later.",
        "数据库没有响应，未作任何更改，请稍后重试。",
    ),
    "database_locked": (
        "Another server (process {pid}) is using the database {path}.",
        "另一个服务（进程 {pid}）正在使用数据库 {path}。",
    ),
    "database_too_new": (
        "The database was written by a newer version (revision {found}; this one knows {known}).",
        "数据库由更新的版本写入（修订号 {found}，当前版本支持到 {known}）。",
    ),
    "server_stopping": (
        "The server is shutting down: repeat the request when it is back.",
        "服务正在关闭，请在其恢复后重试。",
    ),
}

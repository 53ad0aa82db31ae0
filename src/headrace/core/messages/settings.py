"""Messages of the area ``settings``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "settings_invalid": (
        "Settings that cannot be used: {count}. They come from the command line, the environment "
        "(HEADRACE_…) and headrace.toml.",
        "有 {count} 项配置无法使用。配置来自命令行、环境变量（HEADRACE_…）和 headrace.toml。",
    ),
    "setting_int": ("Expected a whole number, found: {found}", "应为整数，实际为：{found}"),
    "setting_number": ("Expected a number, found: {found}", "应为数字，实际为：{found}"),
    "setting_bool": ("Expected true or false, found: {found}", "应为 true 或 false，实际为：{found}"),
    "setting_string": ("Expected text, found: {found}", "应为文本，实际为：{found}"),
    "setting_list": ("Expected a list, found: {found}", "应为列表，实际为：{found}"),
    "setting_table": ("Expected a table of settings, found: {found}", "应为一组配置（表），实际为：{found}"),
    "setting_bound": ("Expected {bound}, found: {found}", "应满足 {bound}，实际为：{found}"),
    "setting_pattern": (
        "Expected text of the form {pattern}, found: {found}",
        "应为符合 {pattern} 的文本，实际为：{found}",
    ),
    "setting_missing": ("This setting is required.", "缺少此项配置。"),
    "setting_unknown": ("There is no such setting.", "没有这项配置。"),
    "setting_value": ("This value cannot be used: {found}", "无法使用此值：{found}"),
    "setting_json": ("Expected JSON in the environment variable.", "环境变量的值应为 JSON。"),
    "setting_toml": ("This is not TOML from here on.", "从此处起不是有效的 TOML。"),
    "setting_file": (
        "This file cannot be read; expected a TOML file in UTF-8.",
        "无法读取此文件；应为 UTF-8 编码的 TOML 文件。",
    ),
    "database_address": (
        "Expected an address such as postgresql://user:password@host/name; leave it out for the SQLite file.",
        "应为 postgresql://user:password@host/name 形式的地址；留空则使用 SQLite 文件。",
    ),
    "proxy_address": (
        "Expected a list of addresses and networks: 127.0.0.1, 10.0.0.0/8.",
        "应为地址或网段的列表，如 127.0.0.1、10.0.0.0/8。",
    ),
    "licence_key_malformed": (
        "This is not the public key of a giver of licences: expected 32 bytes in base64. "
        "Leave it out for the built-in one.",
        "不是有效的许可方公钥：应为 32 字节的 base64。留空则使用内置公钥。",
    ),
}

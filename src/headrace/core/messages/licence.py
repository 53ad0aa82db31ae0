"""Messages of the area ``licence``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "licence_malformed": (
        'This is not a licence: expected JSON of the form {{"licence": …, "signature": …}}.',
        '这不是许可证文件：应为形如 {{"licence": …, "signature": …}} 的 JSON。',
    ),
    "licence_holder": ("Expected a name of 1 to 200 characters.", "应为 1 到 200 个字符的名称。"),
    "licence_instant": (
        "Expected a date or an instant: 2027-01-31 or 2027-01-31T00:00:00+08:00.",
        "应为日期或时间：2027-01-31 或 2027-01-31T00:00:00+08:00。",
    ),
    "licence_span": ("Expected an instant later than validFrom.", "应晚于 validFrom。"),
    "licence_limit": (
        "Expected a whole number, or null for no limit.",
        "应为整数，或以 null 表示不限。",
    ),
    "licence_tampered": (
        "The licence's signature is not valid: it was changed after signing, or signed by somebody else.",
        "许可证签名无效：内容在签发后被改动，或并非由许可方签发。",
    ),
    "licence_expired": (
        "The licence of {holder} has expired. What exists goes on running; nothing more can be created.",
        "{holder} 的许可证已过期。已有内容可继续运行，但不能再新建。",
    ),
    "licence_not_yet": (
        "The licence of {holder} is not valid yet.",
        "{holder} 的许可证尚未生效。",
    ),
    "licence_workflows": (
        "The licence allows {limit} workflows. What exists can be run and edited.",
        "许可证最多允许 {limit} 个工作流。已有的工作流可继续运行和编辑。",
    ),
    "licence_users": ("The licence allows {limit} users.", "许可证最多允许 {limit} 个用户。"),
    "licence_tenants": ("The licence allows {limit} tenants.", "许可证最多允许 {limit} 个租户。"),
    "quota_workflows": (
        "This tenant may have {limit} workflows. What exists can be run and edited.",
        "本租户最多可有 {limit} 个工作流。已有的工作流可继续运行和编辑。",
    ),
}

"""Messages of the area ``identity``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

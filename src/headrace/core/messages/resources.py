"""Messages of the area ``resources``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

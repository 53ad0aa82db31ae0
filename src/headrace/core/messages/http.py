"""Messages of the area ``http``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

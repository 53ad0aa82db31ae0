"""Messages of the area ``definition``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

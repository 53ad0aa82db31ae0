"""Messages of the area ``run``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

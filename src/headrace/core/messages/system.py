"""Messages of the area ``system``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {}

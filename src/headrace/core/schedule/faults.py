"""What can be wrong with a schedule."""


class CronError(ValueError):
    """``code`` is a message's, ``values`` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

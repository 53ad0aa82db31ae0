"""What can be wrong with a schedule."""


class CronError(ValueError):
    """``code`` is a message's, ``values`` fill it; ``place`` is the key of the schedule block it is about."""

    def __init__(self, code: str, place: str = "cron", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.place = place
        self.values = values

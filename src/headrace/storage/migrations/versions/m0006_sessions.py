"""Browser sessions, and what a user and a tenant have more."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass

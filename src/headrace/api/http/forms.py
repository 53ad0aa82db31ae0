"""Forms that texts of requests must have, and how each is said to a person, who reads no expressions."""

from collections.abc import Mapping

from headrace.core.access.names import UNFIT

WITHOUT_NUL = r"^[^\x00]*$"
LINE = r"^[^\x00-\x1f\x7f]*$"
PATH_NAME = r"^[^\x00-\x1f\x7f]+$"
NAME = r"^[^\x00-\x1f\x7f/]+$"
USER_NAME = rf"^[^{UNFIT}]+$"
VAULT_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
EMAIL = r"^([^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+)?$"
SUBJECT = r"^([a-z0-9][a-z0-9-]{0,39}\|[^\x00-\x1f\x7f]+)?$"

SAID: Mapping[str, str] = {
    WITHOUT_NUL: "form_nul",
    LINE: "form_line",
    PATH_NAME: "form_line",
    NAME: "form_name",
    USER_NAME: "form_user_name",
    VAULT_NAME: "form_vault_name",
    EMAIL: "form_email",
    SUBJECT: "form_subject",
}
"""Code of the message by the form; any other form is shown as it is."""

"""Names of users and tenants: what is never in one."""

UNFIT = (
    r"\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb:/"
)
"""The inside of a class of regular expressions: blanks, controls, and what nobody sees - a user called
"admin" and an invisible character would be taken for another one, in approvals and in the audit log - and
the two characters that part a tenant, a name and a password."""

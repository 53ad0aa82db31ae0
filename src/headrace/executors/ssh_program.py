"""What runs on the other host: a small shell program that never changes, and files that it is sent.

It is given the sizes of three files, reads them from its standard input, and runs the third as the first
says. Everything the program prints goes to standard error; standard output carries the outputs at the end.
When standard input ends (the step is cancelled, the server died, the connection broke) the program is asked
to end, and what is left of it after a grace is killed. Nothing of it is left when this ends.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.executors.executor import refuse

OUTPUTS_LIMIT = 256_000  # bytes
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Free of single quotes, so that it can be quoted by them in whatever shell the account has.
_AROUND = """
umask 077
d=$(mktemp -d "${TMPDIR:-/tmp}/headrace.XXXXXXXX") || exit 125
p=
tidy() {
  trap "" HUP TERM INT
  if [ -n "$p" ]; then kill -s KILL -- "-$p" || kill -s KILL "$p"; fi 2>/dev/null
  rm -rf "$d"
}
trap tidy EXIT
trap "exit 129" HUP TERM INT
head -c "$(($1 + $2 + $3))" > "$d/all"
head -c "$1" "$d/all" > "$d/setup"
tail -c "+$(($1 + 1))" "$d/all" | head -c "$2" > "$d/context.json"
tail -c "+$(($1 + $2 + 1))" "$d/all" > "$d/script"
rm "$d/all"
exec 3>&1 4<&0
if command -v setsid >/dev/null; then set -- "$4" "$5" setsid; else set -- "$4" "$5"; fi
g=$1 limit=$2
shift 2
"$@" /bin/sh "$d/setup" "$d" </dev/null >&2 3>&- 4<&- &
p=$!
(
  trap - EXIT
  while read -r x <&4; do :; done
  kill -s TERM "$p"
  sleep "$g"
  kill -s KILL -- "-$p" || kill -s KILL "$p"
) </dev/null >/dev/null 2>&1 3>&- &
w=$!
wait "$p"
r=$?
kill -s KILL "$w" 2>/dev/null
if [ -f "$d/outputs.json" ]; then head -c "$limit" "$d/outputs.json" >&3; fi
exit "$r"
"""


@dataclass(frozen=True, slots=True)
class Remote:
    """A program for another host. ``argv`` has the interpreter first; the script comes after its words."""

    script: str
    context: str
    interpreter: Sequence[str]
    args: Sequence[str]
    env: Mapping[str, str]
    cwd: str | None
    grace: float


def command(sizes: Sequence[int], grace: float) -> str:
    """What the account's shell is told: nothing of the user's in it but sizes."""
    numbers = [*(str(size) for size in sizes), f"{grace:g}", str(OUTPUTS_LIMIT + 1)]
    return f"exec /bin/sh -c '{_AROUND}' headrace {' '.join(numbers)}"


def files(remote: Remote) -> list[bytes]:
    """What goes to its standard input, in this order."""
    parts = (_setup(remote), remote.context, remote.script)
    return [part.encode("utf-8", "surrogateescape") for part in parts]


def _setup(remote: Remote) -> str:
    """Values are single-quoted, which a shell takes byte for byte."""
    lines = []
    for name, value in remote.env.items():
        if not _NAME.fullmatch(name):
            raise refuse("work_env_name", name=name)
        lines.append(f"export {name}={shlex.quote(value)}")
    lines += ['HEADRACE_CONTEXT="$1/context.json"', 'HEADRACE_OUTPUTS="$1/outputs.json"']
    lines.append("export HEADRACE_CONTEXT HEADRACE_OUTPUTS")
    if remote.cwd is not None:
        lines.append(f"cd -- {shlex.quote(remote.cwd)} || exit 126")
    start, args = (
        " ".join(shlex.quote(word) for word in words) for words in (remote.interpreter, remote.args)
    )
    lines.append('rm "$1/setup"')
    lines.append(f'exec {start} "$1/script" {args}')
    return "\n".join(lines) + "\n"

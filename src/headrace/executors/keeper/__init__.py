"""Small stdlib-only processes that run a step's program and answer for every process it leaves behind.

The server starts one *warden* (``python -I -S -E -c …``, no environment of the server's), which forks a
*keeper* whenever one is asked for. Both are child subreapers: a process that calls setsid or forks
twice still ends up below its keeper, and if the keeper itself is killed, below the warden. Both end
everything below them when the server's end of their socket closes, however the server died.

Nothing here imports anything but the standard library: these processes stay small and start fast.
"""

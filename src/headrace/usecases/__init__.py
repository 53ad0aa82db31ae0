"""One verb, one function: load, decide, save. Each runs inside one transaction of the engine."""

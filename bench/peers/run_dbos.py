"""DBOS on SQLite: workflows of steps, each step's result a row; settings as the package ships them."""

import asyncio

from dbos import DBOS, DBOSConfig
from shapes import CHAIN, LENGTH, MANY, WARM_UP, WIDE, arguments, measure

folder, wanted = arguments()


@DBOS.step()
async def nothing() -> None:
    return None


@DBOS.workflow()
async def chain(length: int) -> None:
    for _ in range(length):
        await nothing()


@DBOS.workflow()
async def wide(width: int) -> None:
    await nothing()
    await asyncio.gather(*(nothing() for _ in range(width)))
    await nothing()


async def many(runs: int) -> None:
    handles = [await DBOS.start_workflow_async(chain, LENGTH) for _ in range(runs)]
    await asyncio.gather(*(handle.get_result() for handle in handles))


async def main() -> None:
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": f"sqlite:///{folder}/dbos.sqlite",
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    try:
        shapes = {"wide": lambda: wide(WIDE), "chain": lambda: chain(CHAIN), "many": lambda: many(MANY)}
        await measure(shapes, lambda: chain(WARM_UP), wanted)
    finally:
        DBOS.destroy()


asyncio.run(main())

"""Options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

SUFFIXES = (".yaml", ".yml", ".json")
"""What the name of a definition's file ends with."""

STDIN = Path("-")
"""Standard input where a file is asked for."""

Home = Annotated[Path | None, typer.Option(help="folder of all state / 数据目录")]
ServerUrl = Annotated[str | None, typer.Option("--server", help="address of a server / 服务地址")]
Token = Annotated[str | None, typer.Option(help="API token / 访问令牌")]
RunId = Annotated[int, typer.Argument(metavar="RUN", min=1, help="the run's id / 运行编号")]
STEP_HELP = r"the step's id, its node, or node\[index] / 步骤编号、节点或 节点\[序号]"
DATABASE_HELP = "postgresql://… instead of the SQLite file / 代替 SQLite 文件的 postgresql://…"
StepName = Annotated[str, typer.Argument(metavar="STEP", help=STEP_HELP)]
MaybeStep = Annotated[str | None, typer.Argument(metavar="STEP", help=STEP_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="as the API answers it / 以 JSON 输出")]

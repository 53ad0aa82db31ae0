"""``headrace serve``."""

from typing import Annotated

import typer

from headrace.cli.options import DATABASE_HELP, Home


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="address to bind / 绑定地址")] = None,
    port: Annotated[int | None, typer.Option(help="port to bind, 0 for a free one / 端口")] = None,
    home: Home = None,
    database: Annotated[str | None, typer.Option(help=DATABASE_HELP)] = None,
    workers: Annotated[int | None, typer.Option(help="steps at once / 并发步骤数")] = None,
    shutdown_grace: Annotated[
        float | None, typer.Option(help="seconds for running steps at the end / 停止时留给运行中步骤的秒数")
    ] = None,
) -> None:
    """Run the server. / 启动服务。"""
    from headrace.cli import foreground
    from headrace.config import load

    foreground.serve(
        load(
            host=host, port=port, home=home, database=database, workers=workers, shutdown_grace=shutdown_grace
        )
    )

"""Where the tasks API decides otherwise than OCP or the conformance case: (English, zh-CN) by case.

The guides show exactly this table; a test holds them to it.
"""

DIFFERENCES: dict[str, tuple[str, str]] = {
    "B4": (
        "Nothing new starts after a failure only with `on_failure: stop`. The default is `continue`: "
        "independent branches go on, because work that does not depend on the failure need not wait for "
        "a person.",
        "只有设置 `on_failure: stop` 时，失败后才不再启动新的子任务。默认为 `continue`：独立分支继续执行，"
        "因为与失败无关的工作不必等人处理。",
    ),
    "B13": (
        "A skipped subtask is SUCCESSFUL at once, without being READY in between.",
        "跳过的子任务立即变为 SUCCESSFUL，中间不经过 READY。",
    ),
    "B15": (
        "A failed rollback that is skipped shows operation ROLLBACK: ROLLBACK_SKIP is not among the five "
        "operations of the document.",
        "跳过失败的回滚后，operation 为 ROLLBACK：文档列出的五种操作中没有 ROLLBACK_SKIP。",
    ),
    "B17": (
        "READY may be cancelled too: it fails as CANCEL without ever starting. Waiting for it to start "
        "only to stop it would do the work that is not wanted.",
        "READY 状态也可以取消：子任务不会启动，直接以 CANCEL 失败。"
        "等它启动后再停止，反而会执行不想要的操作。",
    ),
    "B23": (
        "READY that never ran is passed over by the rollback, but shows operation ROLLBACK afterwards.",
        "从未执行的 READY 子任务不会执行回滚动作，但回滚后其 operation 显示为 ROLLBACK。",
    ),
    "B27": (
        "Retry after a failed rollback is allowed, for the task and for the subtask, and resumes the "
        "rollback, as OCP 4.2.2 does; Express answers 400.",
        "回滚失败后允许重试任务或子任务，回滚从失败处继续，与 OCP 4.2.2 相同；Express 返回 400。",
    ),
    "B36": (
        "The limit belongs to a split (`max_parallel`) and to the server (`workers`), not to a task.",
        "并发上限属于拆分节点（`max_parallel`）和服务器（`workers`），不属于任务。",
    ),
    "B40": (
        "A split over an empty list has no subtasks and counts as successful: the list may be computed "
        "while the task runs, when refusing the submission is no longer possible.",
        "对空列表拆分时没有子任务，视为成功：列表可能在任务执行中才算出，此时已无法拒绝提交。",
    ),
    "B41": (
        "There is no common context to conflict in: every step has outputs of its own, "
        "read as `steps.NAME.outputs`.",
        "没有共用的上下文，因而不会冲突：每个步骤有自己的输出，以 `steps.名称.outputs` 读取。",
    ),
    "B42": (
        "Lists are joined by the expression that reads them, in the order it says; nothing is "
        "merged by itself.",
        "列表由读取它的表达式按其顺序合并，不会自动合并。",
    ),
    "B50": (
        "Without `type` the list shows all types; OCP shows MANUAL only. The document promises no "
        "restriction.",
        "未给出 `type` 时列出所有类型；OCP 只列出 MANUAL。文档并未说明有此限制。",
    ),
    "B55": (
        "`tenantName` without `clusterId` is 400: the document says that they belong together.",
        "只给出 `tenantName` 而没有 `clusterId` 时返回 400：文档说明两者须配合使用。",
    ),
    "B61": (
        "Ids of 2⁵³ and more are never issued, so that ids are always JSON numbers.",
        "不会产生 2⁵³ 及以上的 ID，因此 ID 始终是 JSON 数字。",
    ),
}

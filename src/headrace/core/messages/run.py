"""Messages of the area ``run``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "run_wrong_state": (
        "Run {run} is {status}: this is not possible now.",
        "运行 {run} 处于 {status} 状态,现在不能执行此操作。",
    ),
    "run_paused": (
        "Run {run} is paused: resume it first.",
        "运行 {run} 已暂停,请先恢复。",
    ),
    "run_not_paused": ("Run {run} is {status} and not paused.", "运行 {run} 处于 {status} 状态,并未暂停。"),
    "run_closed": (
        "Run {run} is {status}: its steps can no longer be changed.",
        "运行 {run} 已是 {status} 状态,其步骤不能再更改。",
    ),
    "run_rolled_back": ("Run {run} is already rolled back.", "运行 {run} 已经回滚完毕。"),
    "run_rollback_forbidden": (
        "Run {run} cannot be rolled back: its node {node} was executed and forbids it.",
        "运行 {run} 不能回滚:节点 {node} 已执行且禁止回滚。",
    ),
    "run_too_many_steps": (
        "The run would have {found} steps; the limit is {limit}.",
        "该运行将有 {found} 个步骤,上限为 {limit}。",
    ),
    "run_not_startable": ("Workflow {workflow} cannot be started.", "作业流 {workflow} 无法启动。"),
    "foreach_failed": ("foreach cannot be evaluated: {error}.", "foreach 无法求值:{error}。"),
    "step_wrong_state": (
        "Step {step} is {status}: this is not possible now.",
        "步骤 {step} 处于 {status} 状态,现在不能执行此操作。",
    ),
    "step_taken_away": ("Step {step} is no longer part of the run.", "步骤 {step} 已不属于该运行。"),
    "step_expired": (
        "Step {step} is {status}: the time to answer is over.",
        "步骤 {step} 处于 {status} 状态:答复期限已过。",
    ),
    "step_not_skippable": (
        "The timer of step {step} may not be skipped.",
        "步骤 {step} 的定时不允许跳过。",
    ),
    "step_awaits_rollback": (
        "Step {step} is {status} and waits for its rollback: retry is for a failed rollback.",
        "步骤 {step} 处于 {status} 状态,正等待回滚;重试只用于失败的回滚。",
    ),
    "approval_by_requester": (
        "The person who started the run may not approve step {step}.",
        "发起人不能审批步骤 {step}。",
    ),
    "approval_not_yours": (
        "{user} is not among those whose turn it is to approve step {step}.",
        "{user} 不在步骤 {step} 当前的审批人之列。",
    ),
    "approval_twice": ("You have already answered step {step}.", "您已经审批过步骤 {step}。"),
    "comment_too_long": (
        "The comment has {length} characters; the limit is {limit}.",
        "备注共 {length} 个字符,上限为 {limit}。",
    ),
    "case_unknown": (
        "Step {step} has no case {case!r}; it has: {cases}.",
        "步骤 {step} 没有分支 {case!r};可选分支:{cases}。",
    ),
}

"""Schedules: cron texts, dates, fires."""

MESSAGES = {
    "cron_fields_count": (
        "Found {found} fields; five are Unix cron (minute hour day month weekday), six or seven are Quartz "
        "(second minute hour day month weekday [year]).",
        "此处有 {found} 个字段；5 个字段为 Unix cron（分 时 日 月 星期），"
        "6 或 7 个字段为 Quartz（秒 分 时 日 月 星期 [年]）。",
    ),
    "cron_fields_unix": (
        "Found {found} fields; Unix cron has five: minute hour day month weekday.",
        "此处有 {found} 个字段；Unix cron 应有 5 个：分 时 日 月 星期。",
    ),
    "cron_second": (
        "The second is {found}; 0 to 59 is needed, a list, a range or a step: 0, 0,30, 10-20, 0/15.",
        "秒字段为 {found}；应为 0 到 59 的值、列表、范围或步长：0、0,30、10-20、0/15。",
    ),
    "cron_minute": (
        "The minute is {found}; 0 to 59 is needed, a list, a range or a step: 5, 0,30, 10-20, */15.",
        "分字段为 {found}；应为 0 到 59 的值、列表、范围或步长：5、0,30、10-20、*/15。",
    ),
    "cron_hour": (
        "The hour is {found}; a value from 0 to 23 is needed, a list, a range or a step: 2, 8,20, 9-17, */6.",
        "时字段为 {found}；应为 0 到 23 的值、列表、范围或步长：2、8,20、9-17、*/6。",
    ),
    "cron_day": (
        "The day of the month is {found}; 1 to 31 is needed, a list, a range, a step, or L for the last.",
        "日字段为 {found}；应为 1 到 31 的值、列表、范围、步长，或表示最后一天的 L。",
    ),
    "cron_month": (
        "The month is {found}; a value from 1 to 12 or JAN to DEC is needed, a list, a range or a step.",
        "月字段为 {found}；应为 1 到 12 或 JAN 到 DEC 的值、列表、范围或步长。",
    ),
    "cron_weekday": (
        "The weekday is {found}; Quartz counts 1 (Sunday) to 7 (Saturday), or SUN to SAT; "
        "6L is the last Friday, 6#3 the third.",
        "星期字段为 {found}；Quartz 以 1（星期日）到 7（星期六）或 SUN 到 SAT 计；"
        "6L 为最后一个星期五，6#3 为第三个。",
    ),
    "cron_weekday_unix": (
        "The weekday is {found}; Unix cron counts 0 or 7 (Sunday) to 6 (Saturday), or SUN to SAT.",
        "星期字段为 {found}；Unix cron 以 0 或 7（星期日）到 6（星期六），或 SUN 到 SAT 计。",
    ),
    "cron_year": (
        "The year is {found}; a value from 1970 to 2099 is needed, a list, a range or a step.",
        "年字段为 {found}；应为 1970 到 2099 的值、列表、范围或步长。",
    ),
    "cron_question_unix": (
        "Found {found}; “?” belongs to Quartz, which has six or seven fields. Unix cron says *.",
        "此处为 {found}；“?”属于 6 或 7 个字段的 Quartz,Unix cron 中应写 *。",
    ),
    "cron_question_quartz": (
        "The day is {day} and the weekday is {weekday}; in Quartz exactly one of them is “?”.",
        "日字段为 {day}，星期字段为 {weekday}；Quartz 中两者必须恰有一个为“?”。",
    ),
    "cron_never": ("“{text}” names a day that never comes.", "“{text}”所指的日期永远不会到来。"),
    "schedule_never": (
        "“{text}” never comes, or never between the schedule's dates.",
        "“{text}”永远不会触发，或在调度的有效期内不会触发。",
    ),
    "schedule_zone": (
        "There is no time zone {found}; a name is needed, such as Asia/Shanghai or UTC.",
        "没有名为 {found} 的时区；应为时区名称，如 Asia/Shanghai 或 UTC。",
    ),
    "schedule_order": (
        "It ends on {until}, before it begins on {since}.",
        "结束时间 {until} 早于开始时间 {since}。",
    ),
    "schedule_instant": (
        "Found {found}; a date or an instant is needed: 2026-12-01 or 2026-12-01T08:00:00+08:00.",
        "此处为 {found}；应为日期或时刻：2026-12-01 或 2026-12-01T08:00:00+08:00。",
    ),
    "schedule_past": (
        "Its last time has passed: it would never start. Set a later end, or switch the schedule off.",
        "该调度的最后触发时间已过，不会再启动。请设置更晚的结束时间，或关闭调度。",
    ),
    "schedule_overlap": ("Another run was still going on.", "上一次运行尚未结束。"),
    "schedule_unreadable": (
        "The schedule can no longer be read; publish the workflow again.",
        "该调度已无法读取，请重新发布工作流。",
    ),
    "schedule_paused": ("The schedule of {workflow} is paused already.", "{workflow} 的调度已经暂停。"),
    "schedule_not_paused": ("The schedule of {workflow} is not paused.", "{workflow} 的调度未暂停。"),
    "schedule_missed": (
        "The times up to {until} passed while nothing ran; they are not made up for.",
        "截至 {until} 的触发时间在停机期间错过，不再补跑。",
    ),
}

"""Cron texts in words, English and Chinese."""

import pytest

from headrace.core.schedule import read_cron, wording

TABLE = [
    ("*/5 * * * *", "Every 5 minutes", "每 5 分钟"),
    ("* * * * *", "Every minute", "每分钟"),
    ("0 2 * * 1", "At 02:00 on Monday", "每星期一 02:00"),
    ("0 0 9 ? * 2", "At 09:00 on Monday", "每星期一 09:00"),
    ("30 8,20 * * *", "At 08:30 and 20:30", "每天 08:30、20:30"),
    (
        "0 0/30 8-18 ? * MON-FRI",
        "Every 30 minutes, in hour 8 to 18 on Monday to Friday",
        "每星期一至星期五 8 至 18 点，每 30 分钟",
    ),
    ("0 15 10 L * ? 2027", "At 10:15 on the last day of the month in 2027", "2027 年的每月最后一天 10:15"),
    ("0 0 1 1 *", "At 00:00 on day 1 in January", "1 月的 1 日 00:00"),
    ("0 0 13 * 5", "At 00:00 on day 13 of the month or on Friday", "每月 13 日或每星期五 00:00"),
    ("* * * * * ?", "Every second", "每秒"),
    ("*/10 * * * * ?", "Every 10 seconds", "每 10 秒"),
    ("5 0 * 8 *", "At 00:05 in August", "8 月的每天 00:05"),
    ("0 22 * * 1-5", "At 22:00 on Monday to Friday", "每星期一至星期五 22:00"),
    ("0 0 9 ? * 6#3", "At 09:00 on the third Friday of the month", "每月第三个星期五 09:00"),
    ("0 0 9 ? * 6L", "At 09:00 on the last Friday of the month", "每月最后一个星期五 09:00"),
    (
        "0 0 9 LW 1,7 ?",
        "At 09:00 on the last working day in January and July",
        "1、7 月的最后一个工作日 09:00",
    ),
    ("0 0 9 L-3 * ?", "At 09:00 on the day 3 days before the last of the month", "每月倒数第 4 天 09:00"),
    (
        "0 0 9 15W * ?",
        "At 09:00 on the working day nearest to day 15 of the month",
        "每月最接近 15 日的工作日 09:00",
    ),
    (
        "0 0 9 L-3W * ?",
        "At 09:00 on the working day nearest to the day 3 days before the last of the month",
        "每月最接近倒数第 4 天的工作日 09:00",
    ),
    ("15 * * * *", "At minute 15, every hour", "每小时，第 15 分钟"),
    ("0 * * * *", "Every hour", "每小时"),
    ("0 */2 * * *", "Every 2 hours", "每 2 小时"),
    ("15 */2 * * *", "At minute 15, every 2 hours", "每 2 小时，第 15 分钟"),
    ("0 8-18 * * *", "On the hour, in hour 8 to 18", "每天 8 至 18 点整"),
    ("0,15,40 * * * *", "At minute 0, 15 and 40, every hour", "每小时，第 0、15、40 分钟"),
    ("0 0 2 ? * SAT,SUN", "At 02:00 on Saturday and Sunday", "每星期六、星期日 02:00"),
    (
        "0 0 0 1/5 * ?",
        "At 00:00 on day 1, 6, 11, 16, 21, 26 and 31 of the month",
        "每月 1、6、11、16、21、26、31 日 00:00",
    ),
    (
        "0 0 9 ? JUL/2 L",
        "At 09:00 on Saturday in July, September and November",
        "7、9、11 月的每星期六 09:00",
    ),
    ("0 9 * JUL/2 *", "At 09:00 in July, September and November", "7、9、11 月的每天 09:00"),
    ("30 0 0 * * ?", "At 00:00:30", "每天 00:00:30"),
    ("15,45 * * * * ?", "At second 15 and 45, every minute", "每分钟，第 15、45 秒"),
    (
        "*/15 9-17 * 1-3 1-5",
        "Every 15 minutes, in hour 9 to 17 on Monday to Friday in January to March",
        "1 至 3 月的每星期一至星期五 9 至 17 点，每 15 分钟",
    ),
    (
        "30 */10 8-18 * * ?",
        "At second 30, every 10 minutes, in hour 8 to 18",
        "每天 8 至 18 点，每 10 分钟，第 30 秒",
    ),
    (
        "0 0 12 1,15,L * ?",
        "At 12:00 on day 1 and 15 and the last day of the month",
        "每月 1、15 日、最后一天 12:00",
    ),
    ("0 9 * * 0,6", "At 09:00 on Saturday and Sunday", "每星期六、星期日 09:00"),
    ("0 0 9 L-1 * ?", "At 09:00 on the day 1 day before the last of the month", "每月倒数第 2 天 09:00"),
    (
        "0 0,12 1 */2 *",
        "At 00:00 and 12:00 on day 1 in January, March, May, July, September and November",
        "1、3、5、7、9、11 月的 1 日 00:00、12:00",
    ),
    ("10 0/1 * * * ?", "At second 10, every minute", "每分钟，第 10 秒"),
]


@pytest.mark.parametrize(("text", "english", "chinese"), TABLE)
def test_wording(text: str, english: str, chinese: str) -> None:
    assert wording(read_cron(text)) == (english, chinese)


def test_long_lists_are_told_as_they_are() -> None:
    english, chinese = wording(read_cron("0 9 */10 * 1"))
    assert english == "At 09:00 on day 1, 11, 21 and 31 of the month that is also Monday"
    assert chinese == "每月 1、11、21、31 日且为每星期一 09:00"

import { Tooltip } from "antd";
import dayjs from "dayjs";
import relative from "dayjs/plugin/relativeTime";
import { useTranslation } from "react-i18next";
import { instant } from "./time";

dayjs.extend(relative);

/** An instant in the reader's own time; how long ago stands behind it. */
export function When({ at, ago = false }: { at: string | null | undefined; ago?: boolean }) {
  const { i18n } = useTranslation();
  if (!at) return <span className="quiet">–</span>;
  const exact = instant(at, i18n.language);
  const near = dayjs(at)
    .locale(i18n.language === "zh-CN" ? "zh-cn" : "en")
    .fromNow();
  return (
    <Tooltip title={ago ? exact : near}>
      <time dateTime={at}>{ago ? near : exact}</time>
    </Tooltip>
  );
}

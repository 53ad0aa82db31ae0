import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

/** What stands where something is still being fetched. Its bars are headings without words, so readers of the
 * screen are told in words instead. */
export function Pending({ rows, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("loading")} className={className}>
      <div aria-hidden="true">
        <Skeleton active {...(rows && { paragraph: { rows } })} />
      </div>
    </div>
  );
}

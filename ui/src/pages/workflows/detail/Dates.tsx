import { DatePicker, Form } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import type { Block } from "./useDraft";

const DAY = "YYYY-MM-DD";

/** From which day to which day, both included; either may be open. */
export function Dates({ block, set }: { block: Block; set: (key: string, value: Json | undefined) => void }) {
  const { t } = useTranslation("workflows");
  const day = (key: string) => (block[key] ? dayjs(String(block[key])) : null);
  return (
    <Form.Item label={t("schedule.dates")}>
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        value={[day("from"), day("until")]}
        placeholder={[t("schedule.fromAnytime"), t("schedule.untilForever")]}
        onChange={(range) => {
          set("from", range?.[0]?.format(DAY));
          set("until", range?.[1]?.format(DAY));
        }}
      />
    </Form.Item>
  );
}

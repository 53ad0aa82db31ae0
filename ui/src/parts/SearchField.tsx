import { CloseCircleFilled, SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import type { SearchProps } from "antd/es/input";
import { useTranslation } from "react-i18next";

/** A field to search with; antd's own buttons in it have English names. */
export function SearchField({ label, ...props }: { label: string } & SearchProps) {
  const { t } = useTranslation();
  return (
    <Input.Search
      allowClear={{ clearIcon: <CloseCircleFilled aria-label={t("action.clear")} /> }}
      searchIcon={<SearchOutlined aria-label={t("action.search")} />}
      placeholder={label}
      aria-label={label}
      {...props}
    />
  );
}

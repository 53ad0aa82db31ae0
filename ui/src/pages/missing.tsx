import { Result } from "antd";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/parts/LinkButton";

export default function Missing() {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={t("missing.title")}
      subTitle={t("missing.what")}
      extra={
        <LinkButton to="/" type="primary">
          {t("missing.home")}
        </LinkButton>
      }
    />
  );
}

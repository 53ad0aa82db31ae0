import { Alert, Button, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { ApiError } from "@/api/client";

/** What went wrong, as the server said it, with the trace id; and a way to try again. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const known = error instanceof ApiError ? error : null;
  return (
    <Alert
      type="error"
      showIcon
      title={known?.message ?? (error instanceof Error ? error.message : t("error.unknown"))}
      description={
        <>
          {known?.problems.map((each) => (
            <div key={each.path + each.code}>
              <Typography.Text code>{each.path}</Typography.Text> {each.message}
            </div>
          ))}
          {known?.traceId && (
            <Typography.Text type="secondary" copyable={{ text: known.traceId }}>
              {t("error.trace", { id: known.traceId })}
            </Typography.Text>
          )}
        </>
      }
      action={retry && <Button onClick={retry}>{t("action.again")}</Button>}
    />
  );
}

/** A page that could not be shown at all. */
export function Fault() {
  const error = useRouteError();
  return (
    <main style={{ padding: 24 }}>
      <ErrorNote error={error} retry={() => window.location.reload()} />
    </main>
  );
}

import { Alert, Button, Typography } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { ApiError, ENDED } from "@/api/client";

/** What went wrong, as the server said it, with the trace id; and a way to try again. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const known = error instanceof ApiError ? error : null;
  return (
    <Alert
      type="error"
      showIcon
      title={saidOf(error, t)}
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

/** An error in one sentence, in the person's language. */
export function saidOf(error: unknown, t: TFunction): string {
  if (error instanceof ApiError) return error.code === ENDED ? t("again.title") : error.message;
  if (error instanceof TypeError && /fetch/i.test(error.message)) return t("error.away"); // the browser's own words
  return error instanceof Error ? error.message : t("error.unknown");
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

import { Alert, Button, Typography } from "antd";
import type { TFunction } from "i18next";
import { useEffect } from "react";
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
  if (isOutOfReach(error)) return t("error.away");
  return error instanceof Error ? error.message : t("error.unknown");
}

/** By the words of the browser, and of what loads the code of pages. */
function isOutOfReach(error: unknown): boolean {
  if (error instanceof TypeError) return /fetch|import|load/i.test(error.message);
  return error instanceof Error && error.message.startsWith("Unable to preload");
}

const PATIENCE = 10_000; // milliseconds between two reloads
const RELOADED = "headrace.reloaded";

/** The code of a page that cannot be had from a server that answers is that of another version: the pages are
 * loaded anew. */
function useNewVersion(error: unknown): void {
  useEffect(() => {
    const before = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (!isOutOfReach(error) || Date.now() - before < PATIENCE) return;
    const again = () => {
      sessionStorage.setItem(RELOADED, String(Date.now()));
      window.location.reload();
    };
    fetch("/", { cache: "no-store" }).then(
      (answer) => answer.ok && again(),
      () => undefined,
    );
  }, [error]);
}

/** A page that could not be shown at all. */
export function Fault() {
  const error = useRouteError();
  useNewVersion(error);
  return (
    <main style={{ padding: 24 }}>
      <ErrorNote error={error} retry={() => window.location.reload()} />
    </main>
  );
}

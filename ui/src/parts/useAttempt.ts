import { useState } from "react";

/** Tries something and keeps what went wrong last, to be shown where it was tried; `rest` leaves out of it what
 * it has shown elsewhere. */
export function useAttempt(rest = (failed: unknown) => failed) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failed) {
      setError(rest(failed));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, attempt };
}

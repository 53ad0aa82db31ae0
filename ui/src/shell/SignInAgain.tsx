import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { get, post, SIGNED_OUT } from "@/api/client";
import { useProviders } from "@/api/session";
import type { Session } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { useAttempt } from "@/parts/useAttempt";

/** A session that ends while somebody works: the page stays as it is, and goes on with the next session. */
export function SignInAgain({ session }: { session: Session }) {
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const asked = () => setEnded(true);
    window.addEventListener(SIGNED_OUT, asked);
    return () => window.removeEventListener(SIGNED_OUT, asked);
  }, []);
  const goOn = async () => {
    const now = await get<Session>("/session");
    if (now.user.id !== session.user.id || now.tenant !== session.tenant) window.location.reload();
    setEnded(false);
    await client.invalidateQueries();
  };
  return ended ? <Dialog session={session} goOn={goOn} /> : null;
}

function Dialog({ session, goOn }: { session: Session; goOn: () => Promise<void> }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const providers = useProviders();
  const { busy, error, attempt } = useAttempt();
  const { name } = session.user;
  useReturn(goOn);
  const enter = ({ password }: { password: string }) =>
    attempt(async () => {
      await post("/sign-in", { name, password, tenant: session.tenant });
      await goOn();
    });
  return (
    <Modal
      open
      width={440}
      title={t("again.title")}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={null}
    >
      <p>{t("again.about", { name })}</p>
      {error !== null && <ErrorNote error={error} />}
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={(given) => void enter(given)}
      >
        <Form.Item
          name="password"
          label={t("signIn.password")}
          rules={[{ required: true, message: t("signIn.passwordNeeded") }]}
        >
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signIn.enter")}
        </Button>
      </Form>
      {providers.data?.oidc.map((each) => (
        <Button key={each.name} block href={`${each.url}?next=/`} target="_blank" style={{ marginTop: 8 }}>
          {t("signIn.with", { name: each.label })}
        </Button>
      ))}
      <Button
        type="link"
        block
        style={{ marginTop: 8 }}
        onClick={() => navigate(`/sign-in?next=${encodeURIComponent(pathname + search)}`)}
      >
        {t("again.other")}
      </Button>
    </Modal>
  );
}

/** Who has signed in in another window comes back to this one. */
function useReturn(goOn: () => Promise<void>) {
  useEffect(() => {
    const back = () => void goOn().catch(() => undefined);
    window.addEventListener("focus", back);
    return () => window.removeEventListener("focus", back);
  }, [goOn]);
}

import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Divider, Form, Input } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { post } from "@/api/client";
import { SESSION, useProviders } from "@/api/session";
import { ErrorNote } from "@/parts/Fault";
import { useAttempt } from "@/parts/useAttempt";
import { LanguageSwitch, LightSwitch } from "@/shell/Shell";
import "@/shell/shell.css";
import "./sign-in.css";

interface Given {
  name: string;
  password: string;
  tenant?: string;
}

/** Only a path of ours: never another site's address. */
function safeNext(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : "/";
}

export default function SignIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const asked = useSearchParams()[0];
  const next = safeNext(asked.get("next"));
  const problem = asked.get("problem");
  const { busy, error, attempt } = useAttempt();
  const providers = useProviders(problem);
  const client = useQueryClient();
  useEffect(() => client.removeQueries({ queryKey: SESSION }), [client]); // going back shows nothing of it
  const enter = (given: Given) =>
    attempt(async () => {
      await post("/sign-in", { ...given, tenant: given.tenant || undefined });
      client.clear(); // what somebody else was shown before
      navigate(next);
    });
  return (
    <main className="sign-in">
      <div className="sign-in-tools">
        <LanguageSwitch />
        <LightSwitch />
      </div>
      <Card className="sign-in-card">
        <img src="/mark.svg" alt="" width={44} height={44} />
        <h1>Headrace</h1>
        <p>{t("signIn.about")}</p>
        {error !== null && <ErrorNote error={error} />}
        {providers.data?.problem && <Alert type="error" showIcon title={providers.data.problem} />}
        <Form<Given> layout="vertical" requiredMark={false} onFinish={(given) => void enter(given)}>
          <Form.Item
            name="name"
            label={t("signIn.name")}
            rules={[{ required: true, message: t("signIn.nameNeeded") }]}
          >
            <Input autoFocus autoComplete="username" size="large" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("signIn.password")}
            rules={[{ required: true, message: t("signIn.passwordNeeded") }]}
          >
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          <Form.Item name="tenant" label={t("signIn.tenant")}>
            <Input placeholder="default" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block size="large" loading={busy}>
            {t("signIn.enter")}
          </Button>
        </Form>
        {providers.data?.oidc.map((each) => (
          <div key={each.name}>
            <Divider plain>{t("signIn.or")}</Divider>
            <Button block size="large" href={`${each.url}?next=${encodeURIComponent(next)}`}>
              {t("signIn.with", { name: each.label })}
            </Button>
          </div>
        ))}
      </Card>
    </main>
  );
}

import { DeleteOutlined, UploadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Progress, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { call, get, post } from "@/api/client";
import { ErrorNote } from "@/parts/Fault";
import { Pending } from "@/parts/Pending";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { When } from "@/parts/When";

interface Licence {
  holder: string;
  kind: string;
  validFrom: string | null;
  validUntil: string | null;
  maxWorkflows: number | null;
  maxUsers: number | null;
  maxTenants: number | null;
  valid: boolean;
  problems: string[];
  installedAt: string | null;
  installedBy: string | null;
  used: { workflows: number; users: number; tenants: number };
}

const WHOLE = 100; // per cent

/** What the licence allows and how much of it is used. */
export function Licence() {
  const { t } = useTranslation("admin");
  const found = useQuery({
    queryKey: ["license"],
    queryFn: ({ signal }) => get<Licence>("/license", signal),
  });
  if (found.isPending) return <Pending />;
  if (found.error && !found.data) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const of = found.data;
  return (
    <>
      <p className="hint">{t("licence.hint")}</p>
      {of.problems.map((each) => (
        <Alert key={each} type="warning" showIcon title={each} style={{ marginBottom: 12 }} />
      ))}
      <Facts of={of} />
      <Install installed={of.installedAt !== null} />
    </>
  );
}

function Facts({ of }: { of: Licence }) {
  const { t } = useTranslation("admin");
  const limit = (key: "workflows" | "users" | "tenants", most: number | null) => ({
    key,
    label: t(`licence.${key}`),
    children: <Used used={of.used[key]} most={most} name={t(`licence.${key}`)} />,
  });
  const items = [
    {
      key: "state",
      label: t("col.state"),
      children: (
        <StateMark tone={of.valid ? "good" : "bad"}>
          {t(of.valid ? "licence.valid" : "licence.invalid")}
        </StateMark>
      ),
    },
    { key: "holder", label: t("licence.holder"), children: of.holder || "–" },
    {
      key: "kind",
      label: t("licence.kind"),
      children: t(`licence.kinds.${of.kind}`, { defaultValue: of.kind }),
    },
    { key: "from", label: t("licence.from"), children: <When at={of.validFrom} /> },
    {
      key: "until",
      label: t("licence.until"),
      children: of.validUntil ? <When at={of.validUntil} /> : t("licence.forever"),
    },
    {
      key: "installed",
      label: t("licence.installedAt"),
      children: of.installedAt ? (
        <>
          <When at={of.installedAt} /> · {of.installedBy}
        </>
      ) : (
        "–"
      ),
    },
    limit("workflows", of.maxWorkflows),
    limit("users", of.maxUsers),
    limit("tenants", of.maxTenants),
  ];
  return <Descriptions className="attributes" bordered size="small" column={1} items={items} />;
}

function Used({ used, most, name }: { used: number; most: number | null; name: string }) {
  const { t } = useTranslation("admin");
  if (most === null) return <>{t("licence.usedFree", { used })}</>;
  const share = most ? Math.min(WHOLE, Math.round((used / most) * WHOLE)) : WHOLE;
  return (
    <div style={{ maxWidth: 360 }}>
      {t("licence.usedOf", { used, most })}
      <Progress
        percent={share}
        showInfo={false}
        status={used >= most ? "exception" : "normal"}
        aria-label={name}
      />
    </div>
  );
}

function Install({ installed }: { installed: boolean }) {
  const { t } = useTranslation("admin");
  const { act, busy } = useAct();
  const ask = useAsk();
  const remove = async () => {
    if (!(await ask(t("licence.removeTitle"), t("licence.removeWhat"), t("licence.remove")))) return;
    await act({ do: () => call("DELETE", "/license"), said: t("licence.removed"), stale: ["license"] });
  };
  const install = async (file: File) => {
    const text = await file.text();
    await act({
      do: () => post("/license", { text }),
      said: t("licence.installed"),
      stale: ["license"],
    });
  };
  return (
    <div className="list-tools" style={{ marginTop: 16 }}>
      <Upload
        accept=".json,.lic,.txt,application/json"
        showUploadList={false}
        beforeUpload={(file) => {
          void install(file);
          return false;
        }}
      >
        <Button icon={<UploadOutlined aria-hidden />} loading={busy}>
          {t("licence.install")}
        </Button>
      </Upload>
      {installed && (
        <Button danger icon={<DeleteOutlined aria-hidden />} onClick={() => void remove()}>
          {t("licence.remove")}
        </Button>
      )}
    </div>
  );
}

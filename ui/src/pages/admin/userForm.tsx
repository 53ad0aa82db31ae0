import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { FormDrawer } from "@/parts/FormDrawer";
import { useNames } from "@/parts/useNames";

export interface User {
  id: number;
  name: string;
  displayName?: string | null;
  email?: string | null;
  disabled: boolean;
  roles: string[];
  provider?: string | null;
}

interface Given {
  name: string;
  displayName?: string;
  email?: string;
  password?: string;
  roles?: string[];
}

/** What differs from the user as they were; a password only where one was typed. */
export function changeOf(old: User | null, given: Given) {
  const texts = { displayName: given.displayName ?? "", email: given.email ?? "" };
  const body: Record<string, string | string[]> = {};
  for (const key of ["displayName", "email"] as const) {
    if (texts[key] !== (old?.[key] ?? "")) body[key] = texts[key];
  }
  if (given.password) body.password = given.password;
  if (given.roles && given.roles.join() !== old?.roles.join()) body.roles = given.roles;
  return body;
}

export function UserForm({ of, onClose }: { of: User | "new"; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const old = of === "new" ? null : of;
  const roles = useNames("roles");
  const save = (given: Given) =>
    old
      ? call("PATCH", `/users/${old.id}`, { body: changeOf(old, given) })
      : post("/users", { name: given.name, ...changeOf(null, given) });
  return (
    <FormDrawer<Given>
      title={old ? t("users.editTitle", { name: old.name }) : t("users.new")}
      initial={{
        name: old?.name,
        roles: old?.roles ?? ["viewer"],
        displayName: old?.displayName ?? undefined,
        email: old?.email ?? undefined,
      }}
      save={save}
      said={t("said.saved")}
      stale={["users"]}
      onClose={onClose}
    >
      {!old && (
        <Form.Item
          name="name"
          label={t("users.name")}
          extra={t("users.nameHelp")}
          rules={[{ required: true, message: t("needed") }]}
        >
          <Input autoFocus autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="displayName" label={t("users.displayName")}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="email" label={t("users.email")} extra={t("users.emailHelp")}>
        <Input type="email" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("users.password")}
        extra={t(old ? "users.passwordKeep" : "users.passwordNew")}
        rules={[{ min: 8, message: t("users.passwordShort") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="roles" label={t("users.roles")}>
        <Select mode="multiple" options={roles.map((value) => ({ value, label: value }))} />
      </Form.Item>
    </FormDrawer>
  );
}

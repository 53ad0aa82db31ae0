import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { call, get } from "@/api/client";
import { pathOf } from "@/api/paths";
import type { Json, Page } from "@/api/shapes";
import { FormDrawer } from "@/parts/FormDrawer";

export interface TargetType {
  name: string;
  parent: string | null;
  numbers: string[];
  choices: Record<string, string[]>;
}

export interface Target {
  id: number;
  type: string;
  name: string;
  attributes: Record<string, Json>;
  parent: { type: string; id: number; name: string } | null;
}

interface Given {
  type: string;
  name: string;
  parent?: string;
  attributes?: string;
}

const PARENTS = 200; // offered at once

/** The object that a text holds; null where it holds none. */
export function objectOf(text: string | undefined): Record<string, Json> | null {
  if (!text?.trim()) return {};
  try {
    const found: unknown = JSON.parse(text);
    const fits = typeof found === "object" && found !== null && !Array.isArray(found);
    return fits ? (found as Record<string, Json>) : null;
  } catch {
    return null;
  }
}

export function TargetForm(props: { of: Target | "new"; types: TargetType[]; onClose: () => void }) {
  const { t } = useTranslation("resources");
  const old = props.of === "new" ? null : props.of;
  const kindOf = (type: string) => props.types.find((each) => each.name === type);
  const save = ({ type, name, parent, attributes }: Given) => {
    const above = kindOf(old?.type ?? type)?.parent;
    return call("PUT", pathOf(`targets/${old?.type ?? type}`, old?.name ?? name), {
      body: {
        attributes: objectOf(attributes) ?? {},
        parent: above && parent ? { type: above, name: parent } : null,
      },
    });
  };
  return (
    <FormDrawer<Given>
      title={old ? t("targets.editTitle", { name: old.name }) : t("targets.new")}
      initial={{
        type: old?.type ?? props.types[0]?.name,
        name: old?.name,
        parent: old?.parent?.name,
        attributes: old ? JSON.stringify(old.attributes, null, 2) : "{}",
      }}
      save={save}
      said={t("said.saved")}
      stale={["targets"]}
      onClose={props.onClose}
    >
      <Form.Item name="type" label={t("targets.type")}>
        <Select
          disabled={Boolean(old)}
          options={props.types.map(({ name }) => ({ value: name, label: t(`targets.types.${name}`) }))}
        />
      </Form.Item>
      <Form.Item name="name" label={t("col.name")} rules={[{ required: true, message: t("needed") }]}>
        <Input disabled={Boolean(old)} autoComplete="off" />
      </Form.Item>
      <Form.Item noStyle dependencies={["type"]}>
        {(form) => <OfType kind={kindOf(form.getFieldValue("type"))} />}
      </Form.Item>
    </FormDrawer>
  );
}

function OfType({ kind }: { kind: TargetType | undefined }) {
  const { t } = useTranslation("resources");
  const parents = useQuery({
    queryKey: ["targets", "parents", kind?.parent],
    enabled: Boolean(kind?.parent),
    queryFn: ({ signal }) => get<Page<Target>>(`/targets?type=${kind?.parent}&size=${PARENTS}`, signal),
  });
  const known = [
    ...(kind?.numbers ?? []).map((name) => t("targets.number", { name })),
    ...Object.entries(kind?.choices ?? {}).map(([name, of]) =>
      t("targets.choice", { name, of: of.join(" | ") }),
    ),
  ];
  const isObject = (_: unknown, text?: string) =>
    objectOf(text) ? Promise.resolve() : Promise.reject(new Error(t("targets.notObject")));
  return (
    <>
      {kind?.parent && (
        <Form.Item name="parent" label={t("targets.parent")} extra={t(`targets.parentHelp`)}>
          <Select
            allowClear
            showSearch
            options={parents.data?.items.map(({ name }) => ({ value: name, label: name }))}
          />
        </Form.Item>
      )}
      <Form.Item
        name="attributes"
        label={t("targets.attributesJson")}
        extra={known.join(" · ")}
        rules={[{ validator: isObject }]}
      >
        <Input.TextArea rows={8} className="json" spellCheck={false} />
      </Form.Item>
    </>
  );
}

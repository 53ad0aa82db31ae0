import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import { isMapping } from "@/graph/model";
import { useFocusBack } from "@/parts/useFocusBack";
import { type Raw, setKey } from "./document";
import { ChoiceField, FlagField, NumberField, TextField, TextsField, ValueField } from "./fields";

export interface SettingsFormProps {
  value: unknown;
  readOnly: boolean;
  change: (change: (text: string) => string, tag?: string) => void;
  onClose: () => void;
}

/** What holds for the workflow as a whole. */
export function SettingsForm({ value, readOnly, change, onClose }: SettingsFormProps) {
  useFocusBack();
  const { t } = useTranslation("editor");
  const document = isMapping(value) ? (value as Raw) : {};
  const [metadata, spec] = [part(document, "metadata"), part(document, "spec")];
  const set = (where: "spec" | "metadata", key: string) => (next: Json | undefined) =>
    change((text) => setKey(text, where, key, next), `${where}.${key}`);
  const within = (key: string, inner: string) => (next: Json | undefined) => {
    const { [inner]: _, ...rest } = part(spec, key);
    const made = next === undefined ? rest : { ...part(spec, key), [inner]: next };
    set("spec", key)(Object.keys(made).length ? made : undefined);
  };
  return (
    <Drawer open title={t("settings")} size={460} onClose={onClose}>
      <fieldset className="node-form" disabled={readOnly}>
        <TextField
          label={t("field.remark")}
          lines={2}
          value={text(metadata.remark)}
          onChange={set("metadata", "remark")}
        />
        <ValueField
          label={t("field.params")}
          help={t("help.params")}
          minHeight="110px"
          value={spec.params}
          onChange={set("spec", "params")}
        />
        <TextsField
          label={t("field.required")}
          options={Object.keys(part(spec, "params"))}
          value={texts(spec.required)}
          onChange={set("spec", "required")}
        />
        <TextField
          label={t("field.target")}
          help={t("help.target")}
          value={text(spec.target)}
          onChange={set("spec", "target")}
        />
        <ChoiceField
          label={t("field.onFailure")}
          value={text(spec.on_failure)}
          options={["continue", "stop", "rollback"].map((each) => ({
            value: each,
            label: t(`onFailure.${each}`),
          }))}
          onChange={set("spec", "on_failure")}
        />
        <TextField
          label={t("field.runTimeout")}
          help={t("help.duration")}
          value={text(spec.timeout)}
          onChange={set("spec", "timeout")}
        />
        <h2>{t("group.concurrency")}</h2>
        <NumberField
          label={t("field.limit")}
          min={1}
          max={10000}
          value={number(part(spec, "concurrency").limit)}
          onChange={within("concurrency", "limit")}
        />
        <ChoiceField
          label={t("field.policy")}
          value={text(part(spec, "concurrency").policy)}
          options={["queue", "skip", "allow"].map((each) => ({ value: each, label: t(`policy.${each}`) }))}
          onChange={within("concurrency", "policy")}
        />
        <h2>{t("group.schedule")}</h2>
        <ChoiceField
          label={t("field.mode")}
          value={text(part(spec, "schedule").mode)}
          options={["single", "discrete"].map((each) => ({ value: each, label: t(`mode.${each}`) }))}
          onChange={within("schedule", "mode")}
        />
        <TextField
          label={t("field.cron")}
          help={t("help.cron")}
          value={text(part(spec, "schedule").cron)}
          placeholder="0 2 * * 1"
          onChange={within("schedule", "cron")}
        />
        <TextField
          label={t("field.timezone")}
          value={text(part(spec, "schedule").timezone)}
          placeholder="Asia/Shanghai"
          onChange={within("schedule", "timezone")}
        />
        <TextField
          label={t("field.from")}
          value={text(part(spec, "schedule").from)}
          placeholder="2026-12-01"
          onChange={within("schedule", "from")}
        />
        <TextField
          label={t("field.until")}
          value={text(part(spec, "schedule").until)}
          placeholder="2027-12-01"
          onChange={within("schedule", "until")}
        />
        <ChoiceField
          label={t("field.missed")}
          value={text(part(spec, "schedule").missed)}
          options={["last", "all", "skip"].map((each) => ({ value: each, label: t(`missed.${each}`) }))}
          onChange={within("schedule", "missed")}
        />
        <h2>{t("group.around")}</h2>
        <ValueField
          label={t("field.alarms")}
          help={t("help.alarms")}
          value={spec.alarms}
          onChange={set("spec", "alarms")}
        />
        <FlagField
          label={t("field.invocation")}
          value={part(spec, "invocation").enabled === true}
          onChange={(on) => set("spec", "invocation")(on ? { enabled: true } : undefined)}
        />
      </fieldset>
    </Drawer>
  );
}

function part(map: Raw, key: string): Raw {
  const found = map[key];
  return isMapping(found) ? (found as Raw) : {};
}

const text = (value: Json | undefined) =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
const number = (value: Json | undefined) => (typeof value === "number" ? value : undefined);
const texts = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : undefined);

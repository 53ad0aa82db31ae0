import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import { useFocusBack } from "@/parts/useFocusBack";
import { setKey } from "./document";
import { ChoiceField, Fields, FlagField, NumberField, TextField, TextsField, ValueField } from "./fields";
import { asMap, asNumber, asText, asTexts, orNothing, withKey } from "./values";

interface SettingsFormProps {
  value: unknown;
  readOnly: boolean;
  change: (change: (text: string) => string, tag?: string) => void;
  onClose: () => void;
}

/** What holds for the workflow as a whole. */
export function SettingsForm({ value, readOnly, change, onClose }: SettingsFormProps) {
  useFocusBack();
  const { t } = useTranslation("editor");
  const document = asMap(value);
  const [metadata, spec] = [asMap(document.metadata), asMap(document.spec)];
  const set = (where: "spec" | "metadata", key: string) => (next: Json | undefined) =>
    change((text) => setKey(text, where, key, next), `${where}.${key}`);
  const within = (block: "schedule" | "concurrency", key: string) => (next: Json | undefined) =>
    set("spec", block)(orNothing(withKey(asMap(spec[block]), key, next)));
  const top = (key: string) => ({ value: asText(spec[key]), onChange: set("spec", key) });
  const inner = (block: "schedule" | "concurrency", key: string) => ({
    value: asText(asMap(spec[block])[key]),
    onChange: within(block, key),
  });
  const choices = (name: string, ...values: string[]) =>
    values.map((value) => ({ value, label: t(`${name}.${value}`) }));
  return (
    <Drawer open title={t("settings")} size={460} onClose={onClose}>
      <Fields readOnly={readOnly}>
        <TextField
          label={t("field.remark")}
          lines={2}
          value={asText(metadata.remark)}
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
          options={Object.keys(asMap(spec.params))}
          value={asTexts(spec.required)}
          onChange={set("spec", "required")}
        />
        <TextField label={t("field.target")} help={t("help.target")} {...top("target")} />
        <ChoiceField
          label={t("field.onFailure")}
          options={choices("onFailure", "continue", "stop", "rollback")}
          {...top("on_failure")}
        />
        <TextField label={t("field.runTimeout")} help={t("help.duration")} {...top("timeout")} />
        <h2>{t("group.concurrency")}</h2>
        <NumberField
          label={t("field.limit")}
          min={1}
          max={10000}
          value={asNumber(asMap(spec.concurrency).limit)}
          onChange={within("concurrency", "limit")}
        />
        <ChoiceField
          label={t("field.policy")}
          options={choices("policy", "queue", "skip", "allow")}
          {...inner("concurrency", "policy")}
        />
        <h2>{t("group.schedule")}</h2>
        <ChoiceField
          label={t("field.mode")}
          options={choices("mode", "single", "discrete")}
          {...inner("schedule", "mode")}
        />
        <TextField
          label={t("field.cron")}
          help={t("help.cron")}
          placeholder="0 2 * * 1"
          {...inner("schedule", "cron")}
        />
        <TextField
          label={t("field.timezone")}
          placeholder="Asia/Shanghai"
          {...inner("schedule", "timezone")}
        />
        <TextField label={t("field.from")} placeholder="2026-12-01" {...inner("schedule", "from")} />
        <TextField label={t("field.until")} placeholder="2027-12-01" {...inner("schedule", "until")} />
        <ChoiceField
          label={t("field.missed")}
          options={choices("missed", "last", "all", "skip")}
          {...inner("schedule", "missed")}
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
          value={asMap(spec.invocation).enabled === true}
          onChange={(on) => set("spec", "invocation")(on ? { enabled: true } : undefined)}
        />
      </Fields>
    </Drawer>
  );
}

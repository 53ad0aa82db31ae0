/** Small inputs of the property forms: each shows a value of the document and tells what it becomes. */
import { ConfigProvider, Input, InputNumber, Select, Switch } from "antd";
import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { parse, stringify } from "yaml";
import type { Json } from "@/api/shapes";
import { useUnsaved } from "@/parts/unsaved";
import { Code, type CodeLanguage } from "./Code";

interface FieldProps<T> {
  label: string;
  help?: string;
  value: T | undefined;
  onChange: (value: T | undefined) => void;
  disabled?: boolean;
}

/** Fields together; where they are only to be read, each of them is, and looks it. */
export function Fields({ readOnly, children }: { readOnly: boolean; children: ReactNode }) {
  return (
    <ConfigProvider componentDisabled={readOnly}>
      <fieldset className="node-form" disabled={readOnly}>
        {children}
      </fieldset>
    </ConfigProvider>
  );
}

/** A browser disables no editor of code by the fields around it. */
const useReadOnly = () => ConfigProvider.useConfig().componentDisabled ?? false;

function Labelled({
  label,
  help,
  fault,
  children,
}: {
  label: string;
  help?: string;
  fault?: string | null;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {fault ? (
        <small role="alert" className="field-fault">
          {fault}
        </small>
      ) : (
        help && <small className="field-help">{help}</small>
      )}
    </div>
  );
}

/** What an input needs whose text is taken when it is left, or with Enter; until then leaving the page asks. */
export function useTyped(value: string, take: (text: string) => void) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useUnsaved(text !== value);
  const tell = () => text !== value && take(text);
  return {
    value: text,
    onBlur: tell,
    onPressEnter: tell,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  };
}

/** Text; what `refuse` finds wrong with it is said, and it is not taken. */
export function TextField({
  lines,
  placeholder,
  refuse,
  ...field
}: FieldProps<string> & {
  lines?: number;
  placeholder?: string;
  refuse?: (text: string) => string | null;
}) {
  const { onPressEnter, ...typed } = useTyped(field.value ?? "", (next) => {
    if (!refuse?.(next)) field.onChange(next || undefined);
  });
  const common = { ...typed, placeholder, disabled: field.disabled };
  return (
    <Labelled label={field.label} help={field.help} fault={refuse?.(typed.value)}>
      {(id) =>
        lines ? (
          <Input.TextArea id={id} autoSize={{ minRows: lines, maxRows: 10 }} {...common} />
        ) : (
          <Input id={id} onPressEnter={onPressEnter} {...common} />
        )
      }
    </Labelled>
  );
}

export function NumberField({ min, max, ...field }: FieldProps<number> & { min?: number; max?: number }) {
  return (
    <Labelled label={field.label} help={field.help}>
      {(id) => (
        <InputNumber
          id={id}
          className="wide"
          min={min}
          max={max}
          value={field.value ?? null}
          disabled={field.disabled}
          onChange={(value) => field.onChange(value ?? undefined)}
        />
      )}
    </Labelled>
  );
}

export function FlagField(field: FieldProps<boolean>) {
  return (
    <Labelled label={field.label} help={field.help}>
      {(id) => (
        <span>
          <Switch
            id={id}
            aria-label={field.label}
            checked={field.value ?? false}
            disabled={field.disabled}
            onChange={field.onChange}
          />
        </span>
      )}
    </Labelled>
  );
}

export interface Choice {
  value: string;
  label?: string;
}

export function ChoiceField({
  options,
  clearable = true,
  ...field
}: FieldProps<string> & { options: Choice[]; clearable?: boolean }) {
  return (
    <Labelled label={field.label} help={field.help}>
      {(id) => (
        <Select
          id={id}
          className="wide"
          aria-label={field.label}
          showSearch
          allowClear={clearable}
          value={field.value ?? null}
          disabled={field.disabled}
          options={options.map(({ value, label }) => ({ value, label: label ?? value }))}
          onChange={(value: string | null) => field.onChange(value ?? undefined)}
        />
      )}
    </Labelled>
  );
}

/** Several texts, chosen or typed. */
export function TextsField({ options = [], ...field }: FieldProps<string[]> & { options?: string[] }) {
  return (
    <Labelled label={field.label} help={field.help}>
      {(id) => (
        <Select
          id={id}
          className="wide"
          aria-label={field.label}
          mode="tags"
          value={field.value ?? []}
          disabled={field.disabled}
          options={options.map((value) => ({ value, label: value }))}
          onChange={(value: string[]) => field.onChange(value.length ? value : undefined)}
        />
      )}
    </Labelled>
  );
}

export function CodeField({
  language,
  minHeight = "140px",
  ...field
}: FieldProps<string> & { language: CodeLanguage; minHeight?: string }) {
  const readOnly = useReadOnly();
  return (
    <Labelled label={field.label} help={field.help}>
      {() => (
        <Code
          language={language}
          label={field.label}
          minHeight={minHeight}
          maxHeight="420px"
          value={field.value ?? ""}
          onChange={readOnly ? undefined : (text) => field.onChange(text || undefined)}
        />
      )}
    </Labelled>
  );
}

/** Any value, written as YAML; taken whenever it can be read. */
export function ValueField({ minHeight = "60px", ...field }: FieldProps<Json> & { minHeight?: string }) {
  const { t } = useTranslation("editor");
  const readOnly = useReadOnly();
  const written = field.value === undefined ? "" : stringify(field.value, { lineWidth: 100 });
  const [text, setText] = useState(written);
  const [fault, setFault] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change from outside replaces the text
  useEffect(() => {
    if (!sameValue(text, field.value)) setText(written);
  }, [written]);
  const change = (next: string) => {
    setText(next);
    try {
      const value = next.trim() ? (parse(next) as Json) : undefined;
      setFault(null);
      if (JSON.stringify(value) !== JSON.stringify(field.value)) field.onChange(value);
    } catch {
      setFault(t("notYaml"));
    }
  };
  return (
    <Labelled label={field.label} help={field.help} fault={fault}>
      {() => (
        <Code
          language="yaml"
          label={field.label}
          minHeight={minHeight}
          maxHeight="320px"
          value={text}
          onChange={readOnly ? undefined : change}
        />
      )}
    </Labelled>
  );
}

function sameValue(text: string, value: Json | undefined): boolean {
  try {
    return JSON.stringify(text.trim() ? parse(text) : undefined) === JSON.stringify(value);
  } catch {
    return false;
  }
}

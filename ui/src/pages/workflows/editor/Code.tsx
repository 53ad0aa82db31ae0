import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { EditorView } from "@codemirror/view";
import CodeMirror from "@uiw/react-codemirror";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMode } from "@/theme/mode";
import { usePhrases } from "./phrases";

const LANGUAGES = {
  yaml: () => yaml(),
  json: () => json(),
  python: () => python(),
  sql: () => sql(),
  shell: () => StreamLanguage.define(shell),
  text: () => [],
};
export type CodeLanguage = keyof typeof LANGUAGES;

interface CodeProps {
  value: string;
  onChange?: (text: string) => void;
  onBlur?: () => void;
  language: CodeLanguage;
  label: string;
  height?: string;
  minHeight?: string;
  maxHeight?: string;
}

/** An editor for code; Escape and then Tab leaves it, and it says so. */
export function Code({ value, onChange, onBlur, language, label, ...size }: CodeProps) {
  const dark = useMode((store) => store.dark);
  const { t } = useTranslation("editor");
  const hint = onChange && t("leaveCode");
  const phrases = usePhrases();
  const extensions = useMemo(
    () => [
      LANGUAGES[language](),
      phrases,
      EditorView.contentAttributes.of({
        "aria-label": label,
        tabindex: "0",
        ...(hint ? { "aria-description": hint } : {}),
      }),
    ],
    [language, label, phrases, hint],
  );
  return (
    <CodeMirror
      className="code"
      data-hint={hint}
      indentWithTab={Boolean(onChange)}
      value={value}
      onChange={onChange}
      onBlur={onBlur}
      readOnly={!onChange}
      theme={dark ? "dark" : "light"}
      extensions={extensions}
      basicSetup={{ foldGutter: language === "yaml", highlightActiveLine: false }}
      {...size}
    />
  );
}

// What the code editor says by itself, in the reader's language.
import { EditorState, type Extension } from "@codemirror/state";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** The editor's own phrases and the keys of their texts. */
const PHRASES: Record<string, string> = {
  "$ unchanged lines": "unchanged",
  Find: "find",
  Replace: "replaceBy",
  next: "next",
  previous: "previous",
  all: "all",
  "match case": "matchCase",
  "by word": "byWord",
  regexp: "regexp",
  replace: "replace",
  "replace all": "replaceAll",
  close: "close",
  "current match": "currentMatch",
  "on line": "onLine",
  "replaced match on line $": "replacedOne",
  "replaced $ matches": "replacedMany",
  "Go to line": "goToLine",
  go: "go",
  "folded code": "folded",
  unfold: "unfold",
  "Fold line": "foldLine",
  "Unfold line": "unfoldLine",
  "Folded lines": "foldedLines",
  "Unfolded lines": "unfoldedLines",
  to: "to",
  "Control character": "controlCharacter",
};

export function usePhrases(): Extension {
  const { t } = useTranslation("editor");
  return useMemo(() => {
    const said = Object.entries(PHRASES).map(([phrase, key]) => [phrase, t(`code.${key}`)]);
    return EditorState.phrases.of(Object.fromEntries(said));
  }, [t]);
}

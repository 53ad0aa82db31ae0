import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Modal, Tooltip } from "antd";
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import { ErrorNote } from "@/parts/Fault";
import "@/parts/marks.css";
import "@/parts/parts.css";
import "./jump.css";
import { type Jump, type Jumps, type Kind, useJumps } from "./useJumps";

const KINDS: readonly Kind[] = ["pages", "workflows", "runs"];
const HOTKEY = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
const DIALOG = "[role=dialog][aria-modal=true]";

/** Opens by its button or Ctrl/Cmd+K, and leads to any page, workflow or run. */
export function JumpButton() {
  const { t } = useTranslation("jump");
  const [open, setOpen] = useState(false);
  const went = useRef(false);
  useHotkey(() => setOpen((before) => before || !dialogIsOpen()));
  return (
    <>
      <Tooltip title={t("title")}>
        <Button
          className="jump-button"
          icon={<SearchOutlined aria-hidden />}
          aria-label={`${t("title")} · ${HOTKEY}`}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => setOpen(true)}
        >
          <kbd>{HOTKEY}</kbd>
        </Button>
      </Tooltip>
      <Modal
        open={open}
        className="jump"
        title={<span className="unseen">{t("title")}</span>}
        closable={false}
        footer={null}
        width={640}
        style={{ top: 80 }}
        destroyOnHidden
        afterClose={() => {
          if (went.current) document.getElementById("content")?.focus(); // what had the focus is gone
          went.current = false;
        }}
        onCancel={() => setOpen(false)}
      >
        <JumpList
          onGo={() => {
            went.current = true;
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}

function useHotkey(act: () => void): void {
  const last = useRef(act);
  last.current = act;
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      if (event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      last.current();
    };
    // In the capturing phase: text editors have a use of their own for this key.
    window.addEventListener("keydown", pressed, true);
    return () => window.removeEventListener("keydown", pressed, true);
  }, []);
}

/** Whoever is in the middle of a form is not led away from it. */
function dialogIsOpen(): boolean {
  return [...document.querySelectorAll(DIALOG)].some((each) => each.checkVisibility());
}

/** A field and what it finds: arrows move, Enter goes there. */
function JumpList({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation("jump");
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { jumps, searching, error } = useJumps(text);
  const all = KINDS.flatMap((kind) => jumps[kind]);
  const current = Math.min(at, all.length - 1);
  const go = (jump: Jump | undefined) => {
    if (!jump) return;
    onGo();
    void navigate(jump.path);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return; // Enter and arrows belong to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) setAt((current + step + all.length) % all.length);
    else if (event.key === "Enter") go(all[current]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <Input
        autoFocus
        size="large"
        variant="borderless"
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t("placeholder")}
        aria-label={t("title")}
        role="combobox"
        aria-expanded={all.length > 0}
        aria-controls="jump-list"
        aria-autocomplete="list"
        aria-activedescendant={all.length ? `jump-${current}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      {error ? <ErrorNote error={error} /> : null}
      <Options {...{ jumps, current, go }} />
      <p className="jump-state" role="status">
        {searching ? t("searching") : t(all.length ? "found" : "nothing", { count: all.length })}
      </p>
      <p className="jump-keys" aria-hidden>
        <kbd>↑</kbd> <kbd>↓</kbd> {t("choose")} <kbd>Enter</kbd> {t("open")} <kbd>Esc</kbd> {t("close")}
      </p>
    </>
  );
}

function Options({ jumps, current, go }: { jumps: Jumps; current: number; go: (jump: Jump) => void }) {
  const { t } = useTranslation("jump");
  const marked = useRef<HTMLDivElement>(null);
  const path = KINDS.flatMap((kind) => jumps[kind])[current]?.path;
  useEffect(() => {
    if (path) marked.current?.scrollIntoView({ block: "nearest" });
  }, [path]);
  let before = 0;
  return (
    <div id="jump-list" role="listbox" aria-label={t("title")} className="jump-list">
      {KINDS.filter((kind) => jumps[kind].length).map((kind) => {
        const first = before;
        before += jumps[kind].length;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
          <div key={kind} role="group" aria-labelledby={`jump-${kind}`}>
            <div id={`jump-${kind}`} className="jump-kind" role="presentation">
              {t(kind)}
            </div>
            {jumps[kind].map((jump, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
              // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
              <div
                key={jump.path}
                ref={first + index === current ? marked : undefined}
                id={`jump-${first + index}`}
                role="option"
                aria-selected={first + index === current}
                className="jump-option"
                onClick={() => go(jump)}
              >
                <Names of={jump} />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

function Names({ of }: { of: Jump }) {
  return (
    <>
      <span className="jump-names">
        {of.names.map((name, index) => (
          <Fragment key={name}>
            {index > 0 && <span className="quiet"> › </span>}
            <span className={index < of.names.length - 1 ? "quiet" : ""}>{name}</span>
          </Fragment>
        ))}
      </span>
      {of.run && <LookMark look={lookOf(of.run)} />}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Input, InputNumber, Radio, Segmented, Select, Switch, TimePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { useMay } from "@/api/session";
import type { Json, Workflow } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { useAct } from "@/parts/useAct";
import { When } from "@/parts/When";
import { Dates } from "./Dates";
import { Fires } from "./Fires";
import { SaveBar } from "./SaveBar";
import { cronOf, type Period, type Simple, simpleOf, USUAL } from "./simple";
import type { Block, Draft } from "./useDraft";
import "./detail.css";
import { Pending } from "@/parts/Pending";

const ZONES = Intl.supportedValuesOf("timeZone");
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When it starts by itself, with its next times as the server computes them. */
export function Schedule({ draft }: { draft: Draft }) {
  const stored = (draft.spec.schedule ?? null) as Block | null;
  // What changes elsewhere in the draft leaves the form, and what is typed into it, as it is.
  return <ScheduleForm key={JSON.stringify(stored)} draft={draft} stored={stored} />;
}

function ScheduleForm({ draft, stored }: { draft: Draft; stored: Block | null }) {
  const { t } = useTranslation("workflows");
  const may = useMay("WORKFLOW_EDITOR");
  const { act, busy } = useAct();
  const first: Block = stored ?? { enabled: false, mode: "single", cron: cronOf(USUAL), timezone: HERE };
  const [block, setBlock] = useState<Block>(first);
  const set = (key: string, value: Json | undefined) =>
    setBlock(({ [key]: _, ...rest }) => (value === undefined ? rest : { ...rest, [key]: value }));
  const on = block.enabled !== false;
  const changed = JSON.stringify(block) !== JSON.stringify(first);
  const save = (publish: boolean) =>
    act({
      do: () => draft.save("schedule", block, publish),
      said: t(publish ? "did.publish" : "did.save", { name: draft.name }),
    });
  return (
    <>
      <div className="columns">
        <Form layout="vertical" disabled={!may}>
          <Form.Item label={t("schedule.on")}>
            <Switch checked={on} onChange={(value) => set("enabled", value)} aria-label={t("schedule.on")} />
          </Form.Item>
          <Form.Item label={t("schedule.mode")} extra={t(`schedule.about.${String(block.mode ?? "single")}`)}>
            <Radio.Group value={block.mode ?? "single"} onChange={(event) => set("mode", event.target.value)}>
              <Radio value="single">{t("schedule.single")}</Radio>
              <Radio value="discrete">{t("schedule.discrete")}</Radio>
            </Radio.Group>
          </Form.Item>
          <Cron cron={String(block.cron ?? "")} onChange={(cron) => set("cron", cron)} />
          <Form.Item label={t("schedule.zone")} htmlFor="zone">
            <Select
              id="zone"
              showSearch
              value={String(block.timezone ?? "UTC")}
              options={["UTC", ...ZONES].map((value) => ({ value, label: value }))}
              onChange={(value) => set("timezone", value)}
              style={{ maxWidth: 320 }}
            />
          </Form.Item>
          <Dates block={block} set={set} />
          <Policies block={block} set={set} />
        </Form>
        <div>
          <InForce flow={draft.flow} />
          <Preview block={block} on={on} />
        </div>
      </div>
      <SaveBar
        changed={changed}
        busy={busy}
        may={may}
        onSave={(publish) => void save(publish)}
        onReset={() => setBlock(first)}
      />
      <Fires name={draft.name} />
    </>
  );
}

function Cron({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  const { t } = useTranslation("workflows");
  const simple = simpleOf(cron);
  const [mode, setMode] = useState<"simple" | "cron">(simple ? "simple" : "cron");
  return (
    <>
      <Form.Item label={t("schedule.how")}>
        <Segmented
          aria-label={t("schedule.how")}
          value={mode}
          onChange={(next) => {
            if (next === "simple" && !simple) onChange(cronOf(USUAL));
            setMode(next as "simple" | "cron");
          }}
          options={[
            { value: "simple", label: t("schedule.simple") },
            { value: "cron", label: "Cron" },
          ]}
        />
      </Form.Item>
      {mode === "simple" && simple ? (
        <SimpleForm value={simple} onChange={(next) => onChange(cronOf(next))} />
      ) : (
        <Form.Item label={t("schedule.cron")} htmlFor="cron" extra={t("schedule.aboutCron")}>
          <Input id="cron" className="mono" value={cron} onChange={(event) => onChange(event.target.value)} />
        </Form.Item>
      )}
    </>
  );
}

function SimpleForm({ value, onChange }: { value: Simple; onChange: (value: Simple) => void }) {
  const { t } = useTranslation("workflows");
  const { period } = value;
  const set = (changes: Partial<Simple>) => onChange({ ...value, ...changes });
  const periods: Period[] = ["minute", "hour", "day", "week", "month"];
  return (
    <div className="field-row" style={{ marginBottom: 24 }}>
      <Select
        aria-label={t("schedule.period")}
        value={period}
        onChange={(next) => onChange({ ...USUAL, period: next, every: next === "minute" ? 10 : 1 })}
        options={periods.map((each) => ({ value: each, label: t(`period.${each}`) }))}
        style={{ width: 130 }}
      />
      {(period === "minute" || period === "hour") && (
        <InputNumber
          aria-label={t("schedule.every")}
          prefix={t("schedule.every")}
          suffix={t(`unit.${period}`)}
          min={1}
          max={period === "minute" ? 59 : 23}
          value={value.every}
          onChange={(every) => set({ every: every ?? 1 })}
          style={{ width: 180 }}
        />
      )}
      {period === "hour" && (
        <InputNumber
          aria-label={t("schedule.atMinute")}
          prefix={t("schedule.atMinute")}
          min={0}
          max={59}
          value={value.minute}
          onChange={(minute) => set({ minute: minute ?? 0 })}
          style={{ width: 160 }}
        />
      )}
      {period === "week" && (
        <Select
          mode="multiple"
          aria-label={t("schedule.weekdays")}
          value={value.weekdays}
          onChange={(weekdays) => weekdays.length && set({ weekdays })}
          options={[1, 2, 3, 4, 5, 6, 0].map((each) => ({ value: each, label: t(`weekday.${each}`) }))}
          style={{ minWidth: 220 }}
        />
      )}
      {period === "month" && (
        <Select
          aria-label={t("schedule.dayOfMonth")}
          value={value.day}
          onChange={(day) => set({ day })}
          options={[
            ...Array.from({ length: 31 }, (_, i) => ({
              value: i + 1,
              label: t("schedule.day", { day: i + 1 }),
            })),
            { value: "L" as const, label: t("schedule.lastDay") },
          ]}
          style={{ width: 160 }}
        />
      )}
      {(period === "day" || period === "week" || period === "month") && (
        <TimePicker
          aria-label={t("schedule.time")}
          format="HH:mm"
          allowClear={false}
          needConfirm={false}
          value={dayjs().hour(value.hour).minute(value.minute)}
          onChange={(time) => time && set({ hour: time.hour(), minute: time.minute() })}
        />
      )}
    </div>
  );
}

function Policies({ block, set }: { block: Block; set: (key: string, value: Json | undefined) => void }) {
  const { t } = useTranslation("workflows");
  const choices = (key: "missed" | "overlap", words: string[]) =>
    words.map((value) => ({ value, label: t(`${key}.${value}`) }));
  return (
    <>
      <Form.Item label={t("schedule.missed")} htmlFor="missed">
        <Select
          id="missed"
          value={String(block.missed ?? "last")}
          options={choices("missed", ["last", "all", "skip"])}
          onChange={(value) => set("missed", value)}
          style={{ maxWidth: 420 }}
        />
      </Form.Item>
      <Form.Item label={t("schedule.overlap")} htmlFor="overlap">
        <Select
          id="overlap"
          value={String(block.overlap ?? "allow")}
          options={choices("overlap", ["allow", "skip"])}
          onChange={(value) => set("overlap", value)}
          style={{ maxWidth: 420 }}
        />
      </Form.Item>
    </>
  );
}

/** What starts by itself now, whatever the draft says. */
function InForce({ flow }: { flow: Workflow | undefined }) {
  const { t } = useTranslation("workflows");
  if (!flow) return null;
  const version = flow.published;
  return (
    <section className="panel side in-force" aria-label={t("inForce.title")}>
      <h2 className="part">{t("inForce.title")}</h2>
      {version === null && <p>{t("inForce.offline")}</p>}
      {version !== null && !flow.nextAt && <p>{t("inForce.none", { version })}</p>}
      {version !== null && flow.nextAt && (
        <p>
          {t("inForce.next", { version })} <When at={flow.nextAt} />{" "}
          <span className="quiet">{t("inForce.yours")}</span>
        </p>
      )}
    </section>
  );
}

interface Look {
  text: string | null;
  fires: string[];
  problems: { path: string; message: string }[];
}

const AHEAD = 8;

function Preview({ block, on }: { block: Block; on: boolean }) {
  const { t } = useTranslation("workflows");
  const asked: Block = { count: AHEAD, cron: String(block.cron ?? "") };
  for (const key of ["timezone", "dialect", "from", "until"]) if (block[key]) asked[key] = block[key] as Json;
  const found = useQuery({
    queryKey: ["preview", JSON.stringify(asked)],
    queryFn: () => post<Look>("/schedules/preview", asked),
    placeholderData: (before) => before,
  });
  return (
    <aside className="panel side" aria-live="polite">
      <h2 className="part">{t("schedule.next")}</h2>
      {!on && <p className="quiet">{t("schedule.off")}</p>}
      {found.isPending && <Pending />}
      {found.error && <ErrorNote error={found.error} />}
      {found.data?.text && (
        <div className="quiet">
          {found.data.text} · {String(block.timezone ?? "UTC")}
        </div>
      )}
      {found.data?.problems.map((each) => (
        <Alert key={each.message} type="error" showIcon title={each.message} style={{ marginTop: 8 }} />
      ))}
      <ol className="slots">
        {found.data?.fires.map((at) => (
          <li key={at}>
            <time dateTime={at}>{at.slice(0, 19).replace("T", " ")}</time>{" "}
            <span className="quiet">{at.slice(19)}</span>
          </li>
        ))}
      </ol>
      {found.data && !found.data.problems.length && !found.data.fires.length && (
        <p className="quiet">{t("schedule.never")}</p>
      )}
    </aside>
  );
}

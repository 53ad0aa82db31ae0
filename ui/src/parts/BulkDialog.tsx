import { Alert, Modal, Progress, Spin } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { saidOf } from "./Fault";
import { pooled } from "./pooled";
import "./parts.css";

interface Item {
  id: number;
}

/** How each took it, by its id: null where it went well, else the error. */
type Told = Map<number, unknown>;

interface BulkDialogProps<T extends Item> {
  title: string;
  verb: string;
  /** What the verb does. */
  about: string;
  danger: boolean;
  /** Whether it is still being found out what would be hit. */
  finding?: boolean;
  hit: T[];
  spared: { title: string; items: T[] };
  name: (item: T) => ReactNode;
  state: (item: T) => ReactNode;
  act: (item: T) => Promise<unknown>;
  onClose: (done: boolean) => void;
}

/** Names what a verb will hit and what it will not, carries it out, and tells how each of them took it. */
export function BulkDialog<T extends Item>(props: BulkDialogProps<T>) {
  const { hit, spared, verb, onClose } = props;
  const { t } = useTranslation();
  const [told, setTold] = useState<Told>(new Map());
  const [stage, setStage] = useState<"asking" | "acting" | "done">("asking");
  const carryOut = async () => {
    setStage("acting");
    await pooled(hit, async (item) => {
      const error = await props.act(item).then(
        () => null,
        (refused: unknown) => refused,
      );
      setTold((before) => new Map(before).set(item.id, error));
    });
    setStage("done");
  };
  const failed = [...told.values()].some((error) => error !== null);
  return (
    <Modal
      open
      width={640}
      title={props.title}
      okText={stage === "done" ? t("action.close") : verb}
      okButtonProps={{
        danger: props.danger && stage !== "done",
        disabled: !hit.length,
        loading: stage === "acting",
      }}
      cancelButtonProps={{ hidden: stage !== "asking" }}
      onOk={() => (stage === "done" ? onClose(true) : void carryOut())}
      onCancel={() => stage !== "acting" && onClose(stage === "done")}
    >
      {props.finding && <Spin />}
      {hit.length > 0 && <p>{props.about}</p>}
      {!hit.length && !props.finding && <Alert type="info" showIcon title={t("bulk.none")} />}
      {stage !== "asking" && (
        <Progress
          percent={Math.round((100 * told.size) / hit.length)}
          status={failed ? "exception" : undefined}
        />
      )}
      <Items {...props} title={t("bulk.hit", { count: hit.length })} items={hit} told={told} />
      <Items {...props} {...spared} told={told} />
    </Modal>
  );
}

interface ItemsProps<T> {
  title: string;
  items: T[];
  told: Told;
  name: (item: T) => ReactNode;
  state: (item: T) => ReactNode;
}

function Items<T extends Item>({ title, items, told, name, state }: ItemsProps<T>) {
  if (!items.length) return null;
  return (
    <section>
      <h2 className="bulk-title">{title}</h2>
      <ul className="bulk-items">
        {items.map((item) => (
          <li key={item.id}>
            {name(item)}
            {told.has(item.id) ? <Outcome error={told.get(item.id)} /> : state(item)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Outcome({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return <span role="status">{error === null ? `✓ ${t("bulk.done")}` : `✗ ${saidOf(error, t)}`}</span>;
}

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, type FormInstance, Space } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "./Fault";
import { placed } from "./placed";
import { useUnsaved } from "./unsaved";
import { useAsk } from "./useAct";

interface FormDrawerProps<T> {
  title: string;
  initial: Partial<T>;
  save: (values: T) => Promise<unknown>;
  /** What is said when it is saved. */
  said: string;
  /** Lists that are read anew afterwards. */
  stale: string[];
  onClose: () => void;
  children: ReactNode | ((form: FormInstance<T>) => ReactNode);
  submit?: string;
}

/** A form at the side: what the server finds wrong is shown at the field it is about. */
export function FormDrawer<T extends object>(props: FormDrawerProps<T>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<T>();
  const [open, setOpen] = useState(true);
  const ask = useAsk();
  useUnsaved(() => open && form.isFieldsTouched());
  const leave = async () => {
    const touched = form.isFieldsTouched();
    if (!touched || (await ask(t("editor:leave.title"), t("editor:leave.about"), t("editor:leave.go"))))
      setOpen(false);
  };
  const { busy, error, save } = useSaving(form, props, () => setOpen(false));
  return (
    <Drawer
      title={props.title}
      open={open}
      size={520}
      onClose={() => void leave()} // by a click beside it, too
      autoFocus={false} // the first field takes it
      afterOpenChange={(shown) => !shown && props.onClose()}
      footer={
        <Space style={{ float: "right" }}>
          <Button onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {props.submit ?? t("action.save")}
          </Button>
        </Space>
      }
    >
      <Form<T>
        form={form}
        layout="vertical"
        initialValues={props.initial}
        onFinish={() => void save()}
        scrollToFirstError
      >
        <Fields>
          {error !== null && (
            <div style={{ marginBottom: 16 }}>
              <ErrorNote error={error} />
            </div>
          )}
          {typeof props.children === "function" ? props.children(form) : props.children}
          <button type="submit" hidden tabIndex={-1} />
        </Fields>
      </Form>
    </Drawer>
  );
}

/** The first field has the focus as soon as it is there, never later: somebody may be typing elsewhere. */
function Fields({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  return <div ref={box}>{children}</div>;
}

function useSaving<T extends object>(form: FormInstance<T>, props: FormDrawerProps<T>, done: () => void) {
  const { message } = App.useApp();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await props.save(form.getFieldsValue());
      void message.success(props.said);
      await Promise.all(props.stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
      done();
    } catch (failed) {
      setError(placed(form, failed));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, save };
}

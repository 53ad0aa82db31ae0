import { expect, test } from "vitest";
import { bodyOf as channelBody } from "./channelForm";
import { bodyOf as connectionBody } from "./connectionForm";
import { whereOf } from "./connections";
import { objectOf } from "./targetForm";
import { attributesOf } from "./targets";

const connection = {
  name: "orders",
  kind: "postgresql" as const,
  host: "db",
  port: null,
  database: "orders",
  user: "app",
  secret: "db-password",
  options: { sslmode: "require", charset: "utf8", host_key: "" },
  description: "",
};

test("a connection's body holds only what belongs to its kind", () => {
  expect(connectionBody(connection)).toEqual({
    kind: "postgresql",
    host: "db",
    port: null,
    database: "orders",
    user: "app",
    secret: "db-password",
    options: { sslmode: "require" },
    description: "",
  });
  const file = connectionBody({ ...connection, kind: "sqlite" });
  expect([file.host, file.user, file.secret, file.options]).toEqual(["", "", null, {}]);
});

test("where a connection leads, as far as it is known", () => {
  expect(whereOf({ ...connection, port: 5432 })).toBe("app@db:5432/orders");
  expect(whereOf({ host: "", port: null, database: "/tmp/a.db", user: "" })).toBe("/tmp/a.db");
});

test("a channel's body keeps a secret that was not typed", () => {
  const mail = {
    name: "m",
    kind: "email" as const,
    settings: { host: "h", port: null, from: "a@b", url: "x" },
  };
  expect(channelBody(mail)).toEqual({ kind: "email", settings: { host: "h", from: "a@b" } });
  expect(channelBody({ ...mail, secret: "pass", signingKey: "no" })).toMatchObject({ secret: "pass" });
  expect(channelBody({ ...mail, signingKey: "no" })).not.toHaveProperty("signingKey");
});

test("a webhook's headers become settings", () => {
  const headers = [
    { name: "X-Team", value: "ops" },
    { name: "", value: "lost" },
  ];
  const made = channelBody({ name: "w", kind: "webhook", settings: { url: "https://a" }, headers });
  expect(made.settings).toEqual({ url: "https://a", headers: { "X-Team": "ops" } });
});

test("attributes are an object or nothing", () => {
  expect(objectOf(' {"a": 1}')).toEqual({ a: 1 });
  expect(objectOf("")).toEqual({});
  expect([objectOf("[1]"), objectOf("null"), objectOf("{")]).toEqual([null, null, null]);
  expect(attributesOf({ attributes: { ip: "10.0.0.1", cpu: 4 } })).toBe("ip=10.0.0.1, cpu=4");
  expect(attributesOf({ attributes: {} })).toBe("–");
});

import { afterEach, expect, test, vi } from "vitest";
import { ApiError, call, ENDED, freshKey, query, SIGNED_OUT, speak } from "./client";

afterEach(() => vi.unstubAllGlobals());

/** Answers every request with this; the requests. */
function answering(body: unknown, status: number, headers: Record<string, string> = {}): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
    asked.push(new Request(new URL(url, "http://server.test"), options));
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  });
  return asked;
}

test("what is not set is not asked for, and lists repeat", () => {
  expect(query({ search: "", page: 2, status: ["A", "B"], none: null, all: false })).toBe(
    "?page=2&status=A&status=B&all=false",
  );
  expect(query({ search: "", more: undefined, list: [] })).toBe("");
});

test("a request says its language, its tag and its key, and that it is of these pages", async () => {
  speak("zh-CN");
  const asked = answering({ id: 7 }, 201, { etag: '"next"' });
  const answer = await call<{ id: number }>("POST", "/runs", { body: { a: 1 }, etag: '"old"', key: "k" });
  expect([answer.data.id, answer.etag]).toEqual([7, '"next"']);
  const [request] = asked;
  expect(request?.url).toBe("http://server.test/api/v1/runs");
  expect(await request?.json()).toEqual({ a: 1 });
  const names = ["Accept-Language", "X-Headrace-Request", "If-Match", "Idempotency-Key"];
  expect(names.map((name) => request?.headers.get(name))).toEqual(["zh-CN", "1", '"old"', "k"]);
});

test("a refusal is told in the server's words, and one for want of a session also to the pages", async () => {
  const signedOut = vi.fn();
  window.addEventListener(SIGNED_OUT, signedOut);
  const errors = [{ path: "name", code: "taken", message: "taken already" }];
  answering({ code: "invalid", detail: "It is not right.", errors, traceId: "t1" }, 422);
  const refused = await call("GET", "/x").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({
    status: 422,
    code: "invalid",
    message: "It is not right.",
    problems: errors,
    traceId: "t1",
  });
  expect(signedOut).not.toHaveBeenCalled();
  answering({}, 401);
  await expect(call("GET", "/x")).rejects.toMatchObject({ status: 401, code: ENDED, problems: [] });
  expect(signedOut).toHaveBeenCalledOnce();
  answering({ code: "credentials_wrong" }, 401);
  await expect(call("POST", "/sign-in")).rejects.toMatchObject({ code: "credentials_wrong" });
  expect(signedOut).toHaveBeenCalledOnce();
});

test("keys are new each time, also where the browser makes no UUIDs", () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const keys = Array.from({ length: 50 }, freshKey);
  expect(new Set(keys).size).toBe(50);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});

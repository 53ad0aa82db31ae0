import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// In development `npm run dev` serves the pages and passes the API on to a running server.
const SERVER = process.env.HEADRACE_SERVER ?? "http://127.0.0.1:8080";
const passed = Object.fromEntries(["/api", "/workflow", "/healthz", "/readyz"].map((path) => [path, SERVER]));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { outDir: "../src/headrace/web", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1500 },
  worker: { format: "es" },
  server: { proxy: passed },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});

import { createRoot } from "react-dom/client";
import { App } from "@/app";
import { startTexts } from "@/i18n";
import "antd/dist/reset.css";
import "@/theme/base.css";

void startTexts().then(() => {
  createRoot(document.getElementById("root") as HTMLElement).render(<App />);
});

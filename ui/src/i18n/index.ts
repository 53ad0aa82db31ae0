// Two languages of equal rank. Texts are JSON files, one a subject; a test compares their keys.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { speak } from "@/api/client";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
const KEPT = "headrace.language";

const files = import.meta.glob<Record<string, unknown>>("./*/*.json", { eager: true, import: "default" });
const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, texts] of Object.entries(files)) {
  const [, language = "", file = ""] = path.split("/");
  resources[language] = { ...resources[language], [file.replace(".json", "")]: texts };
}

function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh-CN" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: resources as never,
    lng: preferred(),
    fallbackLng: "en",
    defaultNS: "common",
    interpolation: { escapeValue: false }, // React escapes
  });
  adopt(i18next.language as Language);
}

export async function choose(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
  adopt(language);
}

function adopt(language: Language): void {
  document.documentElement.lang = language;
  speak(language);
}

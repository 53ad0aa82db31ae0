import i18next from "i18next";

/** A file that names no workflow. */
export class NotAWorkflow extends Error {
  constructor(file: string) {
    super(i18next.t("workflows:notAWorkflow", { file }));
  }
}

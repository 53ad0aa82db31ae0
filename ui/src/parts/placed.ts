import type { FormInstance } from "antd";
import { ApiError } from "@/api/client";
import { sortProblems } from "./fields";

/** Puts the problems that have a field there; what is left to be shown above the form, or null. */
export function placed<T extends object>(form: FormInstance<T>, failed: unknown): unknown {
  if (!(failed instanceof ApiError) || !failed.problems.length) return failed;
  const has = (place: (string | number)[]) => form.getFieldInstance(place as never) !== undefined;
  const { fields, left } = sortProblems(failed.problems, has);
  form.setFields(fields as never);
  if (fields.length && !left.length) return null;
  return new ApiError(failed.status, failed.code, failed.message, left, failed.traceId);
}

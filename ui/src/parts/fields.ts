import type { Problem } from "@/api/client";

type Place = (string | number)[];

/** `settings.to[0]` as the parts of a form's field name. */
export function placeOf(path: string): Place {
  return path
    .replace(/^body\./, "")
    .split(/\.|\[(\d+)\]/)
    .filter((part) => part !== undefined && part !== "")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The server's problems by the fields of a form they belong to; what belongs to none of them is left. */
export function sortProblems(problems: Problem[], has: (place: Place) => boolean) {
  const fields: { name: Place; errors: string[] }[] = [];
  const left: Problem[] = [];
  for (const problem of problems) {
    let name = placeOf(problem.path);
    while (name.length && !has(name)) name = name.slice(0, -1);
    const known = fields.find((each) => each.name.join(".") === name.join("."));
    if (!name.length) left.push(problem);
    else if (known) known.errors.push(problem.message);
    else fields.push({ name, errors: [problem.message] });
  }
  return { fields, left };
}

/** The rule of names: also what the address of such a thing can hold. */
export const NAME = (message: string) => ({
  required: true,
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  message,
});

export function pathOf(kind: string, name: string, rest = ""): string {
  return `/${kind}/${encodeURIComponent(name)}${rest}`;
}

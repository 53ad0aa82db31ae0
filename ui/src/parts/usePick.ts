import { useSearchParams } from "react-router";

/** A choice that stands in the address; changing it leads back to the first page. */
export function usePick(name: string): [string, (value: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const pick = (value: string | undefined) => {
    const next = new URLSearchParams(params);
    value ? next.set(name, value) : next.delete(name);
    next.delete("page");
    setParams(next);
  };
  return [params.get(name) ?? "", pick];
}

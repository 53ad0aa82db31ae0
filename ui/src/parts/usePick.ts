import { useSearchParams } from "react-router";
import { withChanges } from "./address";

/** A choice that stands in the address; changing it leads back to the first page. */
export function usePick(name: string): [string, (value: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const pick = (value: string | undefined) => setParams(withChanges(params, { [name]: value ?? "" }));
  return [params.get(name) ?? "", pick];
}

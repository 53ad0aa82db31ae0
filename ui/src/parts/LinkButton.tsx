import { Button, type ButtonProps } from "antd";
import { useHref, useLinkClickHandler } from "react-router";

/** A link that looks like a button: one stop for Tab, and it opens elsewhere as links do. */
export function LinkButton({ to, ...rest }: Omit<ButtonProps, "href" | "onClick"> & { to: string }) {
  const go = useLinkClickHandler<HTMLAnchorElement>(to);
  return (
    <Button
      {...rest}
      href={useHref(to)}
      onClick={(event) => go(event as React.MouseEvent<HTMLAnchorElement>)}
    />
  );
}

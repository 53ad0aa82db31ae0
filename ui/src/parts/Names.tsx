import "./marks.css";

/** Several names side by side. */
export function Names({ of }: { of: readonly string[] }) {
  if (!of.length) return <span className="quiet">–</span>;
  return (
    <span className="names">
      {of.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </span>
  );
}

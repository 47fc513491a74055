/** A payer's colour beside its name: the same on screen, paper and charts. */
export function Swatch({ colour }: { readonly colour: string }) {
  return (
    <svg className="swatch" viewBox="0 0 12 12" aria-hidden>
      <rect width="12" height="12" fill={colour} />
    </svg>
  );
}

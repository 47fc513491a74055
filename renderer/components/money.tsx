import { formatFen } from '../../shared/money/yuan-text.ts';
import type { Fen } from '../../shared/money/fen.ts';

/** The only place of the page where fen become text: thousands separated, two decimals, 元 small. */
export function Money({ fen, unit = true }: { readonly fen: Fen; readonly unit?: boolean }) {
  return (
    <span className="money">
      {formatFen(fen)}
      {unit ? <small> 元</small> : null}
    </span>
  );
}

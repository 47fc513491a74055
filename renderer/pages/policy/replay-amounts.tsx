import type { Fen } from '../../../shared/money/fen.ts';
import { Money } from '../../components/money.tsx';

/** A sum of many bills may be above what one may be; it is written alike. */
export function Sum({ fen }: { readonly fen: number }) {
  return <Money fen={fen as Fen} unit={false} />;
}

/** A difference with its sign, in the tone of `tone`; nothing stands back whatever it means. */
export function Difference({ fen, tone }: { readonly fen: number; readonly tone: string }) {
  return (
    <span className={fen === 0 ? 'zero' : tone}>
      {fen > 0 ? '+' : ''}
      <Sum fen={fen} />
    </span>
  );
}

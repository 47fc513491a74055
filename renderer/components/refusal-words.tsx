import type { Refusal, Words } from '../../shared/domain/result.ts';

type RefusalWordsProps = { readonly refusal: Refusal; readonly say: (words: Words) => string };

/** What happened, whether money moved, what to do: in the place where the amount would stand. */
export function RefusalWords({ refusal, say }: RefusalWordsProps) {
  return (
    <div className="refusal" role="alert" data-testid="refusal" data-code={refusal.code}>
      <p>
        <strong>{say(refusal.message)}</strong>
      </p>
      <p>{say(refusal.remedy)}</p>
    </div>
  );
}

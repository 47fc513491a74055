import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import type { CompiledPack, Grounds } from './compiled-pack.ts';
import type { SourceReference } from '../pack/pack-words.ts';

/** A place in a source as the explanation names it: title and article in both languages. */
export function cited(
  { sourceTitles }: Pick<CompiledPack, 'sourceTitles'>,
  { document, article, articleEn }: SourceReference,
): TraceNode['source'] {
  const title = sourceTitles[document];
  return {
    document: title?.zh ?? document,
    documentEn: title?.en ?? document,
    article,
    ...(articleEn === undefined ? {} : { articleEn }),
  };
}

/** Why a figure is assumed, where no document gives it; null where one does. */
export function assumptionOf({ source, reason }: Grounds): Words | null {
  return source === null ? reason : null;
}

/** Where a figure comes from; an assumption is cited as one, with its reason, and stands as one beside. */
export function groundsCited(
  pack: Pick<CompiledPack, 'sourceTitles'>,
  grounds: Grounds,
): { readonly source: TraceNode['source']; readonly assumption: Words | null } {
  const assumption = assumptionOf(grounds);
  if (assumption === null) {
    return {
      source: grounds.source === null ? null : cited(pack, grounds.source),
      assumption,
    };
  }
  const { zh: article, en: articleEn } = assumption;
  return { source: { document: '假定', documentEn: 'assumed', article, articleEn }, assumption };
}

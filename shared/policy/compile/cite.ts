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

/** Where a figure comes from; an assumption is cited as one, with its reason. */
export function groundsCited(
  pack: Pick<CompiledPack, 'sourceTitles'>,
  { source, reason }: Grounds,
): TraceNode['source'] {
  if (source !== null) return cited(pack, source);
  if (reason === null) return null;
  return { document: '假定', documentEn: 'assumed', article: reason.zh, articleEn: reason.en };
}

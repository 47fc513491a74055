import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { SourceReference } from '../pack/pack-words.ts';
import type { Grounds } from './compiled-pack.ts';

/** What a pack says of where something comes from. */
export type StatedGrounds = {
  readonly source?: SourceReference | null | undefined;
  readonly assumed?: true | undefined;
  readonly reason?: Words | undefined;
};

/** Where something of the pack comes from, and how an explanation names that. */
export function groundsOf(
  document: Pick<PackDocument, 'sources'>,
  { source, assumed, reason }: StatedGrounds,
): Grounds {
  const plain = { source: source ?? null, assumed: assumed === true, reason: reason ?? null };
  const assumption = plain.source === null ? plain.reason : null;
  return { ...plain, assumption, cited: citedOf(document, plain.source, assumption) };
}

/** An assumption is cited as one, with its reason. */
function citedOf(
  document: Pick<PackDocument, 'sources'>,
  source: Grounds['source'],
  assumption: Grounds['assumption'],
): TraceNode['source'] {
  if (assumption !== null) {
    const { zh: article, en: articleEn } = assumption;
    return { document: '假定', documentEn: 'assumed', article, articleEn };
  }
  return source === null ? null : cited(document, source);
}

/** A place in a source as the explanation names it: title and article in both languages. */
export function cited(
  { sources }: Pick<PackDocument, 'sources'>,
  { document, article, articleEn }: SourceReference,
): TraceNode['source'] {
  const title = sources.findLast(({ id }) => id === document)?.title;
  return {
    document: title?.zh ?? document,
    documentEn: title?.en ?? document,
    article,
    ...(articleEn === undefined ? {} : { articleEn }),
  };
}

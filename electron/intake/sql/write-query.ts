import {
  lateNumbers,
  lateSeconds,
  type ChangeOrder,
  type MarkerPlace,
  type RowsWanted,
  type ViewColumn,
  type ViewName,
} from './hospital-database.ts';

/** What the two kinds of SQL write in their own way. */
export type Dialect = {
  /** A name as the database's own, whatever signs are in it. */
  quoted(name: string): string;
  /** A column as text. */
  asText(quoted: string): string;
  /** What sorts texts of a column by their bytes, so that two that are not the same are never taken for one. */
  byBytes(quoted: string): string;
  /** The place of the next value. */
  value(number: number): string;
  /** A value as what a marker of this kind is compared with. */
  asMarker(value: string, kind: ViewColumn['kind']): string;
  /** That marker, some seconds earlier. */
  earlier(marker: string, seconds: number): string;
};

export type Query = { readonly text: string; readonly values: readonly string[] };

export const quotedView = (dialect: Dialect, view: ViewName): string =>
  view.map((part) => dialect.quoted(part)).join('.');

/** Writes the question; every name is quoted and every value is handed over beside it. */
export function writeQuery(
  dialect: Dialect,
  { view, columns, among, without, order, sortedBy = [], most }: RowsWanted,
): Query {
  const values: string[] = [];
  const put = (value: string): string => {
    values.push(value);
    return dialect.value(values.length);
  };
  const listed = columns.map((name) => dialect.quoted(name)).join(', ');
  const where: string[] = [];
  if (among !== undefined) {
    // As the database compares, so that it can use its index; whose a row is, is looked at again here.
    where.push(`${dialect.quoted(among.column)} in (${among.texts.map(put).join(', ')})`);
  }
  if (without !== undefined) where.push(`${dialect.quoted(without)} is null`);
  let sorted = sortedBy.map((name) => dialect.quoted(name));
  if (order !== undefined) {
    where.push(...conditionsOf(dialect, order, put));
    if (order.rows.kind !== 'reaching') {
      const down = order.rows.kind === 'shortly-before' ? ' desc' : '';
      const marker = dialect.quoted(order.marker.name);
      if (order.rows.kind !== 'shortly-before') {
        // By its index the database finds quickly how far the wanted rows reach, and sorts no millions to tell equal ones.
        const same = conditionsOf(dialect, order, put).join(' and ');
        where.push(
          `${marker} <= (select max(reach.${marker}) from (select ${marker} from ${quotedView(dialect, view)} where ${same} order by ${marker} limit ${String(most)}) reach)`,
        );
      }
      sorted = [`${marker}${down}`, `${idOf(dialect, order)}${down}`];
    }
  }
  const text = [
    `select ${listed} from ${quotedView(dialect, view)}`,
    ...(where.length === 0 ? [] : [`where ${where.join(' and ')}`]),
    ...(sorted.length === 0 ? [] : [`order by ${sorted.join(', ')}`]),
    `limit ${String(most)}`,
  ].join(' ');
  return { text, values };
}

const idOf = (dialect: Dialect, { visitId }: ChangeOrder): string =>
  dialect.byBytes(dialect.asText(dialect.quoted(visitId)));

function conditionsOf(
  dialect: Dialect,
  order: ChangeOrder,
  put: (value: string) => string,
): string[] {
  const { marker, rows } = order;
  const column = dialect.quoted(marker.name);
  const asMarker = (value: string): string => dialect.asMarker(put(value), marker.kind);
  const id = idOf(dialect, order);
  const beyond = (sign: '<' | '>', { marker: at, visitId }: MarkerPlace): string =>
    `(${column} ${sign} ${asMarker(at)} or (${column} = ${asMarker(at)} and ${id} ${sign}${sign === '<' ? '=' : ''} ${put(visitId)}))`;
  switch (rows.kind) {
    case 'all':
      return [`${column} is not null`];
    case 'reaching':
      return [`${column} >= ${asMarker(rows.marker)}`];
    case 'after':
      // Said twice, so that an index of the marker is of use.
      return [`${column} >= ${asMarker(rows.place.marker)}`, beyond('>', rows.place)];
    case 'shortly-before': {
      const at = asMarker(rows.place.marker);
      const since =
        marker.kind === 'whole' || marker.kind === 'decimal'
          ? `${at} - ${String(lateNumbers)}`
          : dialect.earlier(at, lateSeconds);
      return [`${column} >= ${since}`, beyond('<', rows.place)];
    }
  }
}

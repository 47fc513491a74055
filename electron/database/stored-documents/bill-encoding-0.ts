import { canonicalJson } from '../canonical-json.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The text a received Visit JSON was encoded as in version 0: defaults filled in, amounts with two decimals, the
 * year left out. Bills of that version are known again by the hash of this text. It is history, so it uses
 * nothing of today's codecs and is never edited; what it does not know stays as it was received.
 */
export function billTextOfVersion0(document: unknown): string {
  const { visit, person } = fieldsOf(document);
  return canonicalJson({ visit: visitOf(fieldsOf(visit)), person: personOf(fieldsOf(person)) });
}

function visitOf(visit: Fields): Fields {
  const { procedures, referral, charges, totals, deposit, deposits, blockers, ...others } = visit;
  const { approvals, earlierParts, payerFigures, ...same } = others;
  return {
    ...same,
    procedures: procedures === undefined ? [] : procedures,
    referral: referral === undefined || referral === null ? null : referralOf(fieldsOf(referral)),
    charges: eachOf(charges, chargeOf),
    totals: totals === undefined ? undefined : withEveryAmount(fieldsOf(totals)),
    deposit: deposit === undefined ? sumOf(deposits) : amountOf(deposit),
    deposits: eachOf(deposits, withAmount),
    blockers: Array.isArray(blockers) && blockers.length === 0 ? undefined : blockers,
    approvals: eachOf(approvals, withAmount),
    earlierParts: earlierParts === undefined ? undefined : partsOf(fieldsOf(earlierParts)),
    payerFigures: payerFigures === undefined ? undefined : figuresOf(fieldsOf(payerFigures)),
  };
}

const referralOf = (referral: Fields): Fields => ({
  ...referral,
  previousVisitId: referral['previousVisitId'] ?? null,
  deductiblePaid: amountOf(referral['deductiblePaid']),
});

const chargeOf = (charge: Fields): Fields => ({
  ...withAmount(charge),
  firstSelfPayRatio: charge['firstSelfPayRatio'] === null ? '0' : charge['firstSelfPayRatio'],
});

const partsOf = (parts: Fields): Fields => ({
  ...parts,
  deductiblePaid: amountOf(parts['deductiblePaid']),
});

const figuresOf = (figures: Fields): Fields => ({
  ...figures,
  shares: eachOf(figures['shares'], withAmount),
  patientPays: amountOf(figures['patientPays']),
});

function personOf(person: Fields): Fields {
  const { idNumber } = person;
  return {
    ...person,
    idNumber: typeof idNumber === 'string' ? idNumber.trim().toUpperCase() : idNumber,
    categories: eachOf(person['categories'], (category) =>
      Object.keys(category).length === 1 && 'name' in category ? category['name'] : category,
    ),
  };
}

const withAmount = (fields: Fields): Fields => ({ ...fields, amount: amountOf(fields['amount']) });

const withEveryAmount = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, amount]) => [name, amountOf(amount)]));

/** Yuan text with two decimals; what is none stays. */
function amountOf(text: unknown): unknown {
  const fen = fenOf(text);
  return fen === null ? text : yuanText(fen);
}

function fenOf(text: unknown): bigint | null {
  if (typeof text !== 'string') return null;
  const [, minus, yuan, decimals = ''] = /^(-?)(0|[1-9]\d*)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (yuan === undefined) return null;
  const fen = BigInt(`${yuan}${decimals.padEnd(2, '0')}`);
  return minus === '-' ? -fen : fen;
}

function yuanText(fen: bigint): string {
  const digits = String(fen < 0n ? -fen : fen).padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Where only the receipts were listed, the deposit was their sum. */
function sumOf(deposits: unknown): string {
  const amounts = Array.isArray(deposits)
    ? deposits.map((each) => fenOf(fieldsOf(each)['amount']))
    : [];
  return yuanText(amounts.reduce<bigint>((sum, fen) => sum + (fen ?? 0n), 0n));
}

/** A list with each object turned; anything else stays. */
function eachOf(list: unknown, turn: (fields: Fields) => unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((each: unknown) => (isFields(each) ? turn(each) : each));
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { PackParameter } from './pack/pack-figures.ts';
import type { PackDocument } from './pack/pack-schema.ts';
import type { PackStep } from './pack/pack-steps.ts';
import { readPackDocument } from './pack/read-pack-document.ts';
import { compilePack } from './compile/compile-pack.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';

const words = (text: string) => ({ zh: text, en: text });
const source = { document: 'a-notice', article: '1' };

export function yuanParameter(value: string): PackParameter {
  return { unit: 'yuan', name: words('amount'), value, source };
}

export function percentParameter(value: string): PackParameter {
  return { unit: 'percent', name: words('rate'), value, source };
}

type RateStep = Extract<PackStep, { rule: 'rate' }>;

export function stepOf(parts: Partial<RateStep> & Pick<RateStep, 'id'>): RateStep {
  return {
    rule: 'rate',
    name: words(parts.id),
    payer: 'basic-medical-insurance',
    base: 'in-scope',
    rate: 'half',
    rounding: { unit: 'fen', mode: 'half-up' },
    source,
    ...parts,
  };
}

/** A pack of one step that pays half of the in-scope cost; tests change what they are about. */
export function documentOf(parts: Partial<PackDocument> = {}): PackDocument {
  return {
    id: 'a-county',
    version: '1.0.0',
    locality: words('a county'),
    scheme: words('a scheme'),
    inForceFrom: '2017-01-01',
    inForceUntil: '2018-01-01',
    decidingDay: 'discharge',
    appliesTo: { places: ['430626'], insurance: ['resident'], kinds: ['inpatient'] },
    sources: [{ id: 'a-notice', title: words('a notice'), publisher: 'the county' }],
    payers: [],
    steps: [stepOf({ id: 'basic' })],
    cases: [],
    ...parts,
    parameters: { half: percentParameter('50'), ...parts.parameters },
  };
}

/** The same, read and compiled as a pack from disk would be. */
export function packOf(parts: Partial<PackDocument> = {}): CompiledPack {
  const reading = readPackDocument(documentOf(parts));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, null, 1));
  return compilePack(reading.document);
}

/** Steps on every base, with deductibles, bands, ceilings, categories, diseases and coarse rounding. */
export const richPack: CompiledPack = packOf({
  parameters: {
    admission: yuanParameter('750.00'),
    yearly: yuanParameter('10000.00'),
    visitCeiling: yuanParameter('5000.00'),
    yearCeiling: yuanParameter('20000.00'),
    most: percentParameter('86.5'),
    all: percentParameter('100'),
    bands: {
      unit: 'percent-bands',
      name: words('bands'),
      value: [
        { above: '0.00', percent: '50' },
        { above: '3000.00', percent: '62.5' },
      ],
      source,
    },
  },
  diseaseLists: {
    serious: {
      name: words('serious'),
      diagnoses: 'principal',
      codes: [{ prefix: 'C18', name: 'cancer of the colon' }],
      source,
    },
  },
  steps: [
    stepOf({ id: 'basic', rate: 'most', deductible: { parameter: 'admission', per: 'visit' } }),
    stepOf({
      id: 'critical-illness',
      payer: 'critical-illness-insurance',
      base: 'in-scope-residual',
      rate: 'bands',
      deductible: { parameter: 'yearly', per: 'year' },
      ceilingPerYear: 'yearCeiling',
    }),
    stepOf({
      id: 'assistance',
      payer: 'medical-assistance',
      base: 'in-scope-residual',
      ceilingPerVisit: 'visitCeiling',
      appliesTo: {
        categories: { any: ['registered-poor', 'extremely-poor', 'subsistence-allowance'] },
      },
      rounding: { unit: 'jiao', mode: 'half-even' },
    }),
    stepOf({
      id: 'reduction',
      payer: 'hospital-reduction',
      base: 'residual-total',
      requires: { diseases: 'serious' },
      rounding: { unit: 'ten-yuan', mode: 'up' },
      lowersFirst: 'within-catalogue',
    }),
    stepOf({
      id: 'second',
      payer: 'supplementary-insurance',
      base: 'total',
      requires: { hospitalLevels: ['county', 'city'] },
      ceilingPerVisit: 'visitCeiling',
      rounding: { unit: 'yuan', mode: 'down' },
      lowersFirst: 'outside-catalogue',
    }),
    stepOf({
      id: 'guarantee',
      payer: 'government-guarantee',
      base: 'residual-total',
      rate: 'all',
      appliesTo: { categories: { any: ['extremely-poor'] } },
      lowersFirst: 'outside-catalogue',
    }),
  ],
});

/** Steps that share a ceiling, and ways of which only the better counts: at their place, and for the whole settlement. */
export const togetherPack: CompiledPack = packOf({
  parameters: {
    most: percentParameter('80'),
    some: percentParameter('30'),
    more: percentParameter('70'),
    admission: yuanParameter('500.00'),
    edge: yuanParameter('3000.00'),
    visitTogether: yuanParameter('4000.00'),
    yearTogether: yuanParameter('9000.00'),
    target: yuanParameter('1500.00'),
  },
  sharedCeilings: [
    {
      id: 'year-together',
      name: words('year together'),
      parameter: 'yearTogether',
      per: 'year',
      steps: ['basic', 'relief-low', 'relief-high'],
      source,
    },
    {
      id: 'visit-together',
      name: words('visit together'),
      parameter: 'visitTogether',
      per: 'visit',
      steps: ['relief-high', 'help'],
      source,
    },
  ],
  either: [
    {
      id: 'relief',
      name: words('relief'),
      per: 'step',
      ways: [
        { name: words('low'), steps: ['relief-low'] },
        { name: words('high'), steps: ['relief-high'] },
      ],
      source,
    },
    {
      id: 'identity',
      name: words('identity'),
      per: 'person',
      ways: [
        { name: words('poor'), steps: ['help', 'rest'] },
        { name: words('allowance'), steps: ['cap'] },
      ],
      source,
    },
  ],
  steps: [
    stepOf({ id: 'basic', rate: 'most', deductible: { parameter: 'admission', per: 'visit' } }),
    stepOf({
      id: 'relief-low',
      payer: 'medical-assistance',
      base: 'in-scope-residual',
      rate: 'some',
    }),
    stepOf({
      id: 'relief-high',
      payer: 'supplementary-insurance',
      base: 'in-scope-residual',
      rate: 'more',
      deductible: { parameter: 'edge', per: 'visit' },
    }),
    stepOf({
      id: 'help',
      payer: 'charity',
      base: 'residual-total',
      lowersFirst: 'within-catalogue',
      appliesTo: { categories: { any: ['registered-poor'] } },
    }),
    stepOf({
      id: 'rest',
      payer: 'hospital-reduction',
      base: 'in-scope-residual',
      rate: 'some',
      appliesTo: { categories: { any: ['registered-poor'] } },
    }),
    {
      rule: 'guarantee',
      id: 'cap',
      name: words('cap'),
      payer: 'government-guarantee',
      base: 'residual-total',
      combine: 'either-sufficient',
      targets: [{ visitSelfPayAtMost: 'target' }],
      rounding: { unit: 'fen', mode: 'half-up' },
      lowersFirst: 'within-catalogue',
      appliesTo: { categories: { any: ['subsistence-allowance'] } },
      source,
    },
    stepOf({ id: 'last', payer: 'commercial-insurance', base: 'in-scope-residual', rate: 'some' }),
  ],
});

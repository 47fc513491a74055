import { z } from 'zod';

import { contract, instantSchema, refusalSchema, roles, wordsSchema } from './contract.ts';
import { deviceStateSchema } from './desk.ts';

/** `reader`: one whose address says nothing of what it is, or none. */
export const deviceKinds = [
  'resident-id-reader',
  'social-security-reader',
  'scanner',
  'stripe-reader',
  'reader',
  'printer',
] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** Addresses are typed by the IT clerk; anything longer is not one. */
const urlSchema = z.string().min(1).max(500);

/** A card by what it is, never whose it is. */
const cardTypeSchema = z.enum(['social-security', 'resident-id', 'preferential', 'e-voucher']);

const deviceSchema = z.strictObject({
  kind: z.enum(deviceKinds),
  /** Null: no reader, or no printer, is set. */
  url: urlSchema.nullable(),
  /** Built into the program, for the demo. */
  simulated: z.boolean(),
  /** What the model is called, of printers. */
  model: wordsSchema.nullable(),
  state: deviceStateSchema,
  lastRead: z
    .strictObject({ at: instantSchema, card: cardTypeSchema, elapsedMs: z.int() })
    .nullable(),
  lastRefusal: z
    .strictObject({
      at: instantSchema,
      refusal: refusalSchema,
      /** For the IT clerk; nothing that is on a card. */
      technical: z.string().nullable(),
    })
    .nullable(),
});
export type Device = z.infer<typeof deviceSchema>;

/** One thing that happened on a line; of what came in only how much and how it began. */
export const frameSchema = z.strictObject({
  at: instantSchema,
  what: z.enum(['sent', 'came', 'opened', 'lost']),
  bytes: z.int(),
  /** Hexadecimal; or why the line is not open. */
  shown: z.string(),
  /** More came or went than is shown. */
  cut: z.boolean(),
});
export type Frame = z.infer<typeof frameSchema>;

/** The readers and the printer of the desk, and what went over the line of one of them lately. */
export const listDevices = contract({
  name: 'devices:list',
  roles,
  input: z.strictObject({ framesOf: urlSchema.nullable() }),
  output: z.strictObject({ devices: z.array(deviceSchema), frames: z.array(frameSchema) }),
  refusals: [],
});

const testers = ['cashier', 'supervisor', 'it-clerk', 'administrator'] as const;

/** How long a test read waits for a card. */
export const testReadSeconds = 10;

const testReadResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('card'),
    card: cardTypeSchema,
    /** Codes and stripes name nobody. */
    maskedName: z.string().nullable(),
    elapsedMs: z.int(),
  }),
  z.strictObject({ kind: z.literal('refused'), refusal: refusalSchema }),
  z.strictObject({ kind: z.literal('stopped') }),
]);

/**
 * Waits ten seconds for a card on one reader. The desk hears nothing of it: no patient opens, what is open stays.
 */
export const testRead = contract({
  name: 'devices:test-read',
  roles: testers,
  input: z.strictObject({ url: urlSchema }),
  output: testReadResultSchema,
  refusals: ['device-unknown'],
});

/** Ends a test read; nothing happens where none is under way. */
export const stopTestRead = contract({
  name: 'devices:stop-test-read',
  roles: testers,
  input: z.strictObject({ url: urlSchema }),
  output: z.strictObject({}),
  refusals: [],
});

/** Prints a page that names nobody, to see paper, characters and cutter. */
export const printTestPage = contract({
  name: 'devices:print-test-page',
  roles: testers,
  input: z.strictObject({}),
  output: z.strictObject({
    outcome: z.enum(['confirmed', 'sent', 'unknown', 'failed']),
    words: wordsSchema,
    remedy: wordsSchema.nullable(),
  }),
  refusals: ['no-printer'],
});

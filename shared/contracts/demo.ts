import { z } from 'zod';

import { contract, roles } from './contract.ts';

/**
 * The cards on the tray of a demo: the one of a patient who waits, of somebody who has no stay here, one that has
 * expired, and one that no reader makes sense of.
 */
export const trayCards = ['patient', 'stranger', 'expired', 'unreadable'] as const;
export type TrayCard = (typeof trayCards)[number];

/** What the scanner of the tray is held at. */
export const trayScans = ['last-slip', 'unknown-code'] as const;
export type TrayScan = (typeof trayScans)[number];

export const trayPaper = ['in', 'low', 'out'] as const;

/** How the simulated insurers take what is uploaded: answer, ask to come again later, or book and say nothing. */
export const payerMoods = ['answering', 'busy', 'silent'] as const;

const traySchema = z.strictObject({
  /** The card on the plate; null: none. */
  card: z.enum(trayCards).nullable(),
  /** A reader that is not the demo's own takes no card of the tray. */
  hasReader: z.boolean(),
  /** Null: the printer is not the demo's own. */
  paper: z.enum(trayPaper).nullable(),
  /** Null: nobody has set a mood since the desk was started. */
  payers: z.enum(payerMoods).nullable(),
});
export type Tray = z.infer<typeof traySchema>;

/** What lies on the tray of a demo and on its devices. A live folder has none. */
export const showTray = contract({
  name: 'demo:tray',
  roles,
  input: z.strictObject({}),
  output: traySchema,
  refusals: ['not-a-demo'],
});

const actSchema = z.discriminatedUnion('act', [
  /** `visitId`: whose card it is; the next patient's who waits where none is named. */
  z.strictObject({
    act: z.literal('lay'),
    card: z.enum(trayCards),
    visitId: z.string().min(1).max(64).nullable(),
  }),
  z.strictObject({ act: z.literal('lift') }),
  z.strictObject({ act: z.literal('scan'), what: z.enum(trayScans) }),
  z.strictObject({ act: z.literal('paper'), paper: z.enum(trayPaper) }),
  z.strictObject({ act: z.literal('payers'), mood: z.enum(payerMoods) }),
]);
export type TrayAct = z.infer<typeof actSchema>;

/** Does with the devices of a demo what a hand would do: the program hears of it as of a real one. */
export const useTray = contract({
  name: 'demo:use',
  roles,
  input: actSchema,
  output: traySchema,
  refusals: [
    'not-a-demo',
    'demo-reader-other',
    'demo-no-card',
    'demo-no-slip',
    'demo-printer-other',
    'demo-payers-away',
  ],
});

import { z } from 'zod';

import { contract, fenSchema, idSchema, instantSchema, signInCodes } from './contract.ts';

/** The acts that take a second person. */
export const actsOfTwo = [
  'cancel-settlement',
  'approve-business-date',
  'claim-not-booked',
  'claim-undo',
  'take-back-remittance',
  'close-day',
] as const;

/**
 * Whose consent an act brings: of somebody who stands beside (and proves it with the password, but in a demo), or a request
 * that was approved before, from another page or later.
 */
export const consentSchema = z.strictObject({
  approvedBy: idSchema.exactOptional(),
  password: z.string().max(1000).exactOptional(),
  /** Of the client certificate of who stands beside. */
  pin: z.string().max(300).exactOptional(),
  requestId: idSchema.exactOptional(),
});

/** Why a consent does not count. */
export const consentCodes = [
  'second-person-needed',
  'user-unknown',
  'not-allowed',
  ...signInCodes,
  'request-unknown',
  'request-not-approved',
  'request-expired',
  'request-reason-missing',
  'emergency-not-possible',
] as const;

const person = z.strictObject({ id: z.string(), name: z.string() });

/** What became of a request. `expired`: nobody decided or used it in time; `taken-back`: by whoever asked. */
export const requestStates = [
  'pending',
  'approved',
  'refused',
  'used',
  'expired',
  'taken-back',
] as const;

/** A request for a second person, or what was done without one in an emergency. */
export const secondPersonRequestSchema = z.strictObject({
  requestId: idSchema,
  act: z.enum(actsOfTwo),
  about: z.string(),
  visitId: idSchema.nullable(),
  /** What it is about, for people; null where that is no settlement, or is not for who asks. */
  settlement: z
    .strictObject({ number: z.string(), maskedName: z.string(), amountFen: fenSchema })
    .nullable(),
  reason: z.string(),
  state: z.enum(requestStates),
  askedBy: person,
  askedAt: instantSchema,
  /** The session of the page it was asked at; null: at a command. */
  askedAtPage: idSchema.nullable(),
  expiresAt: instantSchema,
  decidedBy: person.nullable(),
  decidedAt: instantSchema.nullable(),
  /** Why it was decided so, where that was said. */
  decisionReason: z.string().nullable(),
  emergencyReason: z.string().nullable(),
  /** Somebody has looked at what was done in an emergency. */
  isReviewed: z.boolean(),
  /** Whoever sits here asked, and so does not decide. */
  isOwn: z.boolean(),
});

const deskRoles = ['cashier', 'supervisor'] as const;

/** Those who do what takes two; whose act it is the program knows. */
const askingRoles = [...deskRoles, 'it-clerk'] as const;

/**
 * What waits, oldest first, then what whoever sits here has asked for, whatever became of it, the latest first. A cashier
 * and the IT clerk hear of the own ones alone.
 */
export const listSecondPerson = contract({
  name: 'second-person:list',
  roles: [...askingRoles, 'auditor', 'administrator'],
  input: z.strictObject({}),
  output: z.strictObject({ requests: z.array(secondPersonRequestSchema) }),
  refusals: [],
});

/** Leaves a request for whoever comes; the same again is the same request. */
export const askSecondPerson = contract({
  name: 'second-person:ask',
  roles: askingRoles,
  input: z.strictObject({
    act: z.enum(actsOfTwo),
    about: idSchema,
    reason: z.string().max(200),
  }),
  output: z.strictObject({ requestId: idSchema, already: z.boolean() }),
  refusals: [
    'settlement-not-found',
    'request-reason-missing',
    'request-for-no-day',
    'too-many-requests',
    'not-allowed',
  ],
});

/** A supervisor says yes or no, from the own page; who says no says why. */
export const decideRequest = contract({
  name: 'second-person:decide',
  roles: ['supervisor'],
  input: z.strictObject({
    requestId: idSchema,
    isApproved: z.boolean(),
    reason: z.string().max(200),
  }),
  output: z.strictObject({}),
  refusals: [
    'request-unknown',
    'request-decided',
    'request-expired',
    'request-reason-missing',
    'second-person-needed',
    'user-unknown',
    'not-allowed',
  ],
});

/** Whoever asked takes a request back, approved or not, as long as it was not used. */
export const takeBackRequest = contract({
  name: 'second-person:take-back',
  roles: askingRoles,
  input: z.strictObject({ requestId: idSchema }),
  output: z.strictObject({}),
  refusals: ['request-unknown', 'request-decided'],
});

/** A supervisor has looked at what was done in an emergency. */
export const reviewEmergency = contract({
  name: 'second-person:review',
  roles: ['supervisor'],
  input: z.strictObject({ requestId: idSchema }),
  output: z.strictObject({}),
  refusals: ['request-unknown', 'second-person-needed', 'user-unknown', 'not-allowed'],
});

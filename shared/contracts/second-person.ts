import { z } from 'zod';

import { contract, idSchema, instantSchema, signInCodes } from './contract.ts';

/** The acts that take a second person. */
export const actsOfTwo = [
  'cancel-settlement',
  'approve-business-date',
  'claim-not-booked',
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

/** What waits for a second person, or was done without one in an emergency and waits to be looked at. */
export const secondPersonRequestSchema = z.strictObject({
  requestId: idSchema,
  act: z.enum(actsOfTwo),
  about: z.string(),
  visitId: idSchema.nullable(),
  reason: z.string(),
  state: z.enum(['pending', 'approved', 'used']),
  askedBy: person,
  askedAt: instantSchema,
  expiresAt: instantSchema,
  decidedBy: person.nullable(),
  emergencyReason: z.string().nullable(),
  /** Somebody else asked, so that who sits here may decide. */
  isOwn: z.boolean(),
});

const deskRoles = ['cashier', 'supervisor'] as const;

/** What waits, oldest first. */
export const listSecondPerson = contract({
  name: 'second-person:list',
  roles: [...deskRoles, 'auditor', 'administrator'],
  input: z.strictObject({}),
  output: z.strictObject({ requests: z.array(secondPersonRequestSchema) }),
  refusals: [],
});

/** Leaves a request for whoever comes; the same again is the same request. */
export const askSecondPerson = contract({
  name: 'second-person:ask',
  roles: deskRoles,
  input: z.strictObject({
    act: z.enum(actsOfTwo),
    about: idSchema,
    reason: z.string().max(200),
  }),
  output: z.strictObject({ requestId: idSchema, already: z.boolean() }),
  refusals: ['settlement-not-found', 'request-reason-missing', 'too-many-requests'],
});

/** A supervisor says yes or no, from the own page. */
export const decideRequest = contract({
  name: 'second-person:decide',
  roles: ['supervisor'],
  input: z.strictObject({ requestId: idSchema, isApproved: z.boolean() }),
  output: z.strictObject({}),
  refusals: [
    'request-unknown',
    'request-decided',
    'request-expired',
    'second-person-needed',
    'user-unknown',
    'not-allowed',
  ],
});

/** A supervisor has looked at what was done in an emergency. */
export const reviewEmergency = contract({
  name: 'second-person:review',
  roles: ['supervisor'],
  input: z.strictObject({ requestId: idSchema }),
  output: z.strictObject({}),
  refusals: ['request-unknown', 'second-person-needed', 'user-unknown', 'not-allowed'],
});

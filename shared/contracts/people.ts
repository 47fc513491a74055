import { z } from 'zod';

import {
  contract,
  fenSchema,
  idSchema,
  instantSchema,
  roles,
  signInCodes,
  wordsSchema,
} from './contract.ts';

const personSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
});

/** As typed: anything longer is no id, no name and no password. */
const typedSchema = z.string().max(300);

/** Who sits at this page, and what it takes to sit there. */
export const whoIsHere = contract({
  name: 'people:who',
  roles,
  takesNobody: true,
  input: z.strictObject({}),
  output: z.strictObject({
    user: personSchema.nullable(),
    /** Nobody was ever made in this folder: the one thing to do is to make the administrator. */
    isFirstStart: z.boolean(),
    /** A demo's users, who need no password; elsewhere none is told. */
    demoUsers: z.array(personSchema),
    /** After so many idle minutes the page locks; null: it does not. */
    idleMinutes: z.int().nullable(),
    /** Why the books are looked at only, so that perhaps nobody is known; null: they are not. */
    readingOnly: z
      .strictObject({ code: z.string(), words: wordsSchema, remedy: wordsSchema.nullable() })
      .nullable(),
  }),
  refusals: [],
});

/**
 * What the page shows from now on instead of the secret it had, told this once; null: it keeps what it has, for nobody sat
 * down, or it is the window of the program itself, which shows none.
 */
const newSecretSchema = z.string().max(100).nullable();

const signedInSchema = z.strictObject({
  user: personSchema,
  newSecret: newSecretSchema,
  /** Why another password must be chosen first; nobody sits at the page until then. */
  mustChange: z.enum(['set-by-other', 'expired']).nullable(),
  /** In how many days the password will be too old; null: never. */
  daysLeft: z.int().nullable(),
});

/** Somebody sits down at this page, whoever sat there before. */
export const signInHere = contract({
  name: 'people:sign-in',
  roles,
  takesNobody: true,
  input: z.strictObject({
    userId: typedSchema,
    password: typedSchema,
    /** Of a client certificate; asked for by the answer `certificate-asked`. */
    pin: typedSchema.exactOptional(),
  }),
  output: signedInSchema,
  refusals: [...signInCodes, 'sign-in-overtaken'],
});

/** Nobody sits here any more; the page keeps what was begun. */
export const lockPage = contract({
  name: 'people:lock',
  roles,
  takesNobody: true,
  input: z.strictObject({}),
  output: z.strictObject({}),
  refusals: [],
});

/** Changes one's own password and sits down here; the old one is asked for. */
export const changeOwnPassword = contract({
  name: 'people:change-password',
  roles,
  takesNobody: true,
  input: z.strictObject({
    userId: typedSchema,
    password: typedSchema,
    newPassword: typedSchema,
    pin: typedSchema.exactOptional(),
  }),
  output: z.strictObject({ user: personSchema, newSecret: newSecretSchema }),
  refusals: [...signInCodes, 'password-weak', 'users-are-demo'],
});

const makeRefusals = [
  'users-are-demo',
  'administrator-missing',
  'user-id-bad',
  'user-id-taken',
  'user-name-bad',
  'user-name-taken',
  'mentor-missing',
  'service-role',
  'password-weak',
  'not-allowed',
] as const;

/** The first start of a folder: whoever opened the page makes the administrator and sits down. */
export const makeFirstUser = contract({
  name: 'people:make-first',
  roles,
  takesNobody: true,
  input: z.strictObject({ userId: typedSchema, name: typedSchema, password: typedSchema }),
  output: z.strictObject({ user: personSchema, newSecret: newSecretSchema }),
  refusals: makeRefusals,
});

const trainingSchema = z.strictObject({ limitFen: fenSchema, mentor: idSchema });

/** Everybody, also who has left. */
export const listPeople = contract({
  name: 'people:list',
  roles: ['administrator', 'auditor'],
  input: z.strictObject({}),
  output: z.strictObject({
    users: z.array(
      z.strictObject({
        userId: z.string(),
        name: z.string(),
        role: z.enum(roles),
        state: z.enum(['active', 'locked', 'ended']),
        isService: z.boolean(),
        training: trainingSchema.nullable(),
        hasCertificate: z.boolean(),
        mustChange: z.boolean(),
        passwordSetAt: instantSchema.nullable(),
        holds: z.int(),
        createdAt: instantSchema.nullable(),
        endedAt: instantSchema.nullable(),
      }),
    ),
  }),
  refusals: [],
});

export const addPerson = contract({
  name: 'people:add',
  roles: ['administrator'],
  input: z.strictObject({
    userId: typedSchema,
    name: typedSchema,
    role: z.enum(roles),
    password: typedSchema,
    training: trainingSchema.nullable(),
  }),
  output: z.strictObject({ user: personSchema }),
  refusals: makeRefusals,
});

export const changePerson = contract({
  name: 'people:change',
  roles: ['administrator'],
  input: z.strictObject({
    userId: idSchema,
    role: z.enum(roles),
    training: trainingSchema.nullable(),
  }),
  output: z.strictObject({ user: personSchema }),
  refusals: [
    'not-allowed',
    'user-unknown',
    'user-ended',
    'ends-self',
    'service-role',
    'mentor-missing',
  ],
});

/** Ends an account; who sits at a page with it is sent away with the next call. */
export const endPerson = contract({
  name: 'people:end',
  roles: ['administrator'],
  input: z.strictObject({ userId: idSchema }),
  output: z.strictObject({}),
  refusals: [
    'not-allowed',
    'user-unknown',
    'user-ended',
    'ends-self',
    'last-administrator',
    'user-still-holds',
  ],
});

export const resetPersonsPassword = contract({
  name: 'people:reset-password',
  roles: ['administrator'],
  input: z.strictObject({ userId: idSchema, password: typedSchema }),
  output: z.strictObject({}),
  refusals: ['not-allowed', 'user-unknown', 'user-ended', 'password-weak', 'users-are-demo'],
});

export const unlockPerson = contract({
  name: 'people:unlock',
  roles: ['administrator'],
  input: z.strictObject({ userId: idSchema }),
  output: z.strictObject({}),
  refusals: ['not-allowed', 'user-unknown', 'user-ended'],
});

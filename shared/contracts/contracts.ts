import type { z } from 'zod';

import {
  askClaimAgain,
  claimAgainAnew,
  claimsOverview,
  keepClaimNotBooked,
  listClaims,
  startUpload,
  stopUpload,
} from './claims.ts';
import type { ContractName } from './contract-names.ts';
import type { Contract } from './contract.ts';
import {
  confirmPerson,
  deskState,
  fetchBills,
  findVisits,
  latestCard,
  listBillLines,
  listUnsettledVisits,
  noteProxy,
  readCardAgain,
  setQuestionAside,
  takeScan,
} from './desk.ts';
import { showTray, useTray } from './demo.ts';
import { listDevices, printTestPage, stopTestRead, testRead } from './devices.ts';
import { answerUnknownPrint, openStatement, printAgain } from './documents.ts';
import {
  addToTrial,
  answerPersonQuestion,
  beginTrial,
  intakeOverview,
  joinVisit,
  keepSettlement,
  linkNumber,
  listChangedBills,
  listPersonQuestions,
  listRefusedFiles,
  removeRefusedFile,
  retryRefusedFile,
  runTrial,
  showChangedBill,
  unlinkNumber,
} from './intake.ts';
import {
  addPerson,
  changeOwnPassword,
  changePerson,
  endPerson,
  listPeople,
  lockPage,
  makeFirstUser,
  resetPersonsPassword,
  signInHere,
  unlockPerson,
  whoIsHere,
} from './people.ts';
import { approvePolicy, policySheet, preparePolicy, withdrawPolicy } from './pack-approvals.ts';
import { calculatePolicy, comparePolicies, listPolicies, showPolicy } from './policies.ts';
import { exportReplay, replayState, startReplay, stopReplay } from './replay.ts';
import {
  askSecondPerson,
  decideRequest,
  listSecondPerson,
  reviewEmergency,
  takeBackRequest,
} from './second-person.ts';
import { endSession, listSessions } from './sessions.ts';
import {
  approveBusinessDate,
  cancelSettlement,
  previewVisit,
  settleVisit,
  showSettlement,
} from './settlement.ts';

/** Every call between page and main process, by name. */
export const contracts = {
  'desk:state': deskState,
  'visits:list-unsettled': listUnsettledVisits,
  'visits:find': findVisits,
  'visits:fetch': fetchBills,
  'visits:bill-lines': listBillLines,
  'card:latest': latestCard,
  'card:read': readCardAgain,
  'card:scan': takeScan,
  'card:confirm-person': confirmPerson,
  'card:set-question-aside': setQuestionAside,
  'card:note-proxy': noteProxy,
  'settlement:preview': previewVisit,
  'settlement:settle-visit': settleVisit,
  'settlement:approve-business-date': approveBusinessDate,
  'settlement:cancel': cancelSettlement,
  'settlement:show': showSettlement,
  'documents:print-again': printAgain,
  'documents:answer-unknown-print': answerUnknownPrint,
  'documents:open-statement': openStatement,
  'policies:list': listPolicies,
  'policies:show': showPolicy,
  'policies:calculate': calculatePolicy,
  'policies:compare': comparePolicies,
  'policies:prepare': preparePolicy,
  'policies:approve': approvePolicy,
  'policies:withdraw': withdrawPolicy,
  'policies:sheet': policySheet,
  'replay:start': startReplay,
  'replay:state': replayState,
  'replay:stop': stopReplay,
  'replay:export': exportReplay,
  'intake:overview': intakeOverview,
  'intake:refused-files': listRefusedFiles,
  'intake:retry-file': retryRefusedFile,
  'intake:remove-file': removeRefusedFile,
  'intake:changed-bills': listChangedBills,
  'intake:changed-bill': showChangedBill,
  'intake:keep-settlement': keepSettlement,
  'intake:person-questions': listPersonQuestions,
  'intake:answer-person': answerPersonQuestion,
  'intake:link-number': linkNumber,
  'intake:unlink-number': unlinkNumber,
  'intake:join-visit': joinVisit,
  'intake:begin-trial': beginTrial,
  'intake:add-to-trial': addToTrial,
  'intake:run-trial': runTrial,
  'claims:overview': claimsOverview,
  'claims:list': listClaims,
  'claims:upload': startUpload,
  'claims:stop-upload': stopUpload,
  'claims:ask-again': askClaimAgain,
  'claims:anew': claimAgainAnew,
  'claims:not-booked': keepClaimNotBooked,
  'demo:tray': showTray,
  'demo:use': useTray,
  'devices:list': listDevices,
  'devices:test-read': testRead,
  'devices:stop-test-read': stopTestRead,
  'devices:print-test-page': printTestPage,
  'second-person:list': listSecondPerson,
  'second-person:ask': askSecondPerson,
  'second-person:decide': decideRequest,
  'second-person:review': reviewEmergency,
  'second-person:take-back': takeBackRequest,
  'sessions:list': listSessions,
  'sessions:end': endSession,
  'people:who': whoIsHere,
  'people:sign-in': signInHere,
  'people:lock': lockPage,
  'people:change-password': changeOwnPassword,
  'people:make-first': makeFirstUser,
  'people:list': listPeople,
  'people:add': addPerson,
  'people:change': changePerson,
  'people:end': endPerson,
  'people:reset-password': resetPersonsPassword,
  'people:unlock': unlockPerson,
} as const satisfies Readonly<Record<ContractName, Contract>>;

export type Contracts = typeof contracts;
export type InputOf<Name extends ContractName> = z.input<Contracts[Name]['input']>;
export type OutputOf<Name extends ContractName> = z.output<Contracts[Name]['output']>;
/** What a call can be refused with besides what any call can. */
export type RefusalOf<Name extends ContractName> = Contracts[Name]['refusals'][number];

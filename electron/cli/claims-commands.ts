import { isDay } from '../../shared/domain/day.ts';
import { readSettings } from '../app/settings.ts';
import { claimRefusal } from '../claims/claim-refusals.ts';
import { askAgain, claimAnew, keepNotBooked } from '../claims/decide-claim.ts';
import { undoClaim } from '../claims/undo-claim.ts';
import { claimsCommand, uploadCommand } from './claims.ts';
import {
  answer,
  callerIn,
  refusedWith,
  textOption,
  textOptions,
  wrongUsage,
  type Command,
} from './command.ts';
import { consentOf } from './consent-of.ts';
import { notABusinessDate } from './day-option.ts';
import { payersSimulatorCommand } from './payers-simulator.ts';

/** The nightly upload, also by hand. */
export const uploadClaims: Command = {
  name: 'upload',
  usage: '[--payer ID] [--business-date D] [--payers URL] [--dry-run]',
  options: {
    payer: { type: 'string' },
    'business-date': { type: 'string' },
    payers: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  words: [0, 0],
  roles: ['it-clerk', 'supervisor'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const settings = await readSettings(services.store, services.folder);
    const payersUrl = textOption(call, 'payers') ?? settings['payers-url'];
    if (payersUrl === null) return refusedWith(claimRefusal('payers-url-missing'));
    const payer = textOption(call, 'payer');
    const businessDate = textOption(call, 'business-date');
    if (businessDate !== undefined && !isDay(businessDate)) return notABusinessDate(businessDate);
    return answer(
      await uploadCommand(
        {
          store: services.store,
          channels: services.claimChannels,
          clock: services.clock,
          ids: services.ids,
          folder: services.folder,
          onProgress: call.say,
        },
        {
          payersUrl,
          ...(payer === undefined ? {} : { payer }),
          ...(businessDate === undefined ? {} : { businessDate }),
          dryRun: call.options['dry-run'] === true,
          who: callerIn(callers).userId,
        },
      ),
    );
  },
};

export const listClaims: Command = {
  name: 'claims',
  usage: '[--state S] [--payer ID]',
  options: { state: { type: 'string' }, payer: { type: 'string' } },
  words: [0, 0],
  roles: ['it-clerk', 'supervisor', 'auditor'],
  folder: 'opened',
  run: async (call, { store }) => {
    const state = textOption(call, 'state');
    const payer = textOption(call, 'payer');
    return answer(
      await claimsCommand(
        { store },
        {
          ...(state === undefined ? {} : { state }),
          ...(payer === undefined ? {} : { payer }),
        },
      ),
    );
  },
};

/** A claim that is refused, or of which nobody knows: what a person decides of it. */
export const decideClaimCommand: Command = {
  name: 'claim',
  usage:
    'ask-again|anew|not-booked|undo CLAIM-ID --reason TEXT [--as USER] [--approved-by USER | --request ID]',
  options: { reason: { type: 'string' }, request: { type: 'string' } },
  words: [2, 2],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  // For not-booked, which lets somebody be paid once more if it is wrong, and undo, which gives money up.
  secondPerson: { roles: ['supervisor'], isOptional: true, instead: ['request'] },
  folder: 'opened',
  run: async (call, services, callers) => {
    const [what, claimId = ''] = call.words;
    const decision = { claimId, reason: textOption(call, 'reason') ?? '' };
    const by = { userId: callerIn(callers).userId, page: 'command claim' };
    switch (what) {
      case 'ask-again':
        return answer(await askAgain(services, decision, by));
      case 'anew':
        return answer(await claimAnew(services, decision, by));
      case 'not-booked':
      case 'undo': {
        const consent = consentOf(call, callers);
        if (
          consent.kind === 'emergency' ||
          (consent.kind === 'present' && consent.approvedBy === '')
        )
          return wrongUsage(
            '请用 --approved-by 写明批准的主管，或用 --request 写明已批准的申请。',
            'Name the supervisor with --approved-by, or an approved request with --request.',
          );
        if (what === 'not-booked')
          return answer(await keepNotBooked(services, decision, by, consent));
        const undoParts = { ...services, channels: services.claimChannels };
        return answer(await undoClaim(undoParts, decision, by, consent));
      }
      default:
        return wrongUsage(
          `没有这一步：${what ?? ''}。可用：ask-again、anew、not-booked、undo。`,
          `There is no such step: ${what ?? ''}. There are ask-again, anew, not-booked, undo.`,
        );
    }
  },
};

export const payersSimulator: Command = {
  name: 'payers-simulator',
  usage: '[--port N] [--home DIR] [--files DIR] [--fault NAME]…',
  options: {
    port: { type: 'string' },
    files: { type: 'string' },
    fault: { type: 'string', multiple: true },
  },
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const port = textOption(call, 'port');
    const files = textOption(call, 'files');
    const exitCode = await payersSimulatorCommand({
      ...(port === undefined ? {} : { port }),
      ...(files === undefined ? {} : { files: call.path(files) }),
      ...(textOption(call, 'home') === undefined ? {} : { home: call.home }),
      faults: textOptions(call, 'fault'),
    });
    return { kind: 'ended', exitCode };
  },
};

import { listGivenUpResults, retryResult } from '../hospital-exchange/given-up-results.ts';
import { pushDescription } from '../hospital-push/openapi.ts';
import { endPushSender, listPushSenders, makePushSender } from '../hospital-push/push-senders.ts';
import { givenUpResultView } from '../ipc/given-up-result-view.ts';
import { done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';
import { commandOfActs } from './command-of-acts.ts';
import { writeOut } from './write-out.ts';

/** Who may push bills over HTTP: an administrator makes a sender's token, which is told this once, and ends it. */
export const hospitalPushCommand: Command = commandOfActs({
  name: 'hospital-push',
  usage: '[list | add NAME | end SENDER --reason TEXT] [--as USER]',
  options: { reason: { type: 'string' } },
  roles: ['administrator'],
  list: listPushSenders,
  acts: {
    add: ({ services, about, by }) => makePushSender(services, { name: about, by: by().userId }),
    end: ({ call, services, about, by }) =>
      endPushSender(services, {
        ...{ sender: about, by: by().userId },
        reason: textOption(call, 'reason') ?? '',
      }),
  },
});

/** Writes the description of the address for bills and of the results that are called back. */
export const openapiCommand: Command = {
  name: 'openapi',
  usage: '--out FILE.json',
  options: { out: { type: 'string' } },
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const out = textOption(call, 'out');
    if (out === undefined) return wrongUsage('请用 --out 写明文件。', 'Name the file with --out.');
    const text = `${JSON.stringify(pushDescription(), null, 2)}\n`;
    const written = await writeOut(call.path(out), Buffer.from(text), { isNew: true });
    return written.ok ? done({ file: out }) : refusedWith(written.refusal);
  },
};

/** Results that the hospital's system would not take; one is called back again by the desk. */
export const resultsCommand: Command = commandOfActs({
  name: 'results',
  usage: '[list | retry RESULT-ID] [--as USER]',
  roles: ['it-clerk'],
  list: async (services) =>
    (await listGivenUpResults(services, { limit: resultsListedMax })).map(givenUpResultView),
  acts: {
    retry: ({ services, about, by }) => retryResult(services, { resultId: about, by: by().userId }),
  },
});

/** As many as anybody reads on a command line. */
const resultsListedMax = 1000;

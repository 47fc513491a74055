import { existsSync } from 'node:fs';

import { readKeyFile } from '../app/data-folder.ts';
import { folderRefusal } from '../app/folder-refusals.ts';
import { checkKeyCopy } from '../app/key-copy.ts';
import { problemInWords } from '../app/problem-in-words.ts';
import { restoreFolder } from '../app/restore-folder.ts';
import { restoreFromPlace } from '../app/restore-from-place.ts';
import { makeBackup } from '../backups/make-backup.ts';
import { backUpNightly } from '../backups/nightly-backup.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';
import { callersOfHome } from './callers.ts';
import { linesOf } from './secrets.ts';

/** Who backs up and restores in a demo where nobody is named. */
const usualClerk = 'clerk1';

export const backupCommand: Command = {
  name: 'backup',
  usage: 'FILE | --nightly [--as USER]',
  options: { nightly: { type: 'boolean' } },
  words: [0, 1],
  roles: ['it-clerk', 'administrator'],
  usual: usualClerk,
  folder: 'opened',
  run: async (call, { folder, store, clock }, callers) => {
    const [file] = call.words;
    const nightly = call.options['nightly'] === true;
    if ((file === undefined) !== nightly) {
      return wrongUsage('请写明备份文件，或用 --nightly。', 'Name the file, or say --nightly.');
    }
    const dependencies = {
      ...{ folder, store, clock },
      onProgress: ({ zh }: { readonly zh: string }) => {
        call.say(zh);
      },
    };
    const made =
      file === undefined
        ? await backUpNightly(dependencies)
        : await makeBackup(dependencies, { file: call.path(file), who: callerIn(callers).userId });
    if (!made.ok) return refusedWith(made.refusal);
    const { reach, ...backup } = made.value;
    return done({ ...backup, ...reach }, backup.booksAddUp);
  },
};

export const checkKeyCopyCommand: Command = {
  name: 'check-key-copy',
  usage: 'FILE | -  [--as USER]',
  words: [1, 1],
  roles: ['it-clerk', 'administrator'],
  usual: usualClerk,
  folder: 'opened',
  run: async (call, { folder, store, clock }, callers) => {
    const [word = ''] = call.words;
    const file = word === '-' ? null : call.path(word);
    const content = file === null ? await typedKey(call) : readKeyFile(file);
    if (content === null) return refusedWith(folderRefusal('key-missing', { file }));
    const keyFile = call.environment['SETTLEMENT_KEY_FILE'] ?? '';
    return answer(
      await checkKeyCopy(
        { folder, store, clock, keyFile: existsSync(keyFile) ? keyFile : null },
        {
          copy: { file, content },
          who: callerIn(callers).userId,
        },
      ),
    );
  },
};

/** The digits on the paper, typed or piped (after the password, where that is piped too); spaces do not count. */
async function typedKey(call: CommandCall): Promise<Buffer> {
  call.say('请输入信封里的 64 位密钥，按 Enter：');
  const isPiped = call.options['password-stdin'] === true;
  const line = await (isPiped ? call.secrets : linesOf(process.stdin)).next('');
  return Buffer.from((line ?? '').replaceAll(/\s/g, ''), 'latin1');
}

export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FILE [--older] | --from DIR [--up-to-gap] [--as USER]',
  options: {
    older: { type: 'boolean' },
    from: { type: 'string' },
    'up-to-gap': { type: 'boolean' },
    as: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  words: [0, 1],
  roles: ['it-clerk', 'administrator'],
  usual: usualClerk,
  folder: 'none',
  run: async (call) => {
    const user = await callersOfHome(restoreCommand, call);
    if (!user.ok) return refusedWith(user.refusal);
    const from = textOption(call, 'from');
    const [file] = call.words;
    if ((file === undefined) === (from === undefined)) {
      return wrongUsage(
        '请写明备份文件，或用 --from 写明第二存放处。',
        'Name the backup file, or the second place with --from.',
      );
    }
    if (from !== undefined) return takeOver(call, from, user.value);
    try {
      const restored = await restoreFolder({
        home: call.home,
        environment: call.environment,
        makesFolder: call.options['init'] === true,
        file: call.path(file ?? ''),
        mayBeOlder: call.options['older'] === true,
        who: user.value,
      });
      if (!restored.ok) return refusedWith(restored.refusal);
      const { file: taken, reach, before, lost, ...rest } = restored.value;
      const lostNumbers = lost.map(({ about }) => about);
      return done({ file: taken, restored: reach, before, lost: lostNumbers, ...rest });
    } catch (problem) {
      const known = problemInWords(problem);
      if (known === null) throw problem;
      return refusedWith(known);
    }
  },
};

/** A spare machine takes over from the second place; only that and the key are needed. */
async function takeOver(call: CommandCall, from: string, who: string): Promise<CommandAnswer> {
  return answer(
    await restoreFromPlace({
      place: call.path(from),
      home: call.home,
      environment: call.environment,
      upToGap: call.options['up-to-gap'] === true,
      who,
      say: ({ zh }) => {
        call.say(zh);
      },
    }),
  );
}

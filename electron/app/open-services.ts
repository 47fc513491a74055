import { z } from 'zod';

import type { Refusal, Result, Words } from '../../shared/domain/result.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import { channelsOfFolder } from '../claims/channels/folder-profiles.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { Store } from '../database/store.ts';
import { newestMigration } from '../database/migrations/migrations.ts';
import { lockHolder } from '../database/named-lock.ts';
import { systemClock } from '../base/clock.ts';
import {
  folderExists,
  makeDataFolder,
  openDataFolder,
  type DataFolder,
  type FolderCode,
  type FolderKind,
  type WhenMissing,
} from './data-folder.ts';
import { stalenessWords } from './compare-with-place.ts';
import { folderRefusal } from './folder-refusals.ts';
import { keyCopyCheckedAt } from './key-copy.ts';
import { openFolderStore } from './open-folder-store.ts';
import { openPolicies, readPacksOf } from './open-policies.ts';
import { fillFolder } from './fill-folder.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { systemTimer } from '../base/timer.ts';
import { ownFilesOf } from '../second-place/own-files.ts';
import { startPlaceThread } from '../second-place/place-thread.ts';
import { SecondPlace } from '../second-place/second-place.ts';
import { problemInWords, type DatabaseCode } from './problem-in-words.ts';
import type { Services } from './services.ts';

export type OpenServicesOptions = {
  readonly home: string;
  /** The kind the caller insists on; null: whatever the folder is. */
  readonly wanted: FolderKind | null;
  readonly whenMissing: WhenMissing;
  readonly environment: NodeJS.ProcessEnv;
  /** A desk makes copies of everything for its second place by itself; a command does not. */
  readonly isDesk?: boolean;
  /** Told what takes long. */
  readonly onProgress?: (words: Words) => void;
  /** Told of faults of what runs by itself. */
  readonly onFault?: (problem: unknown) => void;
};

/** Why the data of a folder is not opened. */
export type OpenCode = FolderCode | DatabaseCode | 'busy';

/** Opens the data of a folder, making the folder first where the caller said so. */
export async function openServices(
  options: OpenServicesOptions,
): Promise<Result<Services, OpenCode>> {
  try {
    const folder = await openOrMakeFolder(options);
    if (!folder.ok) return folder;
    const services = await servicesOn(folder.value, options, { mustExist: true });
    const restoring = await restoringOf(folder.value);
    if (restoring === null) {
      await sayWhetherKeyIsCopied(services, options);
      await sayWhetherAnybodyIsThere(services, options);
      await sayWhetherItIsOld(services, options);
      return accepted(services);
    }
    await services.close();
    return refused(restoring);
  } catch (problem) {
    if (problem instanceof OtherKindError)
      return refused(folderRefusal('folder-kind-differs', problem));
    const known = problemInWords(problem);
    if (known === null) throw problem;
    return refused(known);
  }
}

/** The books are not of the kind that the folder's marker says. */
class OtherKindError extends Error {
  override readonly name = 'OtherKindError';
  readonly home: string;
  readonly kind: FolderKind;
  constructor(home: string, kind: FolderKind) {
    super(`the books in ${home} are ${kind}`);
    this.home = home;
    this.kind = kind;
  }
}

/**
 * The marker of a folder is a plain file, and a demo asks nobody for a password. So the books say themselves what they are:
 * where the marker says otherwise nothing is opened, before anything is done with them.
 */
async function assertKind({ home, kind }: DataFolder, store: Store): Promise<void> {
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  const ofBooks = z.enum(['demo', 'live']).safeParse(facts['kind']).data ?? kind;
  if (ofBooks === kind) return;
  await store.close();
  throw new OtherKindError(home, ofBooks);
}

/**
 * Why a folder that is open is left at once: its database is being replaced. Asked after opening, for the restore looks
 * whether anybody has it open after it has taken its lock: one of the two always sees the other.
 */
async function restoringOf(folder: DataFolder): Promise<Refusal<'busy'> | null> {
  const holder = await lockHolder(folder, 'restore');
  if (holder === null) return null;
  return databaseRefusal('busy', {
    lock: 'restore',
    holder: holder === 'unknown' ? null : holder,
  });
}

async function openOrMakeFolder(
  options: OpenServicesOptions,
): Promise<Result<DataFolder, FolderCode>> {
  const { home, wanted, whenMissing, environment } = options;
  if (folderExists(home) || whenMissing === 'refuse') {
    return openDataFolder(home, wanted, environment);
  }
  const kind = whenMissing === 'make-demo' ? 'demo' : 'live';
  options.onProgress?.({
    zh: kind === 'demo' ? `正在准备演示数据：${home} …` : `正在新建数据文件夹：${home} …`,
    en: kind === 'demo' ? `Preparing demo data in ${home} …` : `Making the data folder ${home} …`,
  });
  const made = await makeDataFolder(home, kind, environment, async (folder) => {
    const services = await servicesOn(folder, options, { mustExist: false });
    try {
      await fillFolder(services);
    } finally {
      await services.close();
    }
  });
  if (made.ok && kind === 'live') options.onProgress?.(sealedCopyWords);
  return made;
}

/** A desk that opens says that nobody has looked at a second copy of its key yet. */
async function sayWhetherKeyIsCopied(
  { folder, store }: Services,
  { isDesk = false, onProgress }: OpenServicesOptions,
): Promise<void> {
  if (!isDesk || folder.kind === 'demo') return;
  if ((await keyCopyCheckedAt(store)) === null) onProgress?.(copyNotCheckedWords);
}

/** A desk says that nobody can come in before an administrator is made, also in a folder that was used without one. */
async function sayWhetherAnybodyIsThere(
  { folder, store }: Services,
  { isDesk = false, onProgress }: OpenServicesOptions,
): Promise<void> {
  // Where the books are gone nobody is missing: what is missing was said.
  if (!isDesk || folder.kind === 'demo' || store.readingOnly() !== null) return;
  if (!(await store.read(({ users }) => users.isAnybody())))
    onProgress?.(withRemedy(securityRefusal('administrator-missing')));
}

/** A desk asks the second place whether the folder is an older one put in the place of the newer; nobody else could tell. */
async function sayWhetherItIsOld(
  { folder, secondPlace }: Services,
  { isDesk = false, onProgress }: OpenServicesOptions,
): Promise<void> {
  if (!isDesk || folder.kind === 'demo') return;
  const words = stalenessWords(await secondPlace.compare());
  if (words !== null) onProgress?.(words);
}

const withRemedy = ({ message, remedy }: Refusal): Words => ({
  zh: `${message.zh}${remedy.zh}`,
  en: `${message.en} ${remedy.en}`,
});

const copyNotCheckedWords: Words = {
  zh: '还没有核对过密钥的副本。请信息科用 check-key-copy 核对一次：密钥丢失后，数据和全部备份谁也打不开。',
  en: 'No second copy of the key has been checked yet. Have the IT clerk check one with check-key-copy: without the key nobody can open the data or any backup.',
};

/** A key that is lost opens nothing, and nobody can make it again: said when there is nothing to lose yet. */
const sealedCopyWords: Words = {
  zh: '请现在就把密钥（SETTLEMENT_KEY_FILE 指向的文件）另存一份：抄写或打印，封入信封，两人签名，锁在别处的柜子里，并用 check-key-copy 核对它。密钥丢失后，数据和全部备份谁也打不开，也无法重造。',
  en: 'Make a second copy of the key (the file SETTLEMENT_KEY_FILE names) now: on paper, sealed, signed by two, locked away elsewhere, and check it with check-key-copy. Without the key nobody can open the data or any backup, and it cannot be made again.',
};

const hospitalSchema = z.object({ code: z.string(), name: z.string() });

async function servicesOn(
  folder: DataFolder,
  options: OpenServicesOptions,
  { mustExist }: { readonly mustExist: boolean },
): Promise<Services> {
  const [store, onDisk] = await Promise.all([
    openFolderStore(folder, {
      mustExist,
      onAnchorFault: (problem) => options.onProgress?.(anchorFaultWords(problem)),
    }),
    readPacksOf(folder.home),
  ]);
  await assertKind(folder, store);
  const readingOnly = store.readingOnly();
  const policies = await openPolicies(folder, store, onDisk);
  const { settledBefore } = policies;
  if (settledBefore !== null) options.onProgress?.(countAsApprovedWords(settledBefore));
  if (readingOnly !== null) options.onProgress?.(readingOnly.message);
  for (const { file, line, message } of policies.now().policies.problems) {
    const place = `${file}:${String(line)}`;
    options.onProgress?.({ zh: `${place} ${message.zh}`, en: `${place} ${message.en}` });
  }
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  const businessDate = z
    .string()
    .nullable()
    .catch(null)
    .parse(facts['business-date'] ?? null);
  const hospital = hospitalSchema.safeParse(facts['hospital']);
  const secondPlace = new SecondPlace({
    store,
    folder,
    schema: newestMigration,
    thread: startPlaceThread(),
    timer: systemTimer,
    now: () => new Date(),
    ownFiles: () => ownFilesOf(folder.home),
    makesBases: options.isDesk ?? false,
    onFault: options.onFault ?? (() => undefined),
  });
  const channels = await channelsOfFolder(store);
  // They were looked at when they were set: by another release, then.
  if (!channels.ok) throw new Error(channels.refusal.message.en);
  return {
    folder,
    secondPlace,
    store,
    // As they are now: a pack that is edited, or approved by a command, counts at the desk that is open.
    get packs() {
      return policies.now().packs;
    },
    get policies() {
      return policies.now().policies;
    },
    get packTexts() {
      return policies.now().packTexts;
    },
    get approvedOnly() {
      return policies.now().approvedOnly;
    },
    reloadPacks: policies.reload,
    claimChannels: channels.value,
    clock: systemClock(businessDate),
    ids: timeOrderedIds(),
    hospital: hospital.success ? hospital.data : { code: '', name: '' },
    async close() {
      await secondPlace.close();
      await store.close();
    },
  };
}

/** A folder that was at work before packs were approved goes on, and says by what. */
function countAsApprovedWords(names: readonly string[]): Words {
  return {
    zh: `这个文件夹以前按这些待遇政策结算过，它们算作已批准（已记入审计）：${names.join('、')}。别的政策要先提交、批准才能用来结算。`,
    en: `This folder has settled by these packs before, so they count as approved (the audit says so): ${names.join(', ')}. Any other has to be prepared and approved first.`,
  };
}

function anchorFaultWords(problem: unknown): Words {
  const why = problem instanceof Error ? problem.message : String(problem);
  return {
    zh: `已存好，但记录数据进度的文件（settlement.anchor）写不进去：${why}`,
    en: `Everything is kept, but settlement.anchor, which remembers how far the data is, cannot be written: ${why}`,
  };
}

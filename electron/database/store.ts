import type { AuditRepository } from './audit-repository.ts';
import type { BillQuestionsRepository } from './bill-questions-repository.ts';
import type { BusinessDayRepository } from './business-day-repository.ts';
import type { BooksRepository } from './books-repository.ts';
import type { CardsRepository } from './cards-repository.ts';
import type { ClaimsRepository } from './claims-repository.ts';
import type { CountersRepository } from './counters-repository.ts';
import type { Scope } from './held-keys.ts';
import type { DayClosesRepository } from './day-closes-repository.ts';
import type { DifferencesRepository } from './differences-repository.ts';
import type { FolderFactsRepository } from './folder-facts-repository.ts';
import type { HospitalFilesRepository } from './hospital-files-repository.ts';
import type { IdentityQuestionsRepository } from './identity-questions-repository.ts';
import type { IntakeRefusalsRepository } from './intake-refusals-repository.ts';
import type { JournalRepository } from './journal-repository.ts';
import type { PackActsRepository } from './pack-acts-repository.ts';
import type { PacksInForceRepository } from './packs-in-force-repository.ts';
import type { PageSessionsRepository } from './page-sessions-repository.ts';
import type { PersonQuestionsRepository } from './person-questions-repository.ts';
import type { PersonYearsRepository } from './person-years-repository.ts';
import type { PersonsRepository } from './persons-repository.ts';
import type { PrintJobsRepository } from './print-jobs-repository.ts';
import type { AnchorFindings } from './open-books.ts';
import type { PushSendersRepository } from './push-senders-repository.ts';
import type { ReadingOnly } from './reading-only.ts';
import type { ResultCallsRepository } from './result-calls-repository.ts';
import type { ScheduledJobsRepository } from './scheduled-jobs-repository.ts';
import type { RemittancesRepository } from './remittances-repository.ts';
import type { ReplayRepository } from './replay-repository.ts';
import type { RegisterPersonsRepository } from './register-persons-repository.ts';
import type { PayerReturnsRepository } from './payer-returns-repository.ts';
import type { RegistersRepository } from './registers-repository.ts';
import type { RowMarksRepository } from './row-marks-repository.ts';
import type { SecondPersonRepository } from './second-person-repository.ts';
import type { SettlementsRepository } from './settlements-repository.ts';
import type { TakeoverRepository } from './takeover-repository.ts';
import type { UploadsRepository } from './uploads-repository.ts';
import type { UnitParts } from './unit-parts.ts';
import type { UsersRepository } from './users-repository.ts';
import type { VerificationRepository } from './verification-repository.ts';
import type { VisitsRepository } from './visits-repository.ts';

/** One repository per aggregate, all on one connection or one transaction. Each is async from day one. */
export type Repositories = {
  readonly books: BooksRepository;
  readonly folderFacts: FolderFactsRepository;
  readonly persons: PersonsRepository;
  readonly registers: RegistersRepository;
  readonly registerPersons: RegisterPersonsRepository;
  readonly cards: CardsRepository;
  readonly counters: CountersRepository;
  readonly visits: VisitsRepository;
  readonly billQuestions: BillQuestionsRepository;
  readonly settlements: SettlementsRepository;
  readonly claims: ClaimsRepository;
  readonly uploads: UploadsRepository;
  readonly payerReturns: PayerReturnsRepository;
  readonly remittances: RemittancesRepository;
  readonly differences: DifferencesRepository;
  readonly dayCloses: DayClosesRepository;
  readonly printJobs: PrintJobsRepository;
  readonly hospitalFiles: HospitalFilesRepository;
  readonly resultCalls: ResultCallsRepository;
  readonly pushSenders: PushSendersRepository;
  readonly intakeRefusals: IntakeRefusalsRepository;
  readonly packsInForce: PacksInForceRepository;
  readonly packActs: PackActsRepository;
  readonly scheduledJobs: ScheduledJobsRepository;
  readonly pageSessions: PageSessionsRepository;
  readonly identityQuestions: IdentityQuestionsRepository;
  readonly personQuestions: PersonQuestionsRepository;
  readonly personYears: PersonYearsRepository;
  readonly secondPerson: SecondPersonRepository;
  readonly businessDay: BusinessDayRepository;
  readonly users: UsersRepository;
  readonly audit: AuditRepository;
  readonly rowMarks: RowMarksRepository;
  readonly journal: JournalRepository;
  readonly replay: ReplayRepository;
  readonly takeover: TakeoverRepository;
  readonly verification: VerificationRepository;
  readonly parts: UnitParts;
};

/**
 * The data of one folder. `read` asks the read-only connection (lists and reports); `transact` runs one
 * immediate transaction on the writing connection: all of it is kept or nothing, and when it has answered
 * the data is on disk (`synchronous=FULL`). A unit of work without a `scope` is alone in the hospital; one with a
 * scope changes nothing but what the scope holds, and throws an `OutsideScopeError` where it would. A database that stays locked for longer than the busy timeout
 * makes both throw a `DatabaseBusyError`. Where the data is open for reading only, `transact` throws a
 * `ReadingOnlyError` before any of its work is done.
 */
export type Store = {
  /** Why nothing may be written now, from the start or since a newer program came; null: it may. */
  readingOnly(): ReadingOnly | null;
  /** Compares the books with what their folder remembers of them outside of the database, now. */
  compareWithAnchor(): AnchorFindings;
  /** Why no new work may begin although writing is allowed: the disk is nearly full. Null: there is room. */
  noRoom(): ReadingOnly | null;
  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /**
   * As `read`, on a connection that is opened for this work alone: what takes minutes sees one moment of the data and
   * keeps no list and no preview waiting. While it lasts SQLite cannot empty its log.
   */
  readApart<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  transact<T>(work: (repositories: Repositories) => Promise<T>, scope?: Scope): Promise<T>;
  /** Changes whenever any process changed the data: a page refetches, nothing is cached across it. */
  dataVersion(): Promise<number>;
  close(): Promise<void>;
};

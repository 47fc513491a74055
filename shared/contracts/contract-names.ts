/**
 * The names of all calls. The preload lets these through and nothing else, and it carries no zod, so the
 * names stand here alone; the type of `contracts` asks for a contract of each, and for no other.
 */
export const contractNames = [
  'desk:state',
  'visits:list-unsettled',
  'visits:find',
  'visits:fetch',
  'visits:bill-lines',
  'card:latest',
  'card:read',
  'card:scan',
  'card:confirm-person',
  'card:set-question-aside',
  'card:note-proxy',
  'settlement:preview',
  'settlement:settle-visit',
  'settlement:approve-business-date',
  'settlement:cancel',
  'settlement:show',
  'documents:print-again',
  'documents:answer-unknown-print',
  'documents:open-statement',
  'policies:list',
  'policies:show',
  'policies:calculate',
  'policies:compare',
  'policies:prepare',
  'policies:approve',
  'policies:withdraw',
  'policies:sheet',
  'replay:start',
  'replay:state',
  'replay:stop',
  'replay:export',
  'intake:overview',
  'intake:refused-files',
  'intake:retry-file',
  'intake:remove-file',
  'intake:changed-bills',
  'intake:changed-bill',
  'intake:keep-settlement',
  'intake:person-questions',
  'intake:answer-person',
  'intake:link-number',
  'intake:unlink-number',
  'intake:join-visit',
  'claims:overview',
  'claims:list',
  'claims:upload',
  'claims:stop-upload',
  'claims:ask-again',
  'claims:anew',
  'claims:not-booked',
  'demo:tray',
  'demo:use',
  'devices:list',
  'devices:test-read',
  'devices:stop-test-read',
  'devices:print-test-page',
  'second-person:list',
  'second-person:ask',
  'second-person:decide',
  'second-person:review',
  'second-person:take-back',
  'sessions:list',
  'sessions:end',
  'people:who',
  'people:sign-in',
  'people:lock',
  'people:change-password',
  'people:make-first',
  'people:list',
  'people:add',
  'people:change',
  'people:end',
  'people:reset-password',
  'people:unlock',
] as const;

export type ContractName = (typeof contractNames)[number];

/** What may have changed; an event carries the topic and a version, never data: the page asks again. */
export const eventTopics = [
  'card',
  'devices',
  'visits',
  'settlements',
  'print-jobs',
  'claims',
  'replay',
  'second-person',
  'sessions',
] as const;
export type EventTopic = (typeof eventTopics)[number];
export type DeskEvent = { readonly topic: EventTopic; readonly version: number };

/** What the page finds on `window.settlementWindow` in Electron; the host's page makes the same over HTTP. */
export type SettlementWindowBridge = {
  call(name: ContractName, input: unknown): Promise<unknown>;
  subscribe(listener: (event: DeskEvent) => void): () => void;
};

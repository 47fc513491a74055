/** What a migration may need to know of the folder it is run in. */
export type MigrationContext = { readonly windowId: string };

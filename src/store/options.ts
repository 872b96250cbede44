// How a store's file is opened; apart from the code that opens it, so that types need nothing of SQLite's.

export interface DatabaseOptions {
  /** For listing and reading: makes nothing and needs no right to write. */
  readonly readOnly?: boolean;
  /** How long to wait for another writer; default 5 s. */
  readonly patienceMilliseconds?: number;
}

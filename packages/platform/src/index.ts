export { assertServerUsable, type DatabaseConnection, type DatabaseOptions, openDatabase } from './database/connect.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './database/embedded/supervisor.ts'
export { migrate } from './database/migrate.ts'
export { type Migration, readMigrations } from './database/migrations.ts'
export { applicationLogin } from './database/session.ts'
export type { Database, Tables } from './database/tables.ts'
export { type Actor, type Grant, nobody, systemActor } from './door/actor.ts'
export type { Attendance, Authenticator, Hierarchy, ProvenSigner, Signer } from './door/ports.ts'
export type { SessionEffects, TerminalEffects, UnitOfWork } from './door/unit-of-work.ts'
export { callerOf } from './http/caller.ts'
export type { RawAnswer, RawRequest, RawRoute } from './http/raw-route.ts'
export { createHttpServer, type HttpConfig } from './http/server.ts'
export { canonicalJson } from './ledger/canonical-json.ts'
export { findHead } from './ledger/capture.ts'
export { findRecordRow, listRecordSteps, type RecordStep } from './ledger/record-history.ts'
export type { Module, RecordTables } from './module.ts'
export type { PlatformOptions } from './platform.ts'
export { type Ask, type Handler, Platform, type RunOptions } from './platform.ts'

export { type DirectorySettings, readDirectorySettings } from './directory/settings.ts'
export { type IdentityOptions, identityModule } from './module.ts'
export { permissionsOf } from './person/roles.ts'
export {
  ensureAdministrator,
  ensureMachineAccount,
  ensurePerson,
  type PendingActivation,
  recoverAdministrator,
} from './provision.ts'
export { type Standing, standingOf } from './qualification/rules.ts'
export { listOfPerson as listQualificationsOf } from './qualification/store.ts'
export { findPastSession, type PastSession } from './session/past.ts'
export type { SessionLimits } from './session/rules.ts'
export { readSingleSignOnSettings, type SingleSignOnSettings } from './single-sign-on/settings.ts'
export { stationOfSession } from './station/store.ts'

import type { Database } from '@throughline/platform'
import { findOutsideIdentity } from '../outside-person/store.ts'
import { findPersonById } from '../person/store.ts'
import type { PasswordWay } from '../signature/ways.ts'
import type { Directory } from './directory.ts'
import { isDirectoryPassword } from './sign-in.ts'

/** Signing by password, also by one that the directory keeps; asked there at the moment of signing. */
export function passwordsHereAndThere(db: Database, here: PasswordWay, directory: Directory | undefined): PasswordWay {
  if (directory === undefined) return here
  const source = `ldap:${directory.settings.name}`
  return {
    async isUsable(personId) {
      return (await here.isUsable(personId)) || (await findOutsideIdentity(db, personId))?.source === source
    },
    async isRight(personId, password) {
      if (await here.isRight(personId, password)) return true
      const known = await findPersonById(db, personId)
      return known !== undefined && (await isDirectoryPassword(db, directory, personId, known.person.name, password))
    },
  }
}

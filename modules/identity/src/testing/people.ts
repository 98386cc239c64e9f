import type { CurrentSession, Person, Role, RoleGrant } from '@throughline/model'
import { activatePerson, approvePerson, invitePerson, openSession } from '@throughline/model'
import type { Actor, SessionEffects } from '@throughline/platform'
import { nobody, Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import type { IdentityOptions } from '../module.ts'
import { identityModule } from '../module.ts'

export const password = 'correct horse battery'
export const identityChecked = 'badge office, passport seen'
export const reason = 'a reason of this test'
export const origin = '192.0.2.1'

export const plantWide = (role: Role): RoleGrant => ({ role, nodeId: null })
export const tokenOf = (path: string): string => path.split('#')[1] ?? ''

/** A platform with people alone, and somebody who invites and somebody else who approves. */
export interface People {
  readonly platform: Platform
  readonly database: TestDatabase
  readonly clock: HandClock
  readonly inviter: Actor
  readonly approver: Actor
  /** Invited by one, approved by another, with a password of their own. */
  active(name: string, grants?: RoleGrant[]): Promise<Person>
  signIn(name: string, device?: string, from?: string): Promise<{ session: CurrentSession; token: string }>
  /** Who the session speaks for at this moment. */
  by(token: string): Promise<Actor>
  close(): Promise<void>
}

export async function startPeople(options: IdentityOptions = {}): Promise<People> {
  const modules = [identityModule(options)]
  const database = await createTestDatabase({ modules })
  const clock = handClock('2026-11-22T08:00:00Z')
  const platform = await Platform.start(database.db, modules, clock, pino({ level: 'silent' }))
  const inviter = actorWith(['identity.person.read', 'identity.person.write', 'identity.machine-account.write'])
  const approver = actorWith(['identity.person.approve'])
  return {
    platform,
    database,
    clock,
    inviter,
    approver,
    async active(name, grants = [plantWide('operator')]) {
      const wanted = { name, printedName: name, grants, identityChecked }
      const { person, activation } = await platform.run(invitePerson, inviter, wanted)
      const link = activation ?? (await platform.run(approvePerson, approver, { personId: person.id })).activation
      await platform.run(activatePerson, nobody(origin), { token: tokenOf(link.path), password })
      return { ...person, state: 'active' }
    },
    async signIn(name, device, from = origin) {
      let token = ''
      const session: SessionEffects = {
        start(given) {
          token = given
        },
        end() {},
        ...(device === undefined ? {} : { device }),
      }
      const opened = await platform.run(openSession, nobody(from), { name, password }, { session })
      return { session: opened, token }
    },
    by: (token) => platform.authenticate({ session: token }, origin),
    async close() {
      await platform.stop()
      await database.close()
    },
  }
}

import type { Person, RecordRef, Role, Signature, SignatureMeaning, SignatureProof } from '@throughline/model'
import {
  approvePerson,
  invitePerson,
  prepareSignature,
  renamePerson,
  signaturePolicy,
  signRecord,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import type { IdentityOptions } from '../../module.ts'
import type { People } from '../../testing/people.ts'
import { identityChecked, origin, password, plantWide, reason, startPeople } from '../../testing/people.ts'

/** What is signed in these tests: records of people, which exist in every plant and can be changed again and again. */
signaturePolicy({
  record: 'identity.person',
  title: 'Person {printed_name}',
  read: 'identity.person.read',
  steps: [
    { meaning: 'reviewed', permission: 'identity.person.approve' },
    { meaning: 'approved', permission: 'identity.person.read' },
    { meaning: 'released', permission: 'identity.person.write' },
  ],
  authorMaySign: false,
})

/** Somebody at a screen, who may have signed in again meanwhile. */
export interface SignedIn {
  readonly person: Person
  readonly token: string
  readonly actor: Actor
}

export const both = (name: string): SignatureProof => ({ method: 'password', name, password })
export const secretAlone: SignatureProof = { method: 'password', password }
export const wrong = (name: string): SignatureProof => ({ method: 'password', name, password: 'not this one at all' })

/** People who sign records of other people. */
export interface Signing extends People {
  /** Changes everything that nobody in these tests signs for. */
  readonly author: Actor
  someone(name: string, ...roles: Role[]): Promise<SignedIn>
  /** The same person at a screen once more: a new session. */
  again(known: SignedIn, from?: string): Promise<SignedIn>
  /** The same session, from another network address. */
  from(known: SignedIn, address: string): Promise<SignedIn>
  /** A record to be signed, that nobody in these tests has made. */
  record(name: string): Promise<RecordRef>
  change(record: RecordRef, actor?: Actor): Promise<void>
  sign(who: SignedIn, record: RecordRef, meaning: SignatureMeaning, proof?: SignatureProof): Promise<Signature>
}

export async function startSigning(options: IdentityOptions = {}): Promise<Signing> {
  const people = await startPeople({ timeZone: async () => 'Europe/Berlin', ...options })
  const { platform } = people
  const author = actorWith(['identity.person.read', 'identity.person.write'])
  let changes = 0
  const enter = async (person: Person, from: string): Promise<SignedIn> => {
    const { token } = await people.signIn(person.name)
    return { person, token, actor: await platform.authenticate({ session: token }, from) }
  }
  return {
    ...people,
    author,
    async someone(name, ...roles) {
      return await enter(await people.active(name, roles.map(plantWide)), origin)
    },
    again: (known, from = origin) => enter(known.person, from),
    async from(known, address) {
      return { ...known, actor: await platform.authenticate({ session: known.token }, address) }
    },
    async record(name) {
      const wanted = { name, printedName: name, grants: [plantWide('operator')], identityChecked }
      const { person, activation } = await platform.run(invitePerson, author, wanted)
      if (activation === null) await platform.run(approvePerson, people.approver, { personId: person.id })
      return { kind: 'identity.person', id: person.id }
    },
    async change(record, actor = author) {
      const printedName = `Changed ${++changes}`
      await platform.run(renamePerson, actor, { personId: record.id, printedName, reason })
    },
    async sign(who, record, meaning, proof = both(who.person.name)) {
      const { current: shown } = await platform.run(prepareSignature, who.actor, { record })
      return await platform.run(signRecord, who.actor, { record, signature: { meaning, reason, shown, proof } })
    },
  }
}

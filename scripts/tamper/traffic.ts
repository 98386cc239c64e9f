import type { Operation, Person } from '@throughline/model'
import {
  activatePerson,
  applyModel,
  draftClass,
  invitePerson,
  listNodes,
  listOperations,
  listPersons,
  listTags,
  openSession,
  permissions,
  prepareSignature,
  roles,
  signRecord,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { nobody, systemActor } from '@throughline/platform'
import type { HandClock } from '@throughline/testkit'
import { actorWith, pumpPlant, RandomInput, setUpPump } from '@throughline/testkit'

const words = [
  'pump',
  'ada',
  'grace',
  'L/min',
  'Europe/Berlin',
  'the reason why',
  'operator',
  'a long enough password',
  '06:00',
  '2026-11-22',
]
const password = 'a long enough password'
const longestPauseMs = 5000

/** Sends requests of every kind that is offered; most are refused, which leaves entries as well. */
export class Traffic {
  readonly #platform: Platform
  readonly #clock: HandClock
  readonly #draw: (below: number) => number
  readonly #made: RandomInput
  readonly #caller = actorWith(permissions)
  readonly #changing: readonly Operation[]

  constructor(platform: Platform, clock: HandClock, draw: (below: number) => number) {
    this.#platform = platform
    this.#clock = clock
    this.#draw = draw
    this.#made = new RandomInput(draw, words, () => clock.now())
    const offered = new Set(platform.operations().map(({ operation }) => operation.name))
    this.#changing = listOperations().filter(({ name, mutates }) => mutates && offered.has(name))
  }

  /** The plant that the requests are about. */
  async build(): Promise<void> {
    const system = systemActor('tamper')
    await this.#platform.run(applyModel, system, { format: 'yaml', text: pumpPlant(this.#draw(4)) })
    await this.#platform.idle()
    for (const [answer, operation] of await setUpPump(this.#platform, system)) this.#made.hear(answer, operation)
  }

  async send(requests: number): Promise<void> {
    const system = systemActor('tamper')
    for (let count = 0; count < requests; count += 1) {
      this.#clock.advanceMs(this.#draw(longestPauseMs))
      const operation = this.#changing[this.#draw(this.#changing.length)] as Operation
      const isModel = operation.name === applyModel.name || this.#draw(8) === 0
      const asked: [Operation, unknown] = isModel
        ? [applyModel, { format: 'yaml', text: pumpPlant(this.#draw(4)) }]
        : [operation, this.#made.for(operation)]
      // A refusal is what most of them come to.
      const answer = await this.#platform.runByName(asked[0].name, this.#caller, asked[1]).catch(() => undefined)
      if (answer === undefined) continue
      this.#made.hear(answer, asked[0])
      for (const list of [listNodes, listTags, listPersons]) {
        this.#made.hear(await this.#platform.runByName(list.name, system, {}), list)
      }
    }
    await this.#platform.idle()
  }

  /** Somebody who may signs a new equipment class. */
  async sign(name: string): Promise<void> {
    const platform = this.#platform
    const system = systemActor('tamper')
    const drafted = await platform.run(draftClass, system, { name: `signed-by-${name}`, tags: [] })
    const record = { kind: 'equipment.class_version', id: drafted.id }
    const signer = await this.#signIn(name)
    const { current: shown } = await platform.run(prepareSignature, signer, { record })
    const proof = { method: 'password', name, password } as const
    const signature = { meaning: 'approved', reason: 'as it was asked for', shown, proof } as const
    await platform.run(signRecord, signer, { record, signature })
  }

  async #signIn(name: Person['name']) {
    const platform = this.#platform
    const held = roles.filter((role) => role !== 'edge-agent').map((role) => ({ role, nodeId: null }))
    const invited = await platform.run(invitePerson, systemActor('tamper'), {
      name,
      printedName: `${name} who signs`,
      grants: held,
      identityChecked: 'passport seen',
    })
    const token = invited.activation?.path.split('#')[1] ?? ''
    await platform.run(activatePerson, nobody(null), { token, password })
    let session = ''
    const effects = {
      start: (given: string) => {
        session = given
      },
      end: () => {},
    }
    await platform.run(openSession, nobody(null), { name, password }, { session: effects })
    return await platform.authenticate({ session }, null)
  }
}
